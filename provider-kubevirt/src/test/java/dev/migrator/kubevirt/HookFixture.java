package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.core.SharedFlows;
import dev.migrator.model.Endpoint;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** A runner whose machines have hooks, an embedded cluster for the Jobs, and who plays its part. */
final class HookFixture implements AutoCloseable {

  static final String NAMESPACE = "hooks";
  static final VmRef WEB = new VmRef("demo", "web");
  static final VmRef PLAIN = new VmRef("demo", "plain");
  static final Duration DEADLINE = Duration.ofMinutes(45);

  final ManualClock clock = new ManualClock();
  final EmbeddedClusters clusters = EmbeddedClusters.start(clock);
  final Set<String> startedUids = new LinkedHashSet<>();
  final List<String> woken = new ArrayList<>();
  final AtomicBoolean asked = new AtomicBoolean();
  StatusStore store = new InMemoryStatusStore();
  MigrationPlan plan;
  JobHookRunner hooks;
  MigrationRunner runner;

  HookFixture(MigrationPlan plan) {
    this.plan = plan;
    clusters.createNamespace(NAMESPACE);
    start();
  }

  static Hook hook(Hook.OnFailure onFailure) {
    return new Hook(
        "backup",
        "registry.example/backup:1",
        List.of("/run", "--all"),
        "- hosts: all",
        "backups",
        DEADLINE,
        onFailure);
  }

  /** One machine with a hook in the stage. */
  static MigrationPlan plan(HookStage stage, Hook hook) {
    PlannedVm vm = PlannedVm.of(WEB).to(new VmRef("prod", "web"));
    return MigrationPlan.builder("p", Endpoint.of("x", "east"), Endpoint.of("x", "west"))
        .type(MigrationType.COLD)
        .vm(stage == HookStage.PRE ? vm.withHooks(hook, null) : vm.withHooks(null, hook))
        .build();
  }

  /** The process under test begins, maybe anew. */
  void start() {
    hooks = new JobHookRunner(clusters.client(Side.SOURCE), NAMESPACE);
    runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of())
            .sharedFlows(
                SharedFlows.standard()
                    .itinerary(
                        MigrationType.COLD,
                        Itinerary.of(
                            Phase.shared(SharedFlows.STARTED, "Initialize"),
                            Phase.shared(SharedFlows.PRE_HOOK, "PreHook"),
                            Phase.of("Move", "Move", context -> moved()),
                            Phase.shared(SharedFlows.POST_HOOK, "PostHook"),
                            Phase.shared(SharedFlows.COMPLETED, "Finalize"))))
            .hooks(hooks)
            .clock(clock)
            .store(store)
            .wakeUp(
                woke -> {
                  woken.add(woke);
                  asked.set(true);
                })
            .build();
  }

  void restart() {
    clusters.restartClients();
    start();
  }

  Optional<Instant> turn() {
    return runner.turn(plan);
  }

  VmStatus status(VmRef vm) {
    return store.load(plan.id()).stream()
        .filter(it -> it.vm().equals(vm))
        .findFirst()
        .orElseThrow();
  }

  List<Job> jobs() {
    return clusters
        .actorClient(Side.SOURCE)
        .batch()
        .v1()
        .jobs()
        .inNamespace(NAMESPACE)
        .list()
        .getItems();
  }

  Job job() {
    List<Job> jobs = jobs();
    if (jobs.size() != 1) {
      throw new AssertionError("Expected one Job, there are " + jobs);
    }
    return jobs.get(0);
  }

  /** The Job controller and the kubelet: whatever may run is started now. */
  void startJobs() {
    for (Job job : jobs()) {
      if (!Boolean.TRUE.equals(job.getSpec().getSuspend())
          && startedUids.add(job.getMetadata().getUid())) {
        status(job, it -> it.withActive(1).withReady(1).withStartTime(clock.instant().toString()));
      }
    }
  }

  void complete() {
    status(
        job(),
        it ->
            it.withActive(0)
                .withSucceeded(1)
                .addNewCondition()
                .withType("Complete")
                .withStatus("True")
                .endCondition());
  }

  void fail(String reason, String message) {
    status(
        job(),
        it ->
            it.withActive(0)
                .withFailed(1)
                .addNewCondition()
                .withType("Failed")
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .endCondition());
  }

  void status(Job job, UnaryOperator<JobStatusBuilder> change) {
    JobStatusBuilder status =
        job.getStatus() == null ? new JobStatusBuilder() : new JobStatusBuilder(job.getStatus());
    clusters
        .actorClient(Side.SOURCE)
        .resource(new JobBuilder(job).withStatus(change.apply(status).build()).build())
        .updateStatus();
  }

  /** A pod of the Job whose container is in a state. */
  void pod(ContainerState state) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(job().getMetadata().getName() + "-abcde")
            .withLabels(job().getSpec().getTemplate().getMetadata().getLabels())
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("hook")
            .withImage("i")
            .endContainer()
            .endSpec()
            .withNewStatus()
            .addNewContainerStatus()
            .withName("hook")
            .withState(state)
            .endContainerStatus()
            .endStatus()
            .build();
    clusters.actorClient(Side.SOURCE).resource(pod).create();
    clusters.actorClient(Side.SOURCE).resource(pod).updateStatus();
  }

  private static PhaseOutcome moved() {
    return PhaseOutcome.advance(
        Notes.none()
            .withHandOver()
            .fact("target.node", "n1")
            .created(
                new ObjectRef(
                    Side.TARGET, "kubevirt.io/v1", "VirtualMachine", "prod", "web", "u-1")));
  }

  @Override
  public void close() {
    runner.close();
    hooks.close();
    clusters.close();
  }
}
