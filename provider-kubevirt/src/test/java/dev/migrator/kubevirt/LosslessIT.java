package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.RealClusters;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fields that this library has never heard of, on real API servers: where the target's schema keeps
 * them they arrive, and where it prunes them that is said.
 */
@ExtendWith(ClustersExtension.class)
final class LosslessIT {

  private static final String DEFINITION = "virtualmachines.kubevirt.io";
  private static final String OLD = "1.6";
  private static final String KEEP = "x-kubernetes-preserve-unknown-fields";
  private static final String FIELD = "futureField";
  private static final Map<String, Object> CONTENT = Map.of("of", List.of("the", "future"));

  private static RealClusters clusters;
  private final Map<Side, GenericKubernetesResource> before = new LinkedHashMap<>();
  private LiveRig rig;

  @BeforeAll
  static void join(Clusters found) {
    clusters =
        found instanceof RealClusters real
            ? real
            : abort("The definitions of an existing cluster are not ours to change");
  }

  @AfterEach
  void leave() {
    rig.close();
    before.forEach((side, definition) -> clusters.define(side, definition, () -> true));
  }

  @Test
  void unknownFieldsOfEveryLevelArriveWhereTheSchemaKeepsThem() {
    VmRef vm = machine("it-kept");
    GenericKubernetesResource machine = futuristic(vm);
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      define(side, open(stored(side)), () -> lost(side, machine).isEmpty());
    }
    boot(vm, machine);

