package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** An orchestrator by hand: what the driver of the real bed does, without a line of Migrator. */
final class Bed implements AutoCloseable {
  static final String NAMESPACE = "ns";
  static final String VM = "web";
  static final String SCOPE = NAMESPACE + "/" + VM;

  final ManualClock clock = new ManualClock();
  final Clusters clusters;
  final KubeVirtSimulator simulator;
  final World world;
  SampleVm sample = SampleVm.of(NAMESPACE, VM).disk("d0", "1Gi");
  String id = "11111111-0000-0000-0000-000000000001";
  private int ids = 1;
  String restore = "Always";
  String accessMode = "ReadWriteOnce";

  Bed() {
    this(builder -> {});
  }

  Bed(Consumer<KubeVirtSimulator.Builder> settings) {
    this.clusters = EmbeddedClusters.start(clock);
    this.world = new World();
    KubeVirtSimulator.Builder builder =
        KubeVirtSimulator.builder(clusters).clock(clock).world(world);
    settings.accept(builder);
    this.simulator = builder.build();
    clusters.createNamespace(NAMESPACE);
  }

  /** Trust, a source that runs, and a receiver that waits. */
  Bed prepared() {
    return prepared("Always");
  }

  Bed prepared(String strategy) {
    simulator.install();
    trust();
    return booted(strategy);
  }

