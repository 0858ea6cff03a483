package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import dev.migrator.model.Hook;
import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobHookRunnerTest {

  private HookFixture bench = bench(HookStage.PRE, OnFailure.ABORT);

  private static HookFixture bench(HookStage stage, OnFailure onFailure) {
    return new HookFixture(HookFixture.plan(stage, HookFixture.hook(onFailure)));
  }

  private void use(HookStage stage, OnFailure onFailure) {
    bench.close();
    bench = bench(stage, onFailure);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void theJobIsWhatTheHookAsksFor() {
    bench.turn();

    Job job = bench.job();
    assertThat(job.getMetadata().getName()).startsWith("web-pre-hook-");
    assertThat(job.getMetadata().getAnnotations())
        .containsEntry("migrator.dev/origin", "plan p, run 1, VM demo/web");
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getPodReplacementPolicy()).isEqualTo("Failed");
    assertThat(job.getSpec().getActiveDeadlineSeconds())
        .isEqualTo(HookFixture.DEADLINE.toSeconds());
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(7 * 24 * 60 * 60);
    assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(job.getSpec().getTemplate().getSpec().getServiceAccountName()).isEqualTo("backups");
    Container container = job.getSpec().getTemplate().getSpec().getContainers().get(0);
    assertThat(container.getImage()).isEqualTo("registry.example/backup:1");
    assertThat(container.getCommand()).containsExactly("/run", "--all");
    assertThat(container.getVolumeMounts().get(0).getMountPath()).isEqualTo("/etc/migrator");
    assertThat(container.getEnv())
        .extracting(env -> env.getName() + "=" + env.getValue())
        .containsExactly(
            "MIGRATOR_PLAN=p",
            "MIGRATOR_STAGE=PRE",
            "MIGRATOR_SOURCE_VM=demo/web",
            "MIGRATOR_TARGET_VM=prod/web");
    assertThat(job.getSpec().getSuspend()).isFalse();
  }

  @Test
  void aHookWithoutAServiceAccountGetsNoRightsAtAll() {
    Hook plain = new Hook("h", "i", List.of(), null, null, Duration.ofMillis(1), OnFailure.ABORT);
    bench.plan = HookFixture.plan(HookStage.PRE, plain);
    bench.turn();

    Job job = bench.job();
    assertThat(job.getSpec().getTemplate().getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(job.getSpec().getTemplate().getSpec().getContainers().get(0).getCommand()).isEmpty();
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(1);
    assertThat(mounted().getData()).containsOnlyKeys("facts.json");
  }

  @Test
  void theMountedFilesBelongToTheJobAndSayWhatIsMoved() {
    bench.turn();

    ConfigMap mounted = mounted();
    assertThat(mounted.getMetadata().getOwnerReferences())
        .extracting(owner -> owner.getKind() + " " + owner.getUid())
        .containsExactly("Job " + bench.job().getMetadata().getUid());
    assertThat(mounted.getData()).containsEntry("playbook.yml", "- hosts: all");
    assertThat(facts(mounted))
        .isEqualTo(
            Map.of(
                "formatVersion", 1,
                "plan", "p",
                "run", "1",
                "hook", "backup",
                "stage", "PRE",
                "source", Map.of("endpoint", "east", "namespace", "demo", "name", "web"),
                "target", Map.of("endpoint", "west", "namespace", "prod", "name", "web")));
  }

  @Test
  void aPostHookAlsoLearnsWhatWasMade() {
    use(HookStage.POST, OnFailure.WARN);
    bench.turn();

    assertThat(facts(mounted()))
        .containsEntry("stage", "POST")
        .containsEntry("handedOver", bench.clock.instant().toString())
        .containsEntry(
            "objects",
            List.of(
                Map.of(
                    "side", "TARGET",
                    "apiVersion", "kubevirt.io/v1",
                    "kind", "VirtualMachine",
                    "namespace", "prod",
                    "name", "web")))
        .extractingByKey("facts")
        .asInstanceOf(map(String.class, String.class))
        .containsEntry("target.node", "n1");
  }

  @Test
  void theMachineGoesOnWhenTheJobIsComplete() {
    bench.turn();
    bench.startJobs();
    bench.complete();
    bench.clock.advance(Duration.ofSeconds(10));

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.status(HookFixture.WEB).warnings()).isEmpty();
  }

  @Test
  void aFailureIsToldInTheClustersWords() {
    bench.turn();
    bench.startJobs();
    bench.pod(
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(3)
            .withReason("Error")
            .withMessage("password=s3cret")
            .endTerminated()
            .build());
    bench.fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    VmStatus status = bench.status(HookFixture.WEB);
    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message())
        .startsWith("Hook 'backup' failed: Job hooks/web-pre-hook-")
        .contains("BackoffLimitExceeded: Job has reached the specified backoff limit")
        .contains("its container ended with exit code 3 (Error)")
        .contains("kubectl -n hooks logs job/web-pre-hook-")
        .doesNotContain("s3cret");
  }

  @Test
  void aFailedPostHookIsAWarning() {
    use(HookStage.POST, OnFailure.ABORT);
    bench.turn();
    bench.startJobs();
    bench.fail("DeadlineExceeded", "Job was active longer than specified deadline");
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.status(HookFixture.WEB).warnings())
        .singleElement()
        .asString()
        .contains("DeadlineExceeded");
  }

  @Test
  void peopleSeeWhyAPodDoesNotRun() {
    bench.turn();
    bench.pod(
        new ContainerStateBuilder().withNewWaiting("Back-off pulling", "ImagePullBackOff").build());
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).waiting().reason())
        .contains("ImagePullBackOff: Back-off pulling");
  }

  @Test
  void aJobThatVanishedIsAFailureAndNotStartedAgain() {
    bench.turn();
    bench.startJobs();
    bench.clusters.actorClient(Side.SOURCE).resource(bench.job()).delete();
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.FAILED);
    assertThat(bench.status(HookFixture.WEB).failure().message())
        .contains("is gone")
        .contains("It is not started again");
    assertThat(bench.jobs()).isEmpty();
  }

  @Test
  void aJobOfTheSameNameThatSomebodyElseMadeIsNotFollowed() {
    bench.turn();
    Job ours = bench.job();
    bench.clusters.actorClient(Side.SOURCE).resource(ours).delete();
    Job theirs =
        new JobBuilder(ours)
            .editMetadata()
            .withUid(null)
            .withResourceVersion(null)
            .endMetadata()
            .build();
    create(theirs);
    bench.complete();
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.FAILED);
  }

  private ObjectMeta atTheHooksName() {
    return new ObjectMetaBuilder()
        .withNamespace(HookFixture.NAMESPACE)
        .withName(
            Names.of(bench.plan, bench.plan.vm(HookFixture.WEB).orElseThrow()).hook(HookStage.PRE))
        .build();
  }

  private void create(HasMetadata object) {
    bench.clusters.actorClient(Side.SOURCE).resource(object).create();
  }

  @Test
  void aForeignJobAtTheNameIsACollision() {
    create(new JobBuilder().withMetadata(atTheHooksName()).build());
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).failure().message())
        .contains("was not made for this hook");
    assertThat(bench.job().getMetadata().getLabels()).isNullOrEmpty();
  }

  @Test
  @DisplayName("When its files cannot be mounted, the Job that never ran is taken back")
  void aJobThatCannotRunIsTakenBack() {
    create(new ConfigMapBuilder().withMetadata(atTheHooksName()).build());
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).failure().message())
        .contains("ConfigMap hooks/web-pre-hook-")
        .contains("was not made for this hook");
    assertThat(bench.jobs()).isEmpty();
  }

  @Test
  void aPlaybookThatDoesNotFitIsRefusedBeforeAnythingIsMade() {
    Hook large =
        new Hook(
            "h", "i", List.of(), "x".repeat(1_000_001), null, Duration.ofHours(1), OnFailure.ABORT);
    bench.plan = HookFixture.plan(HookStage.PRE, large);
    bench.turn();

    assertThat(bench.status(HookFixture.WEB).failure().message())
        .contains("a ConfigMap can hold 1000000")
        .doesNotContain("xxx");
    assertThat(bench.jobs()).isEmpty();
  }

  @Test
  void aClusterThatRunsNoJobsIsNotWaitedForForEver() {
    Instant began = bench.clock.instant();
    Optional<Instant> next = bench.turn();
    while (next.isPresent()) {
      bench.clock.advanceTo(next.get());
      next = bench.turn();
    }

    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.FAILED);
    assertThat(bench.status(HookFixture.WEB).failure().message()).contains("Hook 'backup' failed");
    assertThat(Duration.between(began, bench.clock.instant()))
        .isEqualTo(HookFixture.DEADLINE.plusMinutes(2));
  }

  @Test
  void aJobThatAPersonSuspendsIsNotResumedAgainstTheirWill() {
    bench.turn();
    bench.startJobs();
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();
    bench
        .clusters
        .actorClient(Side.SOURCE)
        .resource(bench.job())
        .edit(job -> new JobBuilder(job).editSpec().withSuspend(true).endSpec().build());
    bench.clock.advance(Duration.ofSeconds(10));
    bench.turn();

    assertThat(bench.job().getSpec().getSuspend()).isTrue();
    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.RUNNING);
  }

  @Test
  void everyLostAnswerIsRiddenThrough() {
    for (int lost = 1; lost <= 5; lost++) {
      use(HookStage.PRE, OnFailure.ABORT);
      int call = lost;
      bench.clusters.faults(
          Side.SOURCE,
          new FaultHook() {
            @Override
            public Fault after(ApiRequest request, int code) {
              return request.number() == call ? Fault.drop() : Fault.NONE;
            }
          });
      for (int i = 0; i < 20 && bench.startedUids.isEmpty(); i++) {
        bench.clock.advanceTo(bench.turn().orElseThrow());
        bench.startJobs();
      }
      bench.complete();
      bench.clock.advanceTo(bench.turn().orElse(bench.clock.instant()));
      bench.turn();

      assertThat(bench.status(HookFixture.WEB).state())
          .as("call " + lost)
          .isEqualTo(VmState.SUCCEEDED);
      assertThat(bench.startedUids).hasSize(1);
    }
  }

  private ConfigMap mounted() {
    return bench
        .clusters
        .actorClient(Side.SOURCE)
        .configMaps()
        .inNamespace(HookFixture.NAMESPACE)
        .withName(bench.job().getMetadata().getName())
        .get();
  }

  @SuppressWarnings("unchecked") // JSON has no other keys than text.
  private static Map<String, Object> facts(ConfigMap mounted) {
    return new KubernetesSerialization().unmarshal(mounted.getData().get("facts.json"), Map.class);
  }
}
