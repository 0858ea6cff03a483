package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.PreflightCase.of;
import static dev.migrator.kubevirt.PreflightWorld.NAMESPACE;

import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.testkit.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What can be the matter with a plan and with the two installations. */
final class ClusterCases {

  private ClusterCases() {}

  static List<PreflightCase> all() {
    return List.of(
        of(ConcernCode.INVALID_SETTINGS).setting("no-such-setting", "1"),
        of(ConcernCode.INVALID_NAME).plan(plan -> plan.vm(NAMESPACE, "Not_A_Name")),
        of(ConcernCode.DUPLICATE_TARGET)
            .plan(
                plan ->
                    plan.vm(
                        PlannedVm.of(new VmRef(NAMESPACE, "other"))
                            .to(new VmRef(NAMESPACE, "web")))),
        of(ConcernCode.DUPLICATE_OBJECT)
            .world(ClusterCases::twinInAnotherNamespace)
            .plan(
                plan ->
                    plan.vm(
                        PlannedVm.of(new VmRef("other", "twin")).to(new VmRef(NAMESPACE, "twin")))),
        of(ConcernCode.STORAGE_MAPPING_INVALID)
            .plan(
                plan -> plan.storage(new StorageMapping("*", "fast", "ReadWriteSometimes", null))),
        of(ConcernCode.NETWORK_MAPPING_INVALID)
            .plan(plan -> plan.network(new NetworkMapping("pod", "no//network"))),
        of(ConcernCode.KUBEVIRT_NOT_FOUND)
            .world(
                world ->
                    world.delete(
                        Side.TARGET,
                        Kind.KUBEVIRT,
                        PreflightWorld.KUBEVIRT,
                        PreflightWorld.KUBEVIRT)),
        of(ConcernCode.KUBEVIRT_AMBIGUOUS)
            .world(world -> world.put(Side.SOURCE, Kind.KUBEVIRT.blank(NAMESPACE, "another"))),
        target(
            ConcernCode.KUBEVIRT_NOT_DEPLOYED, it -> Tree.put(it, "Deploying", "status", "phase")),
        version(ConcernCode.KUBEVIRT_VERSION_UNSUPPORTED, "v1.7.0"),
        version(ConcernCode.KUBEVIRT_VERSION_DEGRADED, "v1.8.3"),
        version(ConcernCode.KUBEVIRT_VERSION_UNKNOWN, "devel"),
        version(ConcernCode.KUBEVIRT_VERSION_SKEW, "v1.8.4"),
        target(
            ConcernCode.FEATURE_GATE_OFF,
            it -> {
              Tree.remove(it, "spec", "configuration", "developerConfiguration");
              Tree.remove(it, "status", "synchronizationAddresses");
            }),
        target(
            ConcernCode.FEATURE_GATE_OFF,
            it -> {
              Tree.put(
                  it,
                  Map.of("disabledFeatureGates", List.of(KubeVirtView.GATE)),
                  "spec",
                  "configuration",
                  "developerConfiguration");
              Tree.put(it, "v1.10.0", "status", "observedKubeVirtVersion");
            }),
        target(
            ConcernCode.NO_SYNCHRONIZATION_ADDRESS,
            it -> Tree.remove(it, "status", "synchronizationAddresses")),
        target(
            ConcernCode.ROLLOUT_STRATEGY_STAGE,
            it -> Tree.put(it, "Stage", "spec", "configuration", "vmRolloutStrategy")),
        target(
            ConcernCode.TLS_MISMATCH,
            it -> Tree.put(it, true, "spec", "configuration", "migrations", "disableTLS")),
        target(
            ConcernCode.CA_ROTATION_DROPS_PEER,
            it -> Tree.remove(it, "spec", "certificateRotateStrategy")),
        bundle(Side.TARGET, "rubbish"),
        bundle(Side.SOURCE, Certs.pem(expired().make())),
        bundle(Side.TARGET, Certs.pem(somebodyElses().make())),
        of(ConcernCode.CA_BUNDLE_UNUSABLE)
            .world(
                world ->
                    world.delete(
                        Side.SOURCE, Kind.CONFIG_MAP, PreflightWorld.KUBEVIRT, Trust.BUNDLE)),
        of(ConcernCode.CDI_NOT_FOUND)
            .world(world -> world.delete(Side.TARGET, Kind.CDI, "", "cdi")),
        of(ConcernCode.CDI_NOT_DEPLOYED).world(cdi("phase", "Error")),
        of(ConcernCode.CDI_VERSION_UNTESTED).world(cdi("observedVersion", "v1.59.0")));
  }

  private static PreflightCase bundle(Side side, String pem) {
    return of(ConcernCode.CA_BUNDLE_UNUSABLE)
        .world(
            world -> {
              world.delete(side, Kind.CONFIG_MAP, PreflightWorld.KUBEVIRT, Trust.BUNDLE);
              world.put(side, PreflightWorld.bundle(pem));
            });
  }

  private static Certs expired() {
    Certs expired = PreflightWorld.authority();
    expired.until = ManualClock.START.minusSeconds(1);
    return expired;
  }

  private static Certs somebodyElses() {
    Certs other = PreflightWorld.authority();
    other.subject = "CN=somebody";
    other.issuer = other.subject;
    return other;
  }

  /** Its disk is called as that of the plain machine, and its namespace is mapped onto the same. */
  private static void twinInAnotherNamespace(PreflightWorld world) {
    SourceMachine twin = Machines.plain().build();
    world.clusters.createNamespace("other");
    for (var object :
        List.of(
            twin.vm().raw(),
            twin.instance().orElseThrow().raw(),
            twin.claims().get("web-root"),
            twin.dataVolumes().get("web-root"))) {
      object.getMetadata().setNamespace("other");
    }
    twin.vm().raw().getMetadata().setName("twin");
    twin.instance().orElseThrow().raw().getMetadata().setName("twin");
    world.put(Side.SOURCE, twin.dataVolumes().get("web-root"));
    world.claim(twin.claims().get("web-root"));
    world.put(Side.SOURCE, twin.vm().raw());
    world.put(Side.SOURCE, twin.instance().orElseThrow().raw());
  }

  private static PreflightCase target(ConcernCode code, Consumer<Map<String, Object>> change) {
    return of(code).world(world -> world.kubeVirt(Side.TARGET, change));
  }

  private static PreflightCase version(ConcernCode code, String version) {
    return target(code, it -> Tree.put(it, version, "status", "observedKubeVirtVersion"));
  }

  private static Consumer<PreflightWorld> cdi(String field, String value) {
    return world ->
        world.edit(Side.TARGET, Kind.CDI, "", "cdi", it -> Tree.put(it, value, "status", field));
  }
}