  /** A source that runs and a receiver that waits; what comes before is the caller's. */
  Bed booted(String strategy) {
    sample.strategy(strategy).boot(simulator);
    restore = strategy.equals("running") ? "Always" : strategy;
    claim(sample.name() + "-d0", "1Gi", accessMode);
    return receiver(vm -> {});
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      api(Side side, Kind kind) {
    String namespace = kind == Kind.CONFIG_MAP || kind == Kind.KUBEVIRT ? "kubevirt" : NAMESPACE;
    return clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace(namespace);
  }

  Thing get(Side side, Kind kind, String name) {
    GenericKubernetesResource raw = api(side, kind).withName(name).get();
    return raw == null ? null : Thing.of(raw);
  }

  void create(Side side, Kind kind, Thing thing) {
    api(side, kind).resource(thing.raw()).create();
    simulator.settle();
  }

  void edit(Side side, Kind kind, String name, Consumer<Thing> change) {
    Thing thing = get(side, kind, name);
    change.accept(thing);
    api(side, kind).resource(thing.raw()).update();
    simulator.settle();
  }

  void delete(Side side, Kind kind, String name) {
    api(side, kind).withName(name).delete();
    simulator.settle();
  }

  Bed trust() {
    String a = bundle(Side.SOURCE);
    String b = bundle(Side.TARGET);
    offer(Side.SOURCE, b);
    offer(Side.TARGET, a);
    simulator.runUntil(
        "trust", () -> external(Side.SOURCE).isEmpty() && external(Side.TARGET).isEmpty());
    return this;
  }

  String bundle(Side side) {
    return Json.text(get(side, Kind.CONFIG_MAP, "kubevirt-ca").map("data"), "ca-bundle");
  }

  String external(Side side) {
    return Json.text(get(side, Kind.CONFIG_MAP, "kubevirt-external-ca").map("data"), "ca-bundle");
  }

  void offer(Side side, String bundle) {
    edit(
        side,
        Kind.CONFIG_MAP,
        "kubevirt-external-ca",
        map -> map.set("data", new LinkedHashMap<>(Map.of("ca-bundle", bundle))));
  }

  Bed claim(String name, String size) {
    return claim(name, size, "ReadWriteOnce");
  }

  Bed claim(String name, String size, String accessMode) {
    create(
        Side.TARGET,
        Kind.CLAIM,
        Thing.create(Kind.CLAIM, NAMESPACE, name)
            .set("spec.accessModes", List.of(accessMode))
            .set("spec.volumeMode", "Filesystem")
            .set("spec.storageClassName", "local")
            .set("spec.resources", Json.object("requests", Json.object("storage", size))));
    return this;
  }

  Bed receiver(Consumer<Thing> change) {
    clusters.createNamespace(NAMESPACE);
    Thing vm = Thing.of(sample.manifest());
    vm.set("spec.running", null).set("spec.runStrategy", "WaitAsReceiver");
    vm.annotation("kubevirt.io/restore-run-strategy", restore);
    change.accept(vm);
    create(Side.TARGET, Kind.VM, vm);
    simulator.runUntil(
        "receiver waits",
        () ->
            simulator
                .guest(Side.TARGET, NAMESPACE, sample.name())
                .phase()
                .equals("WaitingForSync"));
    return this;
  }

  String address() {
    return address(Side.TARGET);
  }

  String address(Side side) {
    return Json.texts(get(side, Kind.KUBEVIRT, "kubevirt").at("status.synchronizationAddresses"))
        .get(0);
  }

  Bed receive() {
    return receive(VM + "-in");
  }

  Bed receive(String half) {
    create(Side.TARGET, Kind.VMIM, receiveHalf(half));
    return this;
  }

  Thing receiveHalf(String half) {
    return Thing.create(Kind.VMIM, NAMESPACE, half)
        .set("spec.vmiName", VM)
        .set("spec.receive", Json.object("migrationID", id));
  }

  Thing sendHalf(String half, String address) {
    return Thing.create(Kind.VMIM, NAMESPACE, half)
        .set("spec.vmiName", VM)
        .set("spec.sendTo", Json.object("migrationID", id, "connectURL", address));
  }

  /** Creates a half that no controller has looked at. */
  void unsettled(Side side, Thing half) {
    api(side, Kind.VMIM).resource(half.raw()).create();
  }

  Bed send(String address) {
    return send(VM + "-out", address);
  }

  Bed send(String half, String address) {
    create(Side.SOURCE, Kind.VMIM, sendHalf(half, address));
    return this;
  }

  /** The way back: the halves on the other sides, the addresses too. */
  Bed back() {
    create(
        Side.SOURCE,
        Kind.VMIM,
        Thing.create(Kind.VMIM, NAMESPACE, "back-in")
            .set("spec.vmiName", VM)
            .set("spec.receive", Json.object("migrationID", id)));
    create(
        Side.TARGET,
        Kind.VMIM,
        Thing.create(Kind.VMIM, NAMESPACE, "back-out")
            .set("spec.vmiName", VM)
            .set(
                "spec.sendTo", Json.object("migrationID", id, "connectURL", address(Side.SOURCE))));
    return this;
  }

  void halves(String vm) {
    halves(vm, vm + "-in", vm + "-out");
    next();
  }

  /** Goes over to a migration id that was not used yet. */
  void next() {
    id = "11111111-0000-0000-0000-" + String.format("%012d", ++ids);
  }

  void halves(String vm, String in, String out) {
    create(
        Side.TARGET,
        Kind.VMIM,
        Thing.create(Kind.VMIM, NAMESPACE, in)
            .set("spec.vmiName", vm)
            .set("spec.receive", Json.object("migrationID", id)));
    create(
        Side.SOURCE,
        Kind.VMIM,
        Thing.create(Kind.VMIM, NAMESPACE, out)
            .set("spec.vmiName", vm)
            .set("spec.sendTo", Json.object("migrationID", id, "connectURL", address())));
  }

  List<String> events(Side side, String reason) {
    return api(side, Kind.EVENT).list().getItems().stream()
        .map(Thing::of)
        .filter(event -> event.text("reason").equals(reason))
        .map(event -> event.text("message"))
        .toList();
  }

  void gate(Side side, boolean on) {
    edit(
        side,
        Kind.KUBEVIRT,
        "kubevirt",
        kubevirt ->
            kubevirt.set(
                "spec.configuration.developerConfiguration.featureGates",
                on ? List.of("DecentralizedLiveMigration") : List.of()));
  }

  Bed go() {
    return receive().send(address());
  }

  /** Lets time pass until both halves are in a phase. */
  Bed until(String phase) {
    simulator.runUntil(
        "both halves " + phase,
        () -> half(Side.SOURCE).equals(phase) && half(Side.TARGET).equals(phase));
    return this;
  }

  /** Lets so much time pass, all that is due on the way done. */
  Bed pass(Duration time) {
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
    return this;
  }

  Bed pass() {
    return pass(Duration.ofMinutes(1));
  }

  void drop(Side side) {
    delete(side, Kind.VMIM, VM + (side == Side.SOURCE ? "-out" : "-in"));
    pass();
  }

  Thing halfOf(Side side) {
    return get(side, Kind.VMIM, VM + (side == Side.SOURCE ? "-out" : "-in"));
  }

  String half(Side side) {
    Thing half = halfOf(side);
    return half == null
        ? "gone"
        : half.text("status.phase") + (half.deleting() ? " Terminating" : "");
  }

  String halfCondition(Side side, String type) {
    Map<String, Object> condition = Conditions.find(halfOf(side), type);
    return condition == null ? "" : condition.getOrDefault("message", "True").toString();
  }

  void strip(Side side) {
    edit(
        side,
        Kind.VMIM,
        VM + (side == Side.SOURCE ? "-out" : "-in"),
        half ->
            half.finalizer("kubevirt.io/migrationJobFinalize", false)
                .finalizer("synchronization.kubevirt.io/migrationFinalizer", false));
  }

  Thing vmiOf(Side side) {
    return get(side, Kind.VMI, VM);
  }

  String vmi(Side side) {
    Thing vmi = vmiOf(side);
    return vmi == null ? "gone" : vmi.text("status.phase");
  }

  String ready(Side side) {
    Thing vmi = vmiOf(side);
    return vmi == null ? "gone" : Conditions.status(vmi, "Ready");
  }

  String state(Side side, String field) {
    return vmiOf(side).text("status.migrationState." + field);
  }

  String blocked(Side side) {
    Map<String, Object> condition =
        Conditions.find(vmiOf(side), "DecentralizedLiveMigrationFailure");
    return condition == null ? "" : String.valueOf(condition.get("message"));
  }

  String strategy(Side side) {
    Thing vm = get(side, Kind.VM, VM);
    return vm == null ? "gone" : vm.text("spec.runStrategy");
  }

  String printable(Side side) {
    return get(side, Kind.VM, VM).text("status.printableStatus");
  }

  void halt(Side side) {
    edit(side, Kind.VM, VM, vm -> vm.set("spec.running", null).set("spec.runStrategy", "Halted"));
  }

  /** Where a guest runs. */
  Set<Side> running() {
    Set<Side> sides = new TreeSet<>();
    simulator.oracles().guests().forEach(guest -> sides.add(guest.side()));
    return sides;
  }

  GuestHandle guest(Side side) {
    return simulator.guest(side, NAMESPACE, VM);
  }

  @Override
  public void close() {
    simulator.close();
    clusters.close();
  }
}
