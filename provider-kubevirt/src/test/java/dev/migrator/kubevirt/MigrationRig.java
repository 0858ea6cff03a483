package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.AccessRule;
import dev.migrator.testkit.apiserver.SimulatedCrash;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.Guest;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Everything that a deterministic run needs: two embedded clusters, the simulator, a runner with
 * this provider, and one clock that only this rig moves.
 *
 * <p>A run alternates: the simulated controllers come to rest, then the runner takes a turn; when
 * neither has anything to do, the clock goes to the next instant at which either has.
 */
final class MigrationRig implements AutoCloseable {

  static final String NAMESPACE = "ns";
  static final String NAME = "web";
  static final VmRef VM = new VmRef(NAMESPACE, NAME);

  private static final Duration LONGEST = Duration.ofHours(3);
  private static final int MOST_TURNS = 5000;

  final ManualClock clock = new ManualClock();
  final World world;
  final EmbeddedClusters clusters;
  final KubeVirtSimulator simulator;
  final List<MigrationEvent> events = new ArrayList<>();
  final RecordingStore store = new RecordingStore(new InMemoryStatusStore());
  SampleVm sample = SampleVm.of(NAMESPACE, NAME).disk("d0", "1Gi");
  MigrationPlan plan =
      MigrationPlan.builder("plan", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
          .type(MigrationType.LIVE)
          .vm(NAMESPACE, NAME)
          .storage(StorageMapping.of("*", "local"))
          .build();
  Consumer<MigrationRunner.Builder> settings = builder -> {};

  /** Who else acts in the clusters, before every turn. */
  Runnable bystander = () -> {};

  /** What happens while the process is down. */
  Runnable onCrash = () -> {};

  /** What the runner's connections may do: what the shipped roles allow, and no more. */
  Function<Side, AccessRule> rights = ShippedRoles::everything;

  /** The clusters that nobody reaches now. */
  Predicate<Side> away = side -> false;

  private final DroppedWatches watches;
  private ClusterView.Factory views = WatchedView::open;
  private MigrationRunner runner;

  MigrationRig() {
    this(builder -> {});
  }

  MigrationRig(Consumer<KubeVirtSimulator.Builder> settings) {
    this(new World(), settings);
  }

  MigrationRig(World world, Consumer<KubeVirtSimulator.Builder> settings) {
    this.world = world;
    this.clusters = EmbeddedClusters.start(clock);
    this.watches = new DroppedWatches(clusters, side -> away.test(side));
    KubeVirtSimulator.Builder builder =
        KubeVirtSimulator.builder(clusters).clock(clock).world(world);
    settings.accept(builder);
    this.simulator = builder.build();
    simulator.install();
  }

  /** Reads directly instead of watching. */
  MigrationRig direct() {
    views = (plan, sides, context) -> ClusterView.direct(sides);
    return this;
  }

  /** Boots the sample on the source. */
  MigrationRig booted() {
    clusters.createNamespace(NAMESPACE);
    sample.boot(simulator);
    clusters.requests(Side.SOURCE).clear();
    clusters.requests(Side.TARGET).clear();
    return this;
  }

  /** Throws the runner away, as a crash does, and makes a new one on the stored status. */
  void restart() {
    if (runner != null) {
      clusters.restartClients();
      // It cannot reach a server any more; left open its watches would be kept for minutes.
      runner.close();
      runner = null;
    }
  }

  MigrationRunner runner() {
    if (runner == null) {
      grant();
      MigrationRunner.Builder builder =
          MigrationRunner.builder()
              .registry(MigratorRegistry.of(new KubeVirtProvider(views)))
              .store(store)
              .clock(clock)
              .listener(events::add)
              .connection("a", KubernetesClient.class, clusters.client(Side.SOURCE))
              .connection("b", KubernetesClient.class, clusters.client(Side.TARGET));
      settings.accept(builder);
      runner = builder.build();
    }
    return runner;
  }

  /** Puts {@link #rights} in force, for what each cluster is to the plan; hooks run in either. */
  void grant() {
    AccessRule host = ShippedRoles.of(Grant.HOST);
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      String cluster = side == Side.SOURCE ? "a" : "b";
      clusters.access(
          side,
          question ->
              (plan.source().name().equals(cluster) && rights.apply(Side.SOURCE).allows(question))
                  || (plan.target().name().equals(cluster)
                      && rights.apply(Side.TARGET).allows(question))
                  || (hasHooks() && host.allows(question)));
    }
  }

