package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.Limits;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What people lost machines, or days, by with other orchestrators; each with the outcome that it
 * must have here. {@link HeadToHeadVmTest} has those that concern one machine's content.
 *
 * <p>Two of the list are elsewhere, because they need more than a move: a role that lacks a verb is
 * named by preflight, and a machine that goes there and back again.
 */
final class HeadToHeadTest {

  private static final Duration FORTY_MINUTES = Duration.ofMinutes(40);

  @Test
  void theMachineIsKeptWhenItsPostHookFailsAndThePlanIsArchived() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.settings =
          builder ->
              builder.hooks(
                  (context, stage, hook) -> PhaseOutcome.fail("HookFailed", "exit code 1"));
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).withHooks(null, hook(Hook.OnFailure.ABORT)));

      VmStatus end = rig.run();
      rig.runner().forget(rig.plan.id());
      rig.restart();
      rig.idle(Duration.ofHours(1));

      MoveTest.assertMoved(rig, end, "Always");
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("exit code 1"));
      assertThat(rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)).isPresent();
    }
  }

  @Test
  void nineOfTenMoveWhenOneAlwaysFails() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      many(rig, 9);
      rig.world.source().hold(Switch.FAIL_SOURCE, MigrationRig.NAMESPACE + "/vm-4");

      List<VmStatus> ends = runAll(rig);

      assertThat(ends)
          .filteredOn(end -> end.state() == VmState.FAILED)
          .extracting(end -> end.vm().name())
          .containsExactly("vm-4");
      assertThat(ends).filteredOn(end -> end.state() == VmState.SUCCEEDED).hasSize(9);
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void twoMachinesShareAnInstanceTypeAndASecretAndBothMove() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample =
          SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME)
              .disk("d0", "1Gi")
              .instancetype("two", "linux")
              .cloudInit("users", "#cloud-config");
      rig.booted();
      SampleVm other = SampleVm.of(MigrationRig.NAMESPACE, "other").disk("d0", "1Gi");
      other.volume(
          "cloudinit", Map.of("cloudInitNoCloud", Map.of("secretRef", Map.of("name", "users"))));
      other.create(rig.clusters, Side.SOURCE);
      rig.edit(Side.SOURCE, vm -> share(rig, vm));
      rig.simulator.runUntil("both run", () -> rig.simulator.oracles().guests().size() == 2);
      rig.plan =
          rig.plan.toBuilder()
              .vm(MigrationRig.NAMESPACE, "other")
              .settings(Map.of("instancetypes", "copy"))
              .build();

      List<VmStatus> ends = runAll(rig);

      assertThat(ends).hasSize(2).allMatch(end -> end.state() == VmState.SUCCEEDED);
      assertThat(rig.running()).containsExactly(Side.TARGET, Side.TARGET);
      assertThat(rig.get(Side.TARGET, Kind.INSTANCETYPE, "two")).isPresent();
      assertThat(rig.get(Side.TARGET, Kind.SECRET, "users")).isPresent();
    }
  }

  /** The other machine takes the first one's instance type. */
  private static void share(MigrationRig rig, GenericKubernetesResource first) {
    Object type = Tree.at(first.getAdditionalProperties(), "spec", "instancetype");
    GenericKubernetesResource other =
        rig.get(Side.SOURCE, Kind.VIRTUAL_MACHINE, "other").orElseThrow();
    Map<String, Object> domain =
        Tree.ensure(other.getAdditionalProperties(), "spec", "template", "spec", "domain");
    domain.remove("cpu");
    domain.remove("memory");
    Tree.put(other.getAdditionalProperties(), type, "spec", "instancetype");
    rig.clusters
        .actorClient(Side.SOURCE)
        .genericKubernetesResources(Kind.VIRTUAL_MACHINE.context())
        .inNamespace(MigrationRig.NAMESPACE)
        .resource(other)
        .update();
  }

  @Test
  void neverMoreThanTwentyReceiversOfTwoHundredMachines() {
    boolean all = Boolean.getBoolean("migrator.exhaustive");
    int machines = all ? 200 : 16;
    int limit = all ? 20 : 4;
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.settings = builder -> builder.limits(new Limits(limit, limit));
      many(rig, machines - 1);
      AtomicInteger most = new AtomicInteger();
      rig.bystander = () -> most.accumulateAndGet(receivers(rig), Math::max);

      List<VmStatus> ends = runAll(rig);

      assertThat(ends).hasSize(machines).allMatch(end -> end.state() == VmState.SUCCEEDED);
      assertThat(most.get()).isBetween(2, limit);
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }

  private static int receivers(MigrationRig rig) {
    return (int)
        new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
            .list(Kind.VIRTUAL_MACHINE, MigrationRig.NAMESPACE, Map.of()).stream()
                .map(VmView::new)
                .filter(vm -> vm.runStrategy().equals(Receiver.WAIT_AS_RECEIVER))
                .count();
  }

  @Test
  void aHookOfFortyMinutesDelaysNobodyAndIsNotStartedTwiceByARestart() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      SampleVm.of(MigrationRig.NAMESPACE, "plain").disk("d0", "1Gi").boot(rig.simulator);
      Map<VmRef, Instant> started = new java.util.HashMap<>();
      AtomicInteger starts = new AtomicInteger();
      rig.settings =
          builder ->
              builder.hooks(
                  (context, stage, hook) -> {
                    assertThat(stage).isEqualTo(HookStage.PRE);
                    Instant since =
                        started.computeIfAbsent(
                            context.vm().source(),
                            vm -> {
                              starts.incrementAndGet();
                              return rig.clock.instant();
                            });
                    return rig.clock.instant().isBefore(since.plus(FORTY_MINUTES))
                        ? PhaseOutcome.await("hook", Duration.ofMinutes(1), "The hook runs.")
                        : PhaseOutcome.advance();
                  });
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).withHooks(hook(Hook.OnFailure.ABORT), null));
      rig.plan = rig.plan.toBuilder().vm(MigrationRig.NAMESPACE, "plain").build();
      Instant begun = rig.clock.instant();

      rig.runUntil("the other has moved", status -> of(rig, "plain").state().isFinal());
      assertThat(of(rig, "plain").state()).isEqualTo(VmState.SUCCEEDED);
      assertThat(Duration.between(begun, rig.clock.instant())).isLessThan(Duration.ofMinutes(2));
      rig.restart();
      assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);

      assertThat(rig.running()).containsExactly(Side.TARGET, Side.TARGET);
      assertThat(starts).hasValue(1);
      assertThat(Duration.between(begun, rig.clock.instant())).isGreaterThan(FORTY_MINUTES);
    }
  }

  @Test
  void aRerunRightAfterAFailureWaitsForWhatIsStillTerminating() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.source().hold(Switch.FAIL_SOURCE);
      rig.runUntil("claim", status -> rig.get(Side.TARGET, Kind.PVC, "web-d0").isPresent());
      finalizers(rig, List.of("example.com/backup"));
      VmStatus failed = rig.run();
      assertThat(failed.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(failed.failure().message()).contains("web-d0");

      rig.world.source().release(Switch.FAIL_SOURCE);
      rig.again();
      Instant released = rig.clock.instant().plus(Duration.ofMinutes(3));
      rig.bystander =
          () -> {
            boolean there = rig.get(Side.TARGET, Kind.PVC, "web-d0").isPresent();
            if (there && !rig.clock.instant().isBefore(released)) {
              finalizers(rig, List.of());
              rig.bystander = () -> {};
            }
          };

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  private static void finalizers(MigrationRig rig, List<String> finalizers) {
    rig.clusters
        .actorClient(Side.TARGET)
        .persistentVolumeClaims()
        .inNamespace(MigrationRig.NAMESPACE)
        .withName("web-d0")
        .edit(
            claim -> {
              claim.getMetadata().setFinalizers(finalizers);
              return claim;
            });
  }

  @Test
  void aReceiverThatNoNodeTakesFailsInTheSchedulersWordsAndIsRolledBack() {
    Scenarios.play("unschedulable");
  }

  @Test
  void aSynchronizationThatNeverStartsFailsAtTheDeadlineInKubeVirtsWords() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.cutLink(true);
      Instant before = rig.clock.instant();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("i/o timeout");
      assertThat(Duration.between(before, rig.clock.instant())).isLessThan(Duration.ofMinutes(4));
    }
  }

  @Test
  void aSettingThatIsEditedMidRunHasNoEffect() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("CreateStandbyVM");
      rig.plan =
          rig.plan.toBuilder()
              .settings(Map.of("restoreRunStrategy", "Manual", "connectUrl", "10.9.9.9:9185"))
              .build();

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  private static Hook hook(Hook.OnFailure onFailure) {
    return new Hook(
        "check", "registry.invalid/check:1", List.of(), null, null, Duration.ofHours(1), onFailure);
  }

  /** More machines, called {@code vm-0} and on, in the same plan. */
  private static void many(MigrationRig rig, int count) {
    MigrationPlan.Builder plan = rig.plan.toBuilder();
    for (int i = 0; i < count; i++) {
      SampleVm.of(MigrationRig.NAMESPACE, "vm-" + i)
          .disk("d0", "1Gi")
          .create(rig.clusters, Side.SOURCE);
      plan.vm(MigrationRig.NAMESPACE, "vm-" + i);
    }
    rig.simulator.runUntil("all run", () -> rig.simulator.oracles().guests().size() == count + 1);
    rig.plan = plan.build();
  }

  private static List<VmStatus> runAll(MigrationRig rig) {
    rig.runUntil(
        "all ended",
        status -> {
          List<VmStatus> all = rig.store.load(rig.plan.id());
          return all.size() == rig.plan.vms().size()
              && all.stream().allMatch(each -> each.state().isFinal());
        });
    return new ArrayList<>(rig.store.load(rig.plan.id()));
  }

  private static VmStatus of(MigrationRig rig, String name) {
    return rig.store.load(rig.plan.id()).stream()
        .filter(status -> status.vm().name().equals(name))
        .findFirst()
        .orElseGet(() -> VmStatus.pending(rig.plan, rig.plan.vms().get(0)));
  }
}
