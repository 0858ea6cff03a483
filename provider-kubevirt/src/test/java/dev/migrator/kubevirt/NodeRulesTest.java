package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.migrator.model.Concern;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The receiver's pod selects nodes by what the source runs on; one of the target must match. */
class NodeRulesTest {

  @Test
  void theReceiverNeedsANodeLikeTheSources() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("kubevirt.io/schedulable", "true");
    labels.put("kubernetes.io/arch", "amd64");
    labels.put("machine-type.node.kubevirt.io/" + Machines.MACHINE_TYPE, "true");
    labels.put("cpu-vendor.node.kubevirt.io/Intel", "true");
    labels.put("cpu-model-migration.node.kubevirt.io/Skylake", "true");
    GenericKubernetesResource left =
        node(
            Map.of(
                "cpu-vendor.node.kubevirt.io/Intel",
                "true",
                "host-model-cpu.node.kubevirt.io/Skylake",
                "true"));
    assertThat(onNodes(left, labels)).isEmpty();
    for (String label : labels.keySet()) {
      Map<String, String> fewer = new LinkedHashMap<>(labels);
      fewer.put("machine-type.node.kubevirt.io/pc-i440fx", "true");
      fewer.remove(label);
      assertThat(onNodes(left, fewer)).as("without " + label).containsExactly("NoSuitableNode");
    }
  }

  static Stream<Arguments> selections() {
    return Stream.of(
        arguments(
            "cpu-feature.node.kubevirt.io/avx512",
            spec(
                List.of(Map.of("name", "avx512", "policy", "require"), Map.of("name", "avx")),
                "cpu",
                "features")),
        arguments("kubevirt.io/realtime", spec(Map.of(), "cpu", "realtime")),
        arguments("kubevirt.io/cpumanager", spec(true, "cpu", "dedicatedCpuPlacement")),
        arguments("hyperv.node.kubevirt.io/synic", spec(Map.of(), "features", "hyperv", "synic")),
        arguments(
            "scheduling.node.kubevirt.io/tsc-frequency-2100",
            (UnaryOperator<Machines>)
                machine ->
                    machine.instanceStatus(
                        status -> Tree.put(status, 2100, "topologyHints", "tscFrequency"))));
  }

  @ParameterizedTest
  @MethodSource("selections")
  void whatTheReceiversPodSelectsByMustBeOnANode(String label, UnaryOperator<Machines> change) {
    KubeVirtView strict = KubeVirts.of("v1.9.0", KubeVirts.gate("HypervStrictCheck"));
    Map<String, String> labels =
        new LinkedHashMap<>(
            Map.of("kubevirt.io/schedulable", "true", "cpu-feature.node.kubevirt.io/avx", "true"));
    labels.put("kubernetes.io/arch", "amd64");
    Machines machine = change.apply(Machines.plain());
    for (boolean has : new boolean[] {false, true}) {
      if (has) {
        labels.put(label, "true");
      }
      Findings findings = Findings.about(machine.planned().source());
      NodeRules.check(
          machine.build(),
          KubeVirtOptions.of(machine.plan().build()),
          strict,
          TargetFacts.unknown().with(Kind.NODE, List.of(node(labels))),
          findings);
      assertThat(findings.all()).as("%s is there: %s", label, has).hasSize(has ? 0 : 1);
    }
  }

  @Test
  void aNodeThatTakesNoPodsIsNoNode() {
    GenericKubernetesResource cordoned =
        node(Map.of("kubevirt.io/schedulable", "true", "kubernetes.io/arch", "amd64"));
    cordoned.setAdditionalProperty("spec", Map.of("unschedulable", true));
    assertThat(critical(Machines.plain(), TargetFacts.unknown().with(Kind.NODE, List.of(cordoned))))
        .containsExactly("NoSuitableNode");
  }

  @Test
  void hugePagesMustBeOfferedInTheAmountOfTheGuestsMemory() {
    Machines machine =
        Machines.plain()
            .both(it -> Tree.put(it, "2Mi", "domain", "memory", "hugepages", "pageSize"));
    GenericKubernetesResource node =
        node(Map.of("kubevirt.io/schedulable", "true", "kubernetes.io/arch", "amd64"));
    for (String offered : List.of("512Mi", "1Gi")) {
      Tree.put(node.getAdditionalProperties(), offered, "status", "allocatable", "hugepages-2Mi");
      assertThat(critical(machine, TargetFacts.unknown().with(Kind.NODE, List.of(node))))
          .as(offered)
          .hasSize(offered.equals("1Gi") ? 0 : 1);
    }
  }

  private static UnaryOperator<Machines> spec(Object value, String... path) {
    return machine -> machine.both(spec -> Tree.put(Tree.ensure(spec, "domain"), value, path));
  }

  private static List<String> onNodes(GenericKubernetesResource left, Map<String, String> labels) {
    return critical(
        Machines.plain(),
        TargetFacts.unknown().from(Optional.of(left)).with(Kind.NODE, List.of(node(labels))));
  }

  private static GenericKubernetesResource node(Map<String, String> labels) {
    GenericKubernetesResource node = Kind.NODE.blank("", "node");
    node.getMetadata().setLabels(labels);
    return node;
  }

  private static List<String> critical(Machines machine, TargetFacts facts) {
    return RulesTest.judge(machine, plan -> plan, facts).stream()
        .filter(Concern::isCritical)
        .map(Concern::code)
        .toList();
  }
}