  private boolean hasHooks() {
    return plan.vms().stream()
        .anyMatch(vm -> vm.preHook().isPresent() || vm.postHook().isPresent());
  }

  VmStatus status() {
    return store.load(plan.id()).stream()
        .filter(status -> status.vm().equals(plan.vms().get(0).source()))
        .filter(status -> status.run().equals(plan.run()))
        .findFirst()
        .orElseGet(() -> VmStatus.pending(plan, plan.vms().get(0)));
  }

  /** Runs to the end. */
  VmStatus run() {
    return runUntil("the end", status -> status.state().isFinal());
  }

  /** Runs until the status says so. */
  VmStatus runUntil(String what, Predicate<VmStatus> condition) {
    Instant end = clock.instant().plus(LONGEST);
    for (int turns = 0; turns < MOST_TURNS; turns++) {
      bystander.run();
      simulator.settle();
      if (condition.test(status())) {
        return status();
      }
      if (allFinal() || clock.instant().isAfter(end)) {
        break;
      }
      watches.awaitReopened();
      long before = activity();
      Optional<Instant> due;
      try {
        due = runner().turn(plan);
      } catch (Stopped | SimulatedCrash stopped) {
        restart();
        store.stopAt = "";
        onCrash.run();
        continue;
      }
      if (activity() == before) {
        pass(due);
      }
    }
    throw new AssertionError("Never: " + what + "\n" + describe());
  }

  /** Ends the watches of a cluster; before the next turn they are there again, if they can be. */
  void dropWatches(Side side) {
    watches.drop(side);
  }

  private boolean allFinal() {
    List<VmStatus> ended =
        store.load(plan.id()).stream()
            .filter(status -> status.run().equals(plan.run()) && status.state().isFinal())
            .toList();
    return ended.size() == plan.vms().size();
  }

  /** Takes turns until the phase is reached. */
  VmStatus runToPhase(String phase) {
    return runUntil("phase " + phase, status -> phase.equals(status.phase()));
  }

  /** Takes turns until the phase was entered, at the first save that says so. */
  VmStatus stopAtPhase(String phase) {
    store.stopAt = phase;
    try {
      return runToPhase(phase);
    } finally {
      store.stopAt = "";
    }
  }

  /** The process ends and all that it stored is gone. */
  void loseStatus() {
    restart();
    store.store = new InMemoryStatusStore();
  }

  /** The phase of the half on a side, or {@code gone}. */
  String half(Side side) {
    Names names = Names.of(plan, plan.vms().get(0));
    int attempt = status().fact(Facts.ATTEMPT).map(Integer::parseInt).orElse(1);
    String name = side == Side.SOURCE ? names.sendHalf(attempt) : names.receiveHalf(attempt);
    return get(side, Kind.MIGRATION, name)
        .map(VmimView::new)
        .map(half -> half.phase() + (half.isDeleting() ? " Terminating" : ""))
        .orElse("gone");
  }

