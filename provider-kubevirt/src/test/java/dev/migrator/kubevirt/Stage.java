package dev.migrator.kubevirt;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where a scenario is played: one machine in a namespace of its own, a plan that moves it, the
 * people around it, and what can be broken.
 *
 * <p>A scenario that is written against this class runs on embedded clusters, where time passes by
 * itself only while {@link #until}, {@link #end} or {@link #pass} is called, and the same on real
 * API servers and with real KubeVirt, where it always does.
 */
abstract class Stage implements AutoCloseable {

  static final String NAME = "web";

  private static final int MOST_RACES = 20;

  final Clusters clusters;
  final String namespace;
  SampleVm sample;
  MigrationPlan plan;

  Stage(Clusters clusters, String namespace, String plan) {
    this.clusters = clusters;
    this.namespace = namespace;
    this.sample = SampleVm.of(namespace, NAME).disk("d0", "64Mi");
    this.plan = plan(plan, "b", new VmRef(namespace, NAME));
  }

  private MigrationPlan plan(String id, String targetCluster, VmRef target) {
    return MigrationPlan.builder(
            id, Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", targetCluster))
        .type(MigrationType.LIVE)
        .vm(PlannedVm.of(new VmRef(namespace, NAME)).to(target))
        .storage(StorageMapping.of("*", "local"))
        .build();
  }

  /** Boots the sample on the source. */
  abstract void boot();

  /** Lets the plan be carried out until its status is so, then holds where that is possible. */
  abstract VmStatus until(String what, Predicate<VmStatus> condition);

  /** Waits for something that the controllers alone bring about. */
  abstract void await(String what, BooleanSupplier condition);

  /** Lets time pass in which the controllers work; in real time at most a few seconds. */
  abstract void pass(Duration time);

  abstract VmStatus status();

  /** What to say when something is not as it should be. */
  abstract String describe();

  /** Turns a switch on for this stage's machine. */
  abstract void hold(Side side, Switch which);

  abstract void release(Side side, Switch which);

  /** As {@link #hold}, for the machines of another namespace. */
  abstract void holdIn(Side side, Switch which, String other);

  /** Cuts or heals the line between the synchronization controllers. */
  abstract void cutLink(boolean cut);

  abstract void restartSync(Side side);

  /** Stops or starts the program of a synchronization controller. */
  abstract void syncDown(Side side, boolean down);

  /** Deletes the pod of a synchronization controller, which is replaced. */
  abstract void replaceSyncPod(Side side);

  /** The restart subresource. */
  abstract void restart(Side side);

  /** Nobody of ours reaches the API server for a while; only where that can be had. */
  abstract void outage(Side side, Duration time);

  /** What the judges of the whole run have to say; empty is good. */
  abstract List<String> violations();

  @Override
  public abstract void close();

  VmStatus end() {
    return until("the end", status -> status.state().isFinal());
  }

  void cancel() {
    plan = plan.cancel(List.of(new VmRef(namespace, NAME)));
  }

  /** Begins the next run of the plan, as somebody does who tries again at once. */
  void again() {
    plan =
        plan.toBuilder()
            .run(Integer.toString(Integer.parseInt(plan.run()) + 1))
            .cancelled(List.of())
            .build();
  }

  /** Source and target are one cluster, and another namespace the target. */
  void sameCluster(String other) {
    plan = plan(plan.id(), "a", new VmRef(other, NAME));
  }

  void setting(String key, String value) {
    Map<String, String> settings = new HashMap<>(plan.settings());
    settings.put(key, value);
    plan = plan.toBuilder().settings(settings).build();
  }

  /** The short limits of a plan whose owner does not want to wait. */
  void impatient() {
    setting("deadline.rollback", patience());
  }

  /** Long enough for a machine to be deleted, even where that takes a while. */
  String patience() {
    return "20s";
  }

  /** Boots a machine and lets it be moved up to a point at which a switch holds it. */
  void heldAt(String strategy, Side side, Switch held, String phase) {
    sample.strategy(strategy);
    boot();
    hold(side, held);
    until(
        "both halves " + phase,
        status -> half(Side.SOURCE).equals(phase) && half(Side.TARGET).equals(phase));
  }

  void copying(String strategy) {
    heldAt(strategy, Side.TARGET, Switch.HOLD_RUNNING, "Running");
  }

  // What people and nodes do, through the API.

  Cluster api(Side side) {
    return new Cluster(side, clusters.actorClient(side));
  }

  Optional<GenericKubernetesResource> get(Side side, Kind kind, String name) {
    return api(side).get(kind, namespace, name);
  }

  private Names names() {
    return Names.of(plan, plan.vms().get(0));
  }

  private int attempt() {
    return status().fact(Facts.ATTEMPT).map(Integer::parseInt).orElse(1);
  }

  String halfName(Side side) {
    return side == Side.SOURCE ? names().sendHalf(attempt()) : names().receiveHalf(attempt());
  }

  /** The phase of this attempt's half, or {@code gone}. */
  String half(Side side) {
    return get(side, Kind.MIGRATION, halfName(side))
        .map(VmimView::new)
        .map(half -> half.phase() + (half.isDeleting() ? " Terminating" : ""))
        .orElse("gone");
  }

  /** This attempt's receive half where source and target are one cluster. */
  ObjectRef receiveHalfIn(String other) {
    return api(Side.SOURCE)
        .get(Kind.MIGRATION, other, halfName(Side.TARGET))
        .map(api(Side.SOURCE)::ref)
        .orElseThrow();
  }

  void deleteHalf(Side side) {
    delete(side, Kind.MIGRATION, halfName(side));
  }

  void delete(Side side, Kind kind, String name) {
    get(side, kind, name).map(api(side)::ref).ifPresent(entry -> api(side).delete(entry, ""));
  }

  void annotateHalf(Side side, String key, String value) {
    get(side, Kind.MIGRATION, halfName(side))
        .map(api(side)::ref)
        .ifPresent(entry -> api(side).annotate(entry, key, value));
  }

  /** The KubeVirt of a side. */
  KubeVirtView kubevirt(Side side) {
    return new KubeVirtView(api(side).list(Kind.KUBEVIRT, "", Map.of()).get(0));
  }

  void edit(Side side, Kind kind, String name, Consumer<GenericKubernetesResource> change) {
    edit(side, kind, namespace, name, change);
  }

  /** Somebody edits an object; races with controllers are run again. */
  void edit(
      Side side, Kind kind, String where, String name, Consumer<GenericKubernetesResource> change) {
    for (int races = 0; ; races++) {
      GenericKubernetesResource found = api(side).get(kind, where, name).orElseThrow();
      change.accept(found);
      try {
        clusters
            .actorClient(side)
            .genericKubernetesResources(kind.context())
            .inNamespace(where)
            .resource(found)
            .update();
        return;
      } catch (KubernetesClientException lost) {
        if (lost.getCode() != 409 || races == MOST_RACES) {
          throw lost;
        }
      }
    }
  }

  void setStrategy(Side side, String strategy) {
    edit(
        side,
        Kind.VIRTUAL_MACHINE,
        NAME,
        vm -> {
          Tree.ensure(vm.getAdditionalProperties(), "spec").remove("running");
          Tree.put(vm.getAdditionalProperties(), strategy, "spec", "runStrategy");
        });
  }

  /** The run strategy as people write it, or {@code gone}. */
  String strategy(Side side) {
    return get(side, Kind.VIRTUAL_MACHINE, NAME)
        .map(VmView::new)
        .map(SourceStrategy::of)
        .map(SourceStrategy::text)
        .orElse("gone");
  }

  /** The phase of the instance, or {@code gone}. */
  String instance(Side side) {
    return get(side, Kind.INSTANCE, NAME).map(VmiView::new).map(VmiView::phase).orElse("gone");
  }

  private List<GenericKubernetesResource> launchers(Side side) {
    return api(side).list(Kind.POD, namespace, Map.of("kubevirt.io", "virt-launcher"));
  }

  /** Deletes the machine's launcher pods, as a drained node does. */
  void killPods(Side side) {
    launchers(side).forEach(pod -> api(side).delete(api(side).ref(pod), ""));
  }

  /** The guest ends by itself: its launcher exits, well ({@code Succeeded}) or badly. */
  void endGuest(Side side, String phase) {
    for (GenericKubernetesResource pod : launchers(side)) {
      if (Evidence.runs(pod)) {
        clusters
            .actorClient(side)
            .pods()
            .inNamespace(namespace)
            .withName(pod.getMetadata().getName())
            .editStatus(
                found ->
                    new PodBuilder(found)
                        .editStatus()
                        .withPhase(phase)
                        .withConditions()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("False")
                        .withReason("PodCompleted")
                        .endCondition()
                        .endStatus()
                        .build());
      }
    }
  }

  /** Whether a guest really runs: its instance is Running and Ready, and so is a launcher pod. */
  boolean runs(Side side) {
    return get(side, Kind.INSTANCE, NAME).filter(LiveRig::isReady).isPresent()
        && launchers(side).stream().anyMatch(Evidence::runs);
  }

  /** The sides on which the guest runs. */
  List<Side> running() {
    return List.of(Side.SOURCE, Side.TARGET).stream().filter(this::runs).toList();
  }

  /** What is there of the kinds that a move makes, such as {@code Secret/web-user}. */
  List<String> objects(Side side) {
    List<String> names = new ArrayList<>();
    for (Kind kind :
        List.of(
            Kind.VIRTUAL_MACHINE,
            Kind.INSTANCE,
            Kind.MIGRATION,
            Kind.DATA_VOLUME,
            Kind.PVC,
            Kind.SECRET)) {
      api(side)
          .list(kind, namespace, Map.of())
          .forEach(each -> names.add(each.getKind() + "/" + each.getMetadata().getName()));
    }
    return names;
  }
}