    VmStatus end = move(LiveRig.plan(vm, vm));

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(end.warnings()).noneMatch(warning -> warning.contains(FIELD));
    assertThat(futures(arrived(vm)))
        .isEqualTo(futures(machine.getAdditionalProperties()))
        .hasSize(9);
  }

  @Test
  void whatAnOlderTargetDropsIsFoundBeforeAndReportedAfterwards() {
    VmRef vm = machine("it-pruned");
    GenericKubernetesResource machine = sample(vm).manifest();
    Map<String, Object> template =
        Tree.ensure(machine.getAdditionalProperties(), "spec", "template", "spec");
    Tree.put(template, "Terminate", "domain", "rebootPolicy");
    Tree.put(template, "16Mi", "domain", "memory", "reservedOverhead", "addedOverhead");
    Tree.maps(template, "domain", "devices", "disks")
        .forEach(it -> it.put("changedBlockTracking", true));
    List<String> dropped =
        List.of(
            "spec.template.spec.domain.devices.disks[root].changedBlockTracking",
            "spec.template.spec.domain.memory.reservedOverhead",
            "spec.template.spec.domain.rebootPolicy");
    define(
        Side.TARGET,
        clusters
            .definition(OLD, DEFINITION)
            .orElseGet(() -> abort("The definitions of KubeVirt " + OLD + " are not at hand")),
        () -> lost(Side.TARGET, machine).size() == dropped.size());
    boot(vm, machine);
    MigrationPlan plan =
        LiveRig.plan(vm, vm).toBuilder().settings(Map.of("preflight", "full")).build();

    List<Concern> concerns = validate(plan);
    VmStatus end = move(plan);

    assertThat(concerns).noneMatch(Concern::isCritical);
    assertThat(concerns)
        .filteredOn(concern -> concern.code().equals(ConcernCode.FIELD_LOST.code()))
        .singleElement()
        .satisfies(concern -> assertThat(dropped).allMatch(concern.message()::contains));
    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(end.warnings())
        .anyMatch(
            warning -> warning.contains("dropped") && dropped.stream().allMatch(warning::contains));
  }

  private static VmRef machine(String prefix) {
    return new VmRef(clusters.newNamespace(prefix), "web");
  }

  private static SampleVm sample(VmRef vm) {
    return SampleVm.of(vm.namespace(), vm.name()).disk("root", "64Mi");
  }

  /** A machine of a KubeVirt to come: something new in every object of its spec. */
  private static GenericKubernetesResource futuristic(VmRef vm) {
    GenericKubernetesResource machine = sample(vm).manifest();
    Map<String, Object> spec = Tree.map(machine.getAdditionalProperties(), "spec");
    Map<String, Object> template = Tree.map(spec, "template", "spec");
    Map<String, Object> devices = Tree.map(template, "domain", "devices");
    List<Map<String, Object>> levels = new ArrayList<>(List.of(spec, Tree.map(spec, "template")));
    levels.addAll(List.of(template, Tree.map(template, "domain"), devices));
    levels.addAll(Tree.maps(devices, "disks"));
    levels.addAll(Tree.maps(devices, "interfaces"));
    levels.addAll(Tree.maps(template, "volumes"));
    levels.addAll(Tree.maps(template, "networks"));
    levels.forEach(level -> level.put(FIELD, CONTENT));
    return machine;
  }

  private static List<String> futures(Map<String, Object> tree) {
    List<String> found = new ArrayList<>();
    tree.forEach(
        (key, value) -> {
          if (key.equals(FIELD)) {
            found.add(key + value);
          } else if (value instanceof Map<?, ?>) {
            futures(Tree.map(value)).forEach(each -> found.add(key + "." + each));
          } else {
            Tree.maps(tree, key)
                .forEach(
                    element -> futures(element).forEach(each -> found.add(key + "[]." + each)));
          }
        });
    return found.stream().sorted().toList();
  }

  /** The same definition with every object of the machine's spec open to fields to come. */
  private static GenericKubernetesResource open(GenericKubernetesResource definition) {
    GenericKubernetesResource opened = Tree.copy(definition);
    for (Map<String, Object> version :
        Tree.maps(opened.getAdditionalProperties(), "spec", "versions")) {
      open(Tree.map(version, "schema", "openAPIV3Schema", "properties", "spec"));
    }
    return opened;
  }

  private static void open(Map<String, Object> schema) {
    if (schema.containsKey("properties")) {
      schema.put(KEEP, true);
      Tree.map(schema, "properties").values().forEach(each -> open(Tree.map(each)));
    } else if (schema.get("items") instanceof Map<?, ?> items) {
      open(Tree.map(items));
    }
  }

  private static GenericKubernetesResource stored(Side side) {
    return clusters
        .actorClient(side)
        .genericKubernetesResources("apiextensions.k8s.io/v1", "CustomResourceDefinition")
        .withName(DEFINITION)
        .get();
  }

  private void define(
      Side side,
      GenericKubernetesResource definition,
      java.util.function.BooleanSupplier isInForce) {
    before.putIfAbsent(side, stored(side));
    clusters.define(side, definition, isInForce);
  }

  /** What a server would drop of a machine now. */
  private static List<String> lost(Side side, GenericKubernetesResource machine) {
    return new Cluster(side, clusters.actorClient(side))
        .dryRun(machine)
        .stored()
        .map(kept -> SpecDiff.lost(machine, kept))
        .orElse(List.of("everything"));
  }

  private void boot(VmRef vm, GenericKubernetesResource machine) {
    // Controllers that watched before would see, and write back, what the old definition keeps.
    rig = new LiveRig(clusters);
    sample(vm).createReferences(clusters, Side.SOURCE);
    clusters
        .actorClient(Side.SOURCE)
        .genericKubernetesResources(Kind.VIRTUAL_MACHINE.context())
        .inNamespace(vm.namespace())
        .resource(machine)
        .create();
    rig.await(Side.SOURCE, Kind.INSTANCE, vm.namespace(), vm.name(), LiveRig::isReady);
  }

  private VmStatus move(MigrationPlan plan) {
    try (LiveRig.Run run = rig.start(plan)) {
      return run.end();
    }
  }

  private static List<Concern> validate(MigrationPlan plan) {
    try (MigrationRunner runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of(new KubeVirtProvider()))
            .connection("a", KubernetesClient.class, clusters.client(Side.SOURCE))
            .connection("b", KubernetesClient.class, clusters.client(Side.TARGET))
            .build()) {
      return runner.validate(plan);
    }
  }

  private Map<String, Object> arrived(VmRef vm) {
    return rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, vm.namespace(), vm.name())
        .orElseThrow()
        .getAdditionalProperties();
  }
}