  /** Both endpoints of the plan are the source's cluster. */
  void oneCluster() {
    plan =
        MigrationPlan.builder(plan.id(), Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "a"))
            .type(MigrationType.LIVE)
            .vm(NAMESPACE, NAME)
            .storage(StorageMapping.of("*", "local"))
            .build();
  }

  /** Somebody sets a run strategy. */
  void setStrategy(Side side, String strategy) {
    edit(side, vm -> Tree.put(vm.getAdditionalProperties(), strategy, "spec", "runStrategy"));
  }

  /** Somebody edits the VM. */
  void edit(Side side, Consumer<GenericKubernetesResource> change) {
    GenericKubernetesResource vm = get(side, Kind.VIRTUAL_MACHINE, NAME).orElseThrow();
    change.accept(vm);
    clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.VIRTUAL_MACHINE.context())
        .inNamespace(NAMESPACE)
        .resource(vm)
        .update();
  }

  /** Somebody deletes a half. */
  void deleteHalf(Side side) {
    Names names = Names.of(plan, plan.vms().get(0));
    delete(side, Kind.MIGRATION, side == Side.SOURCE ? names.sendHalf(1) : names.receiveHalf(1));
  }

  /** Somebody deletes an object. */
  void delete(Side side, Kind kind, String name) {
    get(side, kind, name)
        .map(new Cluster(side, clusters.actorClient(side))::ref)
        .ifPresent(entry -> new Cluster(side, clusters.actorClient(side)).delete(entry, ""));
  }

  /** Replaces the plan's only machine. */
  void replaceVm(PlannedVm vm) {
    MigrationPlan.Builder builder =
        MigrationPlan.builder(plan.id(), plan.source(), plan.target())
            .run(plan.run())
            .type(plan.type())
            .settings(plan.settings())
            .vm(vm);
    plan.storage().forEach(builder::storage);
    plan = builder.build();
  }

  /** Adds a setting to the plan. */
  void setting(String key, String value) {
    Map<String, String> all = new HashMap<>(plan.settings());
    all.put(key, value);
    plan = plan.toBuilder().settings(all).build();
  }

  /** Begins the next run of the plan. */
  void again() {
    plan =
        plan.toBuilder()
            .run(Integer.toString(Integer.parseInt(plan.run()) + 1))
            .cancelled(List.of())
            .build();
  }

  void cancel() {
    plan = plan.cancel(List.of(plan.vms().get(0).source()));
  }

  private void pass(Optional<Instant> due) {
    Instant next = due.orElse(null);
    Optional<Instant> simulated = simulator.nextDue();
    if (next == null || (simulated.isPresent() && simulated.get().isBefore(next))) {
      next = simulated.orElse(next);
    }
    if (next == null) {
      throw new AssertionError("Nothing is going to happen any more\n" + describe());
    }
    Instant now = clock.instant();
    clock.advanceTo(next.isAfter(now) ? next : now.plusMillis(1));
  }

  /** Let time pass without the runner. */
  void idle(Duration time) {
    Instant end = clock.instant().plus(time);
    simulator.settle();
    while (true) {
      Optional<Instant> due = simulator.nextDue().filter(at -> !at.isAfter(end));
      if (due.isEmpty()) {
        break;
      }
      clock.advanceTo(due.get());
      simulator.settle();
    }
    clock.advanceTo(end);
    simulator.settle();
  }

  private long activity() {
    return store.saves
        + clusters.requests(Side.SOURCE).writes().size()
        + clusters.requests(Side.TARGET).writes().size();
  }

  Optional<GenericKubernetesResource> get(Side side, Kind kind, String name) {
    return new Cluster(side, clusters.actorClient(side)).get(kind, NAMESPACE, name);
  }

  String strategy(Side side) {
    return get(side, Kind.VIRTUAL_MACHINE, NAME)
        .map(VmView::new)
        .map(SourceStrategy::of)
        .map(SourceStrategy::text)
        .orElse("gone");
  }

  /** The sides on which the guest runs. */
  List<Side> running() {
    return simulator.oracles().guests().stream().map(Guest::side).toList();
  }

  String describe() {
    return status() + "\nat " + clock.instant() + "\n" + simulator.oracles().describe();
  }

  @Override
  public void close() {
    if (runner != null) {
      runner.close();
    }
    simulator.close();
    clusters.close();
  }

  /** The process ends here. */
  static final class Stopped extends Error {
    private static final long serialVersionUID = 1L;
  }
}
