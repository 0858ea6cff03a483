package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Hook;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.testkit.apiserver.Verb;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Moves of a simulated machine with hooks around them. */
final class HookedMoveTest {

  private static final Hook HOOK =
      new Hook(
          "warn-users",
          "registry.example/hook:1",
          List.of("run", "it"),
          "- hosts: all",
          "hooks",
          Duration.ofMinutes(40),
          Hook.OnFailure.ABORT);

  @Test
  void runsBeforeAndAfterTheMoveAndIsNotStartedTwiceByARestart() {
    try (MigrationRig rig = rig(HOOK, HOOK)) {
      rig.runToPhase("PreHook");
      rig.runUntil("hook", status -> job(rig, HookStage.PRE) != null);
      rig.restart();
      rig.idle(Duration.ofMinutes(20));
      end(rig, HookStage.PRE, "Complete");
      rig.runUntil("post hook", status -> job(rig, HookStage.POST) != null);
      assertThat(rig.running()).containsExactly(Side.TARGET);
      end(rig, HookStage.POST, "Complete");

      MoveTest.assertMoved(rig, rig.run(), "Always");
      assertThat(
              rig.clusters
                  .requests(Side.SOURCE)
                  .matching(
                      request ->
                          request.resource().equals("jobs") && request.verb() == Verb.CREATE))
          .hasSize(2);
    }
  }

  @Test
  void mountsTheFactsAndTheTextAndHasTheHooksDeadline() {
    try (MigrationRig rig = rig(HOOK, null)) {
      rig.runUntil("hook", status -> job(rig, HookStage.PRE) != null);

      Map<String, Object> spec =
          Tree.map(job(rig, HookStage.PRE).getAdditionalProperties(), "spec");
      Map<String, Object> pod = Tree.map(spec, "template", "spec");
      String name = Names.of(rig.plan, rig.plan.vms().get(0)).hook(HookStage.PRE);
      Map<String, Object> data =
          Tree.map(
              rig.get(Side.SOURCE, Kind.CONFIG_MAP, name).orElseThrow().getAdditionalProperties(),
              "data");

      assertThat(Tree.text(spec, "activeDeadlineSeconds")).contains("2400");
      assertThat(Tree.text(spec, "backoffLimit")).contains("0");
      assertThat(Tree.text(pod, "serviceAccountName")).contains("hooks");
      assertThat(Tree.maps(pod, "containers").get(0))
          .containsEntry("image", "registry.example/hook:1")
          .containsEntry("command", List.of("run", "it"));
      assertThat(Tree.text(data, HookJob.PLAYBOOK_FILE)).contains("- hosts: all");
      assertThat(Tree.text(data, HookJob.FACTS_FILE).orElseThrow())
          .contains("\"plan\"")
          .contains("\"stage\":\"PRE\"");
    }
  }

  @Test
  void aFailedHookBeforeTheMoveAbortsIt() {
    try (MigrationRig rig = rig(HOOK, null)) {
      rig.runUntil("hook", status -> job(rig, HookStage.PRE) != null);
      end(rig, HookStage.PRE, "Failed");

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().message()).contains("warn-users").contains("BackoffLimitExceeded");
      assertThat(rig.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void aFailedHookAfterTheMoveIsAWarning() {
    try (MigrationRig rig = rig(null, HOOK)) {
      rig.runUntil("post hook", status -> job(rig, HookStage.POST) != null);
      end(rig, HookStage.POST, "Failed");

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("warn-users"));
    }
  }

  @Test
  void aJobThatVanishedIsNotStartedAgain() {
    try (MigrationRig rig = rig(HOOK, null)) {
      rig.runUntil("hook", status -> status.fact("hook.pre.started").isPresent());
      String name = Names.of(rig.plan, rig.plan.vms().get(0)).hook(HookStage.PRE);
      rig.delete(Side.SOURCE, Kind.JOB, name);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(rig.get(Side.SOURCE, Kind.JOB, name)).isEmpty();
    }
  }

  private static MigrationRig rig(Hook pre, Hook post) {
    MigrationRig rig = new MigrationRig().booted();
    rig.settings =
        (MigrationRunner.Builder builder) ->
            builder.hooks(
                new JobHookRunner(rig.clusters.client(Side.SOURCE), MigrationRig.NAMESPACE));
    PlannedVm vm = rig.plan.vms().get(0).withHooks(pre, post);
    rig.replaceVm(vm);
    return rig;
  }

  private static GenericKubernetesResource job(MigrationRig rig, HookStage stage) {
    String name = Names.of(rig.plan, rig.plan.vms().get(0)).hook(stage);
    return rig.get(Side.SOURCE, Kind.JOB, name).orElse(null);
  }

  private static void end(MigrationRig rig, HookStage stage, String condition) {
    GenericKubernetesResource job = job(rig, stage);
    job.setAdditionalProperty(
        "status",
        Map.of(
            "conditions",
            List.of(
                Map.of(
                    "type",
                    condition,
                    "status",
                    "True",
                    "reason",
                    condition.equals("Failed") ? "BackoffLimitExceeded" : "Done",
                    "message",
                    "Job ended."))));
    rig.clusters
        .actorClient(Side.SOURCE)
        .genericKubernetesResources(Kind.JOB.context())
        .inNamespace(MigrationRig.NAMESPACE)
        .resource(job)
        .updateStatus();
  }
}
