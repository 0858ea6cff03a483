package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.PreflightCase.of;
import static dev.migrator.kubevirt.PreflightWorld.NAMESPACE;
import static dev.migrator.kubevirt.PreflightWorld.with;

import dev.migrator.model.NetworkMapping;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.testkit.apiserver.Admission;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.Verb;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the target may lack, have already, or refuse. */
final class TargetCases {

  private static final String[] INTERFACES = {
    "spec", "template", "spec", "domain", "devices", "interfaces"
  };

  private TargetCases() {}

  static List<PreflightCase> all() {
    return Stream.of(lacking(), taken(), refused()).flatMap(List::stream).toList();
  }

  private static List<PreflightCase> lacking() {
    return List.of(
        of(ConcernCode.NAMESPACE_MISSING).world(without(Kind.NAMESPACE, "", NAMESPACE)),
        of(ConcernCode.POD_SECURITY)
            .world(
                world ->
                    world
                        .clusters
                        .actorClient(Side.TARGET)
                        .namespaces()
                        .withName(NAMESPACE)
                        .edit(
                            it ->
                                it.edit()
                                    .editMetadata()
                                    .addToLabels("pod-security.kubernetes.io/enforce", "baseline")
                                    .endMetadata()
                                    .build())),
        of(ConcernCode.STORAGE_CLASS_MISSING)
            .plan(plan -> plan.storage(StorageMapping.of("*", "gold"))),
        of(ConcernCode.STORAGE_CLASS_MISSING).machine(TargetCases::withoutClass),
        of(ConcernCode.STORAGE_CLASS_MISSING)
            .own("trusted")
            .world(
                world ->
                    world.kubeVirt(
                        Side.TARGET,
                        it ->
                            Tree.put(it, "gold", "spec", "configuration", "vmStateStorageClass"))),
        of(ConcernCode.STORAGE_CLASS_UNNAMED)
            .machine(TargetCases::withoutClass)
            .world(
                world -> {
                  GenericKubernetesResource standard = Kind.STORAGE_CLASS.blank("", "standard");
                  standard
                      .getMetadata()
                      .setAnnotations(
                          Map.of("storageclass.kubernetes.io/is-default-class", "true"));
                  world.put(Side.TARGET, with(standard, "csi.example.com", "provisioner"));
                }),
        of(ConcernCode.STORAGE_MODE_UNSUPPORTED)
            .plan(plan -> plan.storage(new StorageMapping("fast", "fast", null, "Block"))),
        of(ConcernCode.NETWORK_MISSING)
            .own("everything")
            .world(without(Kind.NETWORK_ATTACHMENT, NAMESPACE, "vlan-7")),
        of(ConcernCode.POD_NETWORK_TWICE)
            .own("everything")
            .plan(plan -> plan.network(new NetworkMapping("vlan-7", "pod"))),
        of(ConcernCode.NETWORK_BINDING_MISSING, ConcernCode.FEATURE_NOT_ENABLED).own("gated"),
        of(ConcernCode.PRIORITY_CLASS_MISSING)
            .own("everything")
            .world(without(Kind.PRIORITY_CLASS, "", "important")),
        of(ConcernCode.SERVICE_ACCOUNT_MISSING)
            .own("everything")
            .world(without(Kind.SERVICE_ACCOUNT, NAMESPACE, "robot")),
        of(ConcernCode.MATCHER_MISSING, ConcernCode.MATCHER_DIFFERS)
            .own("sized")
            .setting("instancetypes", "require")
            .world(
                world ->
                    world.put(
                        Side.TARGET,
                        with(
                            Kind.INSTANCETYPE.blank(NAMESPACE, "two-by-four"),
                            Map.of("cpu", Map.of("guest", 8)),
                            "spec"))),
        of(ConcernCode.NO_SUITABLE_NODE).world(without(Kind.NODE, "", "node-1")),
        of(ConcernCode.NO_SUITABLE_NODE)
            .world(
                world -> {
                  world.delete(Side.SOURCE, Kind.NODE, "", "node-1");
                  world.put(Side.SOURCE, Kind.NODE.blank("", "node-1"));
                }),
        of(ConcernCode.NO_SUITABLE_NODE)
            .machine(
                machine ->
                    machine.both(
                        spec ->
                            Tree.put(spec, "2Mi", "domain", "memory", "hugepages", "pageSize"))),
        of(ConcernCode.NO_SUITABLE_NODE)
            .machine(
                machine ->
                    machine.both(
                        spec -> Tree.put(spec, true, "domain", "cpu", "dedicatedCpuPlacement"))),
        of(ConcernCode.NO_SUITABLE_NODE)
            .world(
                world ->
                    world.edit(
                        Side.TARGET,
                        Kind.NODE,
                        "",
                        "node-1",
                        it ->
                            Tree.put(
                                it,
                                List.of(Map.of("key", "gpu", "effect", "NoSchedule")),
                                "spec",
                                "taints"))),
        of(ConcernCode.MIGRATION_POLICY_DIFFERS)
            .world(
                world ->
                    world.put(
                        Side.SOURCE,
                        with(
                            Kind.MIGRATION_POLICY.blank("", "slow"),
                            Map.of(
                                "selectors",
                                Map.of("namespaceSelector", Map.of()),
                                "bandwidthPerMigration",
                                "64Mi"),
                            "spec"))),
        of(ConcernCode.QUOTA_EXCEEDED)
            .world(
                world ->
                    world.put(
                        Side.TARGET,
                        with(
                            Kind.RESOURCE_QUOTA.blank(NAMESPACE, "team"),
                            Map.of("requests.storage", "5Gi"),
                            "status",
                            "hard"))),
        of(ConcernCode.LIMIT_RANGE_EXCEEDED)
            .world(
                world ->
                    world.put(
                        Side.TARGET,
                        with(
                            Kind.LIMIT_RANGE.blank(NAMESPACE, "small"),
                            List.of(Map.of("type", "Container", "max", Map.of("memory", "512Mi"))),
                            "spec",
                            "limits"))));
  }

