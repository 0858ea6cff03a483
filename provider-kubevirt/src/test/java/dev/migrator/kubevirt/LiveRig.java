package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationDriver;
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
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ExistingClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.Role;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.machine.StaleException;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs moves in real time on clusters that are not of this process: real API servers with the
 * simulator's controllers, or existing clusters with real KubeVirt.
 *
 * <p>On existing clusters {@code -Dmigrator.node.side=simulator} lets the simulator's node actors
 * play kubelet, virt-handler and volumes beside KubeVirt's own controllers; without it nobody plays
 * anything.
 */
final class LiveRig implements AutoCloseable {

  static final String NODE_SIDE = "migrator.node.side";

  private static final long MINUTES = 6;
  private static final int MOST_RACES = 20;

  final Clusters clusters;
  final Disturbances disturbances;
  final World world = new World().timing(Timing.INSTANT);
  private final @Nullable KubeVirtSimulator simulator;

  /** Whom the library acts as; an administrator, unless a test says otherwise. */
  Function<Side, KubernetesClient> connections;

  LiveRig(Clusters clusters) {
    this.clusters = clusters;
    this.connections = clusters::client;
    Set<Role> roles = roles(clusters);
    this.simulator =
        roles.isEmpty()
            ? null
            : KubeVirtSimulator.builder(clusters)
                .world(world)
                .only(roles)
                .build()
                .install()
                .start();
    this.disturbances = Disturbances.of(world, roles);
  }

  /** Whether KubeVirt's own controllers are at work. */
  boolean isRealKubeVirt() {
    return clusters instanceof ExistingClusters;
  }

