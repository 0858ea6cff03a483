package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disk In ssd,nvme            | true",
        "disk In hdd                 | false",
        "disk NotIn hdd              | true",
        "disk NotIn ssd              | false",
        "none NotIn x                | true",
        "disk Exists                 | true",
        "none Exists                 | false",
        "none DoesNotExist           | true",
        "disk DoesNotExist           | false",
        "generation Gt 3             | true",
        "generation Gt 4             | false",
        "generation Lt 5             | true",
        "disk Lt 5                   | false",
        "disk NewerThanThisLibrary x | true"
      })
  void aRequiredNodeAffinityMustBeMetByANode(String requirement, boolean met) {
    String[] parts = requirement.split(" ", -1);
    Map<String, Object> expression =
        Map.of(
            "key",
            parts[0],
            "operator",
            parts[1],
            "values",
            parts.length < 3 ? List.of() : List.of(parts[2].split(",", -1)));
    GenericKubernetesResource node = suitable();
    node.getMetadata().getLabels().putAll(Map.of("disk", "ssd", "generation", "4"));
    assertThat(onNode(requiring(Map.of("matchExpressions", List.of(expression))), node))
        .isEqualTo(met ? List.of() : List.of("NoSuitableNode"));
  }

  @Test
  void oneTermOfAnAffinityIsEnoughAndAnEmptyOneIsNone() {
    Map<String, Object> byName =
        Map.of(
            "matchFields",
            List.of(Map.of("key", "metadata.name", "operator", "In", "values", List.of("node"))));
    assertThat(onNode(requiring(Map.of()), suitable())).containsExactly("NoSuitableNode");
    assertThat(onNode(requiring(List.of(Map.of(), byName)), suitable())).isEmpty();
    assertThat(
            critical(
                requiring(Map.of()),
                plan -> plan.settings(Map.of("nodeConstraints", "strip")),
                TargetFacts.unknown().with(Kind.NODE, List.of(suitable()))))
        .as("it does not go along")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu=yes:NoSchedule        |                        | false",
        "gpu=yes:NoSchedule        | gpu Equal yes          | true",
        "gpu=yes:NoSchedule        | gpu Equal no           | false",
        "gpu=yes:NoSchedule        | gpu Exists             | true",
        "gpu=yes:NoSchedule        | * Exists               | true",
        "gpu=yes:NoSchedule        | gpu Exists - NoExecute | false",
        "gpu=yes:NoExecute         | gpu Exists - NoExecute | true",
        "gpu=yes:NoExecute         |                        | false",
        "gpu=yes:PreferNoSchedule  |                        | true",
        "node.kubernetes.io/not-ready:NoExecute  |          | true",
        "node.kubernetes.io/not-ready:NoSchedule |          | false",
        "node.kubernetes.io/unschedulable:NoSchedule | *  Exists | true"
      })
  void aTaintThatTheMachineDoesNotTolerateKeepsItAway(
      String taint, @Nullable String toleration, boolean fits) {
    String[] written = taint.split("[=:]", -1);
    GenericKubernetesResource node = suitable();
    Map<String, Object> tainted = new LinkedHashMap<>();
    tainted.put("key", written[0]);
    tainted.put("effect", written[written.length - 1]);
    if (written.length == 3) {
      tainted.put("value", written[1]);
    }
    node.setAdditionalProperty(
        "spec",
        Map.of("taints", List.of(tainted), "unschedulable", written[0].endsWith("/unschedulable")));
    Machines machine = Machines.plain();
    if (toleration != null) {
      machine.both(spec -> spec.put("tolerations", List.of(toleration(toleration))));
    }
    assertThat(onNode(machine, node)).isEqualTo(fits ? List.of() : List.of("NoSuitableNode"));
  }

  @Test
  void nodesAreToldApartByWhatEachLacks() {
    GenericKubernetesResource tainted = suitable();
    tainted.setAdditionalProperty(
        "spec", Map.of("taints", List.of(Map.of("key", "gpu", "effect", "NoSchedule"))));
    TargetFacts facts =
        TargetFacts.unknown()
            .with(Kind.NODE, List.of(tainted, tainted, node(Map.of("kubevirt.io/other", "x"))));
    assertThat(RulesTest.judge(Machines.plain(), plan -> plan, facts))
        .filteredOn(concern -> concern.code().equals("NoSuitableNode"))
        .singleElement()
        .extracting(Concern::message)
        .asString()
        .startsWith(
            "None of 3 suits the receiver: 2 tainted gpu:NoSchedule, which the machine does not"
                + " tolerate; 1 without all of these labels: kubevirt.io/schedulable=true");
    Machines elsewhere = Machines.plain().both(spec -> spec.put("schedulerName", "own"));
    assertThat(RulesTest.judge(elsewhere, plan -> plan, facts))
        .as("another scheduler may think otherwise")
        .filteredOn(concern -> concern.code().equals("NoSuitableNode"))
        .extracting(Concern::severity)
        .containsExactly(Severity.WARNING);
  }

  private static Map<String, Object> toleration(String text) {
    String[] words = text.trim().split(" +", -1);
    Map<String, Object> toleration = new LinkedHashMap<>();
    String[] names = {"key", "operator", "value", "effect"};
    for (int i = 0; i < words.length; i++) {
      if (!words[i].equals("*") && !words[i].equals("-")) {
        toleration.put(names[i], words[i]);
      }
    }
    return toleration;
  }

  private static Machines requiring(Map<String, Object> term) {
    return requiring(List.of(term));
  }

  private static Machines requiring(List<Map<String, Object>> terms) {
    return Machines.plain()
        .both(
            spec ->
                Tree.put(
                    spec,
                    terms,
                    "affinity",
                    "nodeAffinity",
                    "requiredDuringSchedulingIgnoredDuringExecution",
                    "nodeSelectorTerms"));
  }

  private static List<String> onNode(Machines machine, GenericKubernetesResource node) {
    return critical(machine, TargetFacts.unknown().with(Kind.NODE, List.of(node)));
  }

  private static GenericKubernetesResource suitable() {
    return node(
        new LinkedHashMap<>(
            Map.of("kubevirt.io/schedulable", "true", "kubernetes.io/arch", "amd64")));
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
    return critical(machine, plan -> plan, facts);
  }

  private static List<String> critical(
      Machines machine, UnaryOperator<MigrationPlan.Builder> change, TargetFacts facts) {
    return RulesTest.judge(machine, change, facts).stream()
        .filter(Concern::isCritical)
        .map(Concern::code)
        .toList();
  }
}
