package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the target has a node that the receiver's pod can run on: KubeVirt makes it select by
 * what the source's CPU is (contract 3.4), and an unmet selector costs minutes and then the
 * attempt.
 */
final class NodeRules {

  private static final String VENDOR = "cpu-vendor.node.kubevirt.io/";
  private static final String HOST_MODEL = "host-model-cpu.node.kubevirt.io/";
  private static final String FEATURE = "host-model-required-features.node.kubevirt.io/";

  private NodeRules() {}

  static void check(
      SourceMachine source, KubeVirtOptions options, TargetFacts facts, Findings findings) {
    Optional<List<GenericKubernetesResource>> nodes = facts.list(Kind.NODE);
    Optional<VmiView> vmi = source.instance();
    if (nodes.isEmpty() || vmi.isEmpty()) {
      return;
    }
    Map<String, String> wanted = wanted(vmi.get(), facts, nodes.get());
    if (options.keepNodeConstraints()) {
      wanted.putAll(Tree.strings(source.vm().templateSpec(), "nodeSelector"));
    }
    boolean fits =
        nodes.get().stream()
            .anyMatch(node -> labels(node).entrySet().containsAll(wanted.entrySet()));
    findings.addIf(
        !fits,
        ConcernCode.NO_SUITABLE_NODE,
        "nodes of the target",
        "None of " + nodes.get().size() + " has all of these labels: " + text(wanted) + ".");
  }

  private static Map<String, String> wanted(
      VmiView vmi, TargetFacts facts, List<GenericKubernetesResource> nodes) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("kubevirt.io/schedulable", "true");
    Tree.text(vmi.spec(), "architecture").ifPresent(it -> wanted.put("kubernetes.io/arch", it));
    // A cluster that does not label its nodes by machine type does not select by it either.
    Identity.machineType(vmi)
        .map(type -> "machine-type.node.kubevirt.io/" + type)
        .filter(label -> nodes.stream().anyMatch(node -> hasPrefix(node, "machine-type.node.")))
        .ifPresent(label -> wanted.put(label, "true"));
    Map<String, String> left = facts.sourceNode().map(NodeRules::labels).orElse(Map.of());
    String model = Tree.text(vmi.domain(), "cpu", "model").orElse("host-model");
    left.forEach(
        (label, value) -> {
          if (label.startsWith(VENDOR)) {
            wanted.put(label, value);
          } else if (model.equals("host-model") && label.startsWith(HOST_MODEL)) {
            wanted.put(label.replace(HOST_MODEL, "cpu-model-migration.node.kubevirt.io/"), value);
          } else if (model.equals("host-model") && label.startsWith(FEATURE)) {
            wanted.put(label.replace(FEATURE, "cpu-feature.node.kubevirt.io/"), value);
          }
        });
    if (!model.startsWith("host-")) {
      wanted.put("cpu-model.node.kubevirt.io/" + model, "true");
    }
    return wanted;
  }

  private static boolean hasPrefix(GenericKubernetesResource node, String prefix) {
    return labels(node).keySet().stream().anyMatch(label -> label.startsWith(prefix));
  }

  private static Map<String, String> labels(GenericKubernetesResource node) {
    return Optional.ofNullable(node.getMetadata().getLabels()).orElse(Map.of());
  }

  private static String text(Map<String, String> labels) {
    return String.join(
        ", ", labels.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList());
  }
}