  /**
   * Many moves at once: KubeVirt's limits on parallel ones, which hold for a whole cluster, would
   * let scenarios wait for each other.
   */
  void unlimited() {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      clusters
          .actorClient(side)
          .genericKubernetesResources(Kind.KUBEVIRT.context())
          .inNamespace("kubevirt")
          .withName("kubevirt")
          .edit(
              found -> {
                for (String limit :
                    List.of("parallelMigrationsPerCluster", "parallelOutboundMigrationsPerNode")) {
                  Tree.put(
                      found.getAdditionalProperties(),
                      1000,
                      "spec",
                      "configuration",
                      "migrations",
                      limit);
                }
                return found;
              });
    }
  }

  /** Whether the switches of {@link #world} have an effect. */
  boolean hasSwitches() {
    return simulator != null;
  }

  /** Creates a sample on the source and waits until its guest runs. */
  void boot(SampleVm sample, String strategy) {
    sample.create(clusters, Side.SOURCE);
    if (strategy.equals("Manual")) {
      start(sample);
    }
    await(Side.SOURCE, Kind.INSTANCE, sample.namespace(), sample.name(), LiveRig::isReady);
  }

  private void start(SampleVm sample) {
    if (isRealKubeVirt()) {
      subresource(Side.SOURCE, sample.namespace(), sample.name(), "start");
    } else if (simulator != null) {
      request(simulator.guest(Side.SOURCE, sample.namespace(), sample.name())::start);
    }
  }

  /** Restarts a machine as virtctl does. */
  void restart(Side side, String namespace, String name) {
    if (isRealKubeVirt()) {
      subresource(side, namespace, name, "restart");
    } else if (simulator != null) {
      request(simulator.guest(side, namespace, name)::restart);
    }
  }

  private void subresource(Side side, String namespace, String name, String action) {
    clusters
        .actorClient(side)
        .raw(
            "/apis/subresources.kubevirt.io/v1/namespaces/"
                + namespace
                + "/virtualmachines/"
                + name
                + "/"
                + action,
            "PUT",
            "{}");
  }

  /** What the simulator's judges saw on all stages; nothing where there is none. */
  List<String> violations() {
    return simulator == null ? List.of() : simulator.oracles().violations();
  }

  /** The controllers write the VM's status at the same time: a lost race is run again. */
  private static void request(Runnable request) {
    for (int races = 0; ; races++) {
      try {
        request.run();
        return;
      } catch (StaleException lost) {
        if (races == MOST_RACES) {
          throw lost;
        }
      }
    }
  }

  /** Changes an object that controllers may change at the same time. */
  void edit(
      Side side,
      Kind kind,
      String namespace,
      String name,
      Consumer<GenericKubernetesResource> change) {
    for (int races = 0; ; races++) {
      GenericKubernetesResource found = get(side, kind, namespace, name).orElseThrow();
      change.accept(found);
      try {
        clusters.actorClient(side).resource(found).update();
        return;
      } catch (KubernetesClientException lost) {
        if (lost.getCode() != 409 || races == MOST_RACES) {
          throw lost;
        }
      }
    }
  }

  static MigrationPlan plan(VmRef source, VmRef target) {
    return MigrationPlan.builder(
            "plan-" + source.namespace(),
            Endpoint.of("kubevirt", "a"),
            Endpoint.of("kubevirt", "b"))
        .type(MigrationType.LIVE)
        .vm(PlannedVm.of(source).to(target))
        .storage(StorageMapping.of("*", "local"))
        .build();
  }

  /** A move back of what {@link #plan} moved. */
  static MigrationPlan back(VmRef vm, String haltedTarget) {
    return MigrationPlan.builder(
            "back-" + vm.namespace(), Endpoint.of("kubevirt", "b"), Endpoint.of("kubevirt", "a"))
        .run(haltedTarget)
        .type(MigrationType.LIVE)
        .vm(PlannedVm.of(vm).to(vm))
        .storage(StorageMapping.of("*", "local"))
        .settings(Map.of("haltedTarget", haltedTarget))
        .build();
  }

  /** A plan at work in a thread of its own. */
  final class Run implements AutoCloseable {
    private final StatusStore store;
    private final MigrationRunner runner;
    private final CompletableFuture<VmStatus> end;
    private volatile MigrationPlan plan;

    private Run(MigrationPlan plan, StatusStore store) {
      this.plan = plan;
      this.store = store;
      this.runner =
          MigrationRunner.builder()
              .registry(MigratorRegistry.of(new KubeVirtProvider()))
              .store(store)
              .connection("a", KubernetesClient.class, connections.apply(Side.SOURCE))
              .connection("b", KubernetesClient.class, connections.apply(Side.TARGET))
              .build();
      this.end = CompletableFuture.supplyAsync(this::drive);
    }

    private VmStatus drive() {
      try {
        return new MigrationDriver(runner).run(() -> plan).get(0);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    void cancel() {
      change(plan.cancel(List.of(plan.vms().get(0).source())));
    }

    /** Carries out the plan as it is now. */
    void change(MigrationPlan now) {
      if (!now.equals(plan)) {
        plan = now;
        runner.wake(now.id(), now.vms().get(0).source());
      }
    }

    boolean isOver() {
      return end.isDone();
    }

    VmStatus end() {
      try {
        return end.get(MINUTES, TimeUnit.MINUTES);
      } catch (TimeoutException e) {
        throw new AssertionError("Not over after minutes: " + store.load(plan.id()), e);
      } catch (ExecutionException | InterruptedException e) {
        throw new AssertionError("The run broke: " + store.load(plan.id()), e);
      }
    }

    @Override
    public void close() {
      end.cancel(true);
      runner.close();
    }
  }

  Run start(MigrationPlan plan) {
    return start(plan, new InMemoryStatusStore());
  }

  Run start(MigrationPlan plan, StatusStore store) {
    return new Run(plan, store);
  }

  Optional<GenericKubernetesResource> get(Side side, Kind kind, String namespace, String name) {
    return new Cluster(side, clusters.actorClient(side)).get(kind, namespace, name);
  }

  /** The names of what is there of some kinds that a move makes. */
  List<String> objects(Side side, String namespace) {
    Cluster cluster = new Cluster(side, clusters.actorClient(side));
    List<String> names = new ArrayList<>();
    for (Kind kind :
        List.of(
            Kind.VIRTUAL_MACHINE,
            Kind.INSTANCE,
            Kind.MIGRATION,
            Kind.DATA_VOLUME,
            Kind.PVC,
            Kind.SECRET)) {
      cluster
          .list(kind, namespace, java.util.Map.of())
          .forEach(each -> names.add(each.getKind() + "/" + each.getMetadata().getName()));
    }
    return names;
  }

  void await(
      Side side,
      Kind kind,
      String namespace,
      String name,
      Predicate<GenericKubernetesResource> condition) {
    clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(found -> found != null && condition.test(found), 2, TimeUnit.MINUTES);
  }

  /** Until the garbage collector has followed the DataVolumes that are gone. */
  void awaitNoClaim(Side side, String namespace, String name) {
    clusters
        .actorClient(side)
        .persistentVolumeClaims()
        .inNamespace(namespace)
        .withName(name)
        .waitUntilCondition(java.util.Objects::isNull, 1, TimeUnit.MINUTES);
  }

  /** Whether a guest really runs: its instance is Running and Ready, and so is a launcher pod. */
  boolean runs(Side side, String namespace, String name) {
    Optional<VmiView> instance = get(side, Kind.INSTANCE, namespace, name).map(VmiView::new);
    Cluster cluster = new Cluster(side, clusters.actorClient(side));
    return instance.isPresent()
        && instance.get().isRunning()
        && instance.get().isReady()
        && Evidence.launchers(cluster, instance.get()).stream().anyMatch(Evidence::runs);
  }

  static boolean isReady(GenericKubernetesResource object) {
    VmiView vmi = new VmiView(object);
    return vmi.isRunning() && vmi.isReady();
  }

  @Override
  public void close() {
    if (simulator != null) {
      simulator.close();
    }
  }

  private static Set<Role> roles(Clusters clusters) {
    if (clusters instanceof ExistingClusters) {
      return System.getProperty(NODE_SIDE, "").equals("simulator") ? Role.NODE_SIDE : Set.of();
    }
    Set<Role> roles = EnumSet.allOf(Role.class);
    roles.remove(Role.ADMISSION);
    if (clusters.collectsGarbage()) {
      roles.remove(Role.GARBAGE_COLLECTOR);
    }
    return roles;
  }
}