  private static List<PreflightCase> taken() {
    return List.of(
        of(ConcernCode.NAME_TAKEN)
            .world(world -> world.put(Side.TARGET, Machines.plain().build().vm().raw())),
        of(ConcernCode.NAME_TAKEN)
            .world(world -> world.put(Side.TARGET, Kind.PVC.blank(NAMESPACE, "web-root"))),
        of(ConcernCode.NAME_TAKEN)
            .world(world -> world.put(Side.TARGET, Kind.INSTANCE.blank(NAMESPACE, "web"))),
        of(ConcernCode.NAME_TAKEN)
            .setting("serviceExports", "mcs")
            .world(
                world ->
                    world.put(
                        Side.TARGET,
                        Kind.SERVICE_EXPORT.blank(
                            PreflightWorld.KUBEVIRT,
                            "migrator-sync-" + Hash.of("west").substring(0, 12)))),
        of(ConcernCode.CONTENT_DIFFERS)
            .own("everything")
            .world(world -> world.put(Side.TARGET, Kind.SECRET.blank(NAMESPACE, "init"))),
        of(ConcernCode.MAC_ADDRESS_TAKEN)
            .world(
                world -> {
                  GenericKubernetesResource other = Machines.plain().build().vm().raw();
                  other.getMetadata().setName("other");
                  world.put(
                      Side.TARGET,
                      with(
                          other,
                          List.of(Map.of("name", "default", "macAddress", "02:00:00:00:10:01")),
                          INTERFACES));
                }));
  }

  private static List<PreflightCase> refused() {
    return List.of(
        of(ConcernCode.DRY_RUN_REFUSED)
            .world(
                admission(
                    review -> {
                      throw new AdmissionDenied(422, "Invalid", "A policy forbids it.");
                    })),
        of(ConcernCode.RECEIVER_DIFFERS)
            .world(
                admission(
                    review ->
                        Tree.maps(review.object(), INTERFACES)
                            .forEach(nic -> nic.put("macAddress", "02:00:00:00:99:99")))),
        of(ConcernCode.FIELD_LOST)
            .own("everything")
            .world(
                admission(
                    review ->
                        Tree.remove(
                            Objects.requireNonNull(review.object()), "spec", "futureField"))),
        of(ConcernCode.NOT_CHECKED)
            .world(
                admission(
                    review -> {
                      throw new AdmissionDenied(
                          400, "BadRequest", "admission webhook x does not support dry run");
                    })),
        of(ConcernCode.NOT_CHECKED)
            .world(
                world ->
                    world.clusters.access(
                        Side.TARGET, question -> !question.resource().equals("nodes"))));
  }

  private static Machines withoutClass(Machines machine) {
    return machine.claim("web-root", it -> Tree.remove(it, "spec", "storageClassName"));
  }

  private static Consumer<PreflightWorld> without(Kind kind, String namespace, String name) {
    return world -> world.delete(Side.TARGET, kind, namespace, name);
  }

  /** A webhook of the target that sees what is created there. */
  private static Consumer<PreflightWorld> admission(Admission admission) {
    return world ->
        world.clusters.admit(
            "VirtualMachine",
            review -> {
              if (review.side() == Side.TARGET && review.operation() == Verb.CREATE) {
                admission.review(review);
              }
            });
  }
}
