package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes the machine's own words and the nodes' taints leave for the receiver's pod, as
 * Kubernetes' scheduler reads them.
 *
 * <p>Only what a node alone decides: affinity to other pods and topology spread depend on what else
 * runs. An operator that is newer than this library counts as met.
 *
 * @param selector labels that the machine asks for
 * @param terms required node affinity, of which one must match; empty where any node will do
 * @param tolerations taints that the machine bears
 * @param ownScheduler whether another scheduler than Kubernetes' own decides
 */
record Placement(
    Map<String, String> selector,
    List<Map<String, Object>> terms,
    List<Map<String, Object>> tolerations,
    boolean ownScheduler) {

  private static final String CORDONED = "node.kubernetes.io/unschedulable";

  /** Borne for five minutes by every pod, which admission sees to. */
  private static final Set<String> BORNE =
      Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  /** What goes along with the machine; where an instance type rules, its instance knows. */
  static Placement of(SourceMachine source, KubeVirtOptions options) {
    if (!options.keepNodeConstraints()) {
      return new Placement(Map.of(), List.of(), List.of(), false);
    }
    Map<String, Object> template = source.vm().templateSpec();
    Map<String, Object> given =
        source.vm().instancetype().isPresent() || source.vm().preference().isPresent()
            ? source.instance().map(VmiView::spec).orElse(Map.of())
            : Map.of();
    String[] required = {
      "affinity",
      "nodeAffinity",
      "requiredDuringSchedulingIgnoredDuringExecution",
      "nodeSelectorTerms"
    };
    return new Placement(
        Tree.strings(having(template, given, "nodeSelector"), "nodeSelector"),
        Tree.maps(having(template, given, "affinity"), required),
        Tree.maps(having(template, given, "tolerations"), "tolerations"),
        Tree.text(having(template, given, "schedulerName"), "schedulerName")
            .filter(name -> !name.equals("default-scheduler"))
            .isPresent());
  }

  private static Map<String, Object> having(
      Map<String, Object> template, Map<String, Object> given, String field) {
    return Tree.has(template, field) ? template : given;
  }

  /** Why the scheduler passes a node over, as a clause; empty where it does not. */
  Optional<String> obstacle(GenericKubernetesResource node) {
    if (!terms.isEmpty() && terms.stream().noneMatch(term -> matches(term, node))) {
      return Optional.of("not what the machine's node affinity requires");
    }
    Map<String, Object> spec = Tree.map(node.getAdditionalProperties(), "spec");
    if (Tree.isTrue(spec, "unschedulable")
        && !isTolerated(Map.of("key", CORDONED, "effect", "NoSchedule"))) {
      return Optional.of("closed to new pods");
    }
    return Tree.maps(spec, "taints").stream()
        .filter(Placement::keepsAway)
        .filter(taint -> !isTolerated(taint))
        .findFirst()
        .map(taint -> "tainted " + text(taint) + ", which the machine does not tolerate");
  }

  private static boolean keepsAway(Map<String, Object> taint) {
    String effect = Tree.text(taint, "effect").orElse("");
    String key = Tree.text(taint, "key").orElse("");
    return (effect.equals("NoSchedule") && !key.equals(CORDONED))
        || (effect.equals("NoExecute") && !BORNE.contains(key));
  }

  private boolean isTolerated(Map<String, Object> taint) {
    return tolerations.stream().anyMatch(it -> tolerates(it, taint));
  }

  private static boolean tolerates(Map<String, Object> toleration, Map<String, Object> taint) {
    Optional<String> key = Tree.text(toleration, "key");
    Optional<String> effect = Tree.text(toleration, "effect");
    boolean meant =
        (key.isEmpty() || key.equals(Tree.text(taint, "key")))
            && (effect.isEmpty() || effect.equals(Tree.text(taint, "effect")));
    return meant
        && switch (Tree.text(toleration, "operator").orElse("Equal")) {
          case "Equal" ->
              key.isPresent() && Tree.text(toleration, "value").equals(Tree.text(taint, "value"));
          default -> true;
        };
  }

  private static boolean matches(Map<String, Object> term, GenericKubernetesResource node) {
    List<Map<String, Object>> labels = Tree.maps(term, "matchExpressions");
    List<Map<String, Object>> fields = Tree.maps(term, "matchFields");
    // A term without requirements matches no node.
    return !(labels.isEmpty() && fields.isEmpty())
        && labels.stream().allMatch(it -> isMet(it, label(node, it)))
        && fields.stream().allMatch(it -> isMet(it, node.getMetadata().getName()));
  }

  private static @Nullable String label(
      GenericKubernetesResource node, Map<String, Object> requirement) {
    return Tree.text(requirement, "key").map(key -> Labels.label(node, key)).orElse(null);
  }

  private static boolean isMet(Map<String, Object> requirement, @Nullable String value) {
    List<String> values = Tree.texts(requirement, "values");
    return switch (Tree.text(requirement, "operator").orElse("")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(value, values) > 0;
      case "Lt" -> compare(value, values) < 0;
      default -> true;
    };
  }

  /** Zero, which meets neither, where one of both is no number. */
  private static int compare(@Nullable String value, List<String> values) {
    try {
      return value == null || values.isEmpty()
          ? 0
          : new BigInteger(value).compareTo(new BigInteger(values.get(0)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String text(Map<String, Object> taint) {
    String value = Tree.text(taint, "value").map(it -> "=" + it).orElse("");
    return Stream.of("key", "effect")
        .map(part -> Tree.text(taint, part).orElse(""))
        .reduce((key, effect) -> key + value + ":" + effect)
        .orElse("");
  }

  /** For people; what the machine says about nodes is its own. */
  @Override
  public String toString() {
    return selector.size()
        + " labels, "
        + terms.size()
        + " terms, "
        + tolerations.size()
        + " tolerations";
  }
}
