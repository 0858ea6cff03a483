package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether the target has a node that the receiver's pod can run on: KubeVirt makes it select by
 * what the source's CPU is (contract 3.4), and an unmet selector costs minutes and then the
 * attempt.
 */
final class NodeRules {

  private static final String VENDOR = "cpu-vendor.node.kubevirt.io/";
  private static final String HOST_MODEL = "host-model-cpu.node.kubevirt.io/";
  private static final String FEATURE = "host-model-required-features.node.kubevirt.io/";

  /** The enlightenments that depend on the node, as KubeVirt's API spells them. */
  private static final List<String> HYPERV =
      List.of(
          "vpindex",
          "runtime",
          "reset",
          "synic",
          "synictimer",
          "frequencies",
          "reenlightenment",
          "tlbflush",
          "ipi");

  private NodeRules() {}

  static void check(
      SourceMachine source,
      KubeVirtOptions options,
      KubeVirtView target,
      TargetFacts facts,
      Findings findings) {
    Optional<List<GenericKubernetesResource>> nodes = facts.list(Kind.NODE);
    Optional<VmiView> vmi = source.instance();
    if (nodes.isEmpty() || vmi.isEmpty()) {
      return;
    }
    findings.addIf(
        isHostModel(vmi.get())
            && facts.sourceNode().filter(node -> !hasPrefix(node, HOST_MODEL)).isPresent(),
        ConcernCode.NO_SUITABLE_NODE,
        "node of the source",
        "The guest has the CPU model of its host, but no label of the node says which one that is,"
            + " so KubeVirt cannot select a node like it.");
    Map<String, String> wanted = wanted(vmi.get(), facts, nodes.get());
    if (target.isGateOn("HypervStrictCheck")) {
      hyperv(vmi.get(), wanted);
    }
    wanted.putAll(Tree.strings(target.configuration(), "developerConfiguration", "nodeSelectors"));
    Placement placement = Placement.of(source, options);
    wanted.putAll(placement.selector());
    boolean dedicated = Tree.isTrue(vmi.get().domain(), "cpu", "dedicatedCpuPlacement");
    Optional<Pages> pages = Pages.of(vmi.get());
    Map<String, Integer> obstacles = new LinkedHashMap<>();
    boolean isLike = false;
    for (GenericKubernetesResource node : nodes.get()) {
      Optional<String> unlike = unlike(node, wanted, dedicated, pages);
      Optional<String> obstacle = unlike.or(() -> placement.obstacle(node));
      if (obstacle.isEmpty()) {
        return;
      }
      isLike |= unlike.isEmpty();
      obstacles.merge(obstacle.get(), 1, Integer::sum);
    }
    findings.add(
        ConcernCode.NO_SUITABLE_NODE,
        // Who else schedules may read taints and affinity otherwise, or not at all.
        isLike && placement.ownScheduler() ? Severity.WARNING : Severity.CRITICAL,
        "nodes of the target",
        "None of "
            + nodes.get().size()
            + " suits the receiver"
            + (obstacles.isEmpty() ? "" : ": " + text(obstacles))
            + ".");
  }

  /** What a node lacks, as a clause; what KubeVirt selects by and the kubelet insists on. */
  private static Optional<String> unlike(
      GenericKubernetesResource node,
      Map<String, String> wanted,
      boolean dedicated,
      Optional<Pages> pages) {
    if (!labels(node).entrySet().containsAll(wanted.entrySet())) {
      return Optional.of("without all of these labels: " + labels(wanted));
    }
    if (dedicated && !hasCpuManager(node)) {
      return Optional.of("without a CPU manager");
    }
    return pages
        .filter(it -> !it.fitIn(node))
        .map(it -> "without " + it.amount() + " of " + it.resource());
  }

  private static String text(Map<String, Integer> obstacles) {
    return String.join(
        "; ", obstacles.entrySet().stream().map(it -> it.getValue() + " " + it.getKey()).toList());
  }

  /**
   * Huge pages that a guest's memory is made of.
   *
   * @param resource as nodes offer them
   * @param amount in bytes
   */
  private record Pages(String resource, BigInteger amount) {

    static Optional<Pages> of(VmiView vmi) {
      return Tree.text(vmi.domain(), "memory", "hugepages", "pageSize")
          .map(
              size ->
                  new Pages(
                      "hugepages-" + size,
                      Tree.text(vmi.domain(), "memory", "guest")
                          .flatMap(Sizes::bytes)
                          .orElse(BigInteger.ONE)));
    }

    boolean fitIn(GenericKubernetesResource node) {
      return Tree.text(node.getAdditionalProperties(), "status", "allocatable", resource)
          .flatMap(Sizes::bytes)
          .filter(offered -> offered.compareTo(amount) >= 0)
          .isPresent();
    }
  }

  private static boolean hasCpuManager(GenericKubernetesResource node) {
    // The second is what versions before 1.9 select by.
    return Stream.of("kubevirt.io/cpumanager", "cpumanager")
        .anyMatch(label -> "true".equals(labels(node).get(label)));
  }

  /** What a strict check selects by for each enlightenment that the kernel has to offer. */
  private static void hyperv(VmiView vmi, Map<String, String> wanted) {
    Map<String, Object> features = Tree.map(vmi.domain(), "features", "hyperv");
    for (String feature : HYPERV) {
      if (Tree.has(features, feature)
          && Tree.text(features, feature, "enabled").map("true"::equals).orElse(true)) {
        wanted.put("hyperv.node.kubevirt.io/" + feature.toLowerCase(Locale.ROOT), "true");
      }
    }
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
    for (Map<String, Object> feature : Tree.maps(vmi.domain(), "cpu", "features")) {
      if (Set.of("", "require").contains(Tree.text(feature, "policy").orElse(""))) {
        Tree.text(feature, "name")
            .ifPresent(name -> wanted.put("cpu-feature.node.kubevirt.io/" + name, "true"));
      }
    }
    Tree.text(vmi.status(), "topologyHints", "tscFrequency")
        .ifPresent(
            hertz -> wanted.put("scheduling.node.kubevirt.io/tsc-frequency-" + hertz, "true"));
    if (Tree.has(vmi.domain(), "cpu", "realtime")) {
      wanted.put("kubevirt.io/realtime", "true");
    }
    if (!model.startsWith("host-")) {
      wanted.put("cpu-model.node.kubevirt.io/" + model, "true");
    }
    return wanted;
  }

  private static boolean isHostModel(VmiView vmi) {
    return Tree.text(vmi.domain(), "cpu", "model").orElse("host-model").equals("host-model");
  }

  private static boolean hasPrefix(GenericKubernetesResource node, String prefix) {
    return labels(node).keySet().stream().anyMatch(label -> label.startsWith(prefix));
  }

  private static Map<String, String> labels(GenericKubernetesResource node) {
    return Optional.ofNullable(node.getMetadata().getLabels()).orElse(Map.of());
  }

  private static String labels(Map<String, String> labels) {
    return String.join(
        ", ", labels.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList());
  }
}
