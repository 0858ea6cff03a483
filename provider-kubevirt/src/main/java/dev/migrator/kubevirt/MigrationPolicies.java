package dev.migrator.kubevirt;

import dev.migrator.model.PlannedVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * KubeVirt's migration policies: how fast a copy may be, how long it may take, and whether the
 * guest may go on after a half of it. That of the <em>target</em> rules a move between clusters for
 * both sides (contract 2.3), so a machine that has one on the source should have the same there.
 */
final class MigrationPolicies {

  private MigrationPolicies() {}

  /**
   * The policy that KubeVirt would choose: of those whose labels are all there the one that names
   * most, of equals the first by name.
   *
   * @param policies all policies of the cluster
   * @param labels the labels of the machine's instance
   * @param namespace its namespace; where it is not known, only policies that do not ask for labels
   *     of it are considered
   */
  static Optional<GenericKubernetesResource> of(
      List<GenericKubernetesResource> policies,
      Map<String, String> labels,
      Optional<GenericKubernetesResource> namespace) {
    Map<String, String> around =
        namespace
            .flatMap(found -> Optional.ofNullable(found.getMetadata().getLabels()))
            .orElse(Map.of());
    return policies.stream()
        .filter(
            policy -> Tree.at(policy.getAdditionalProperties(), "spec", "selectors") instanceof Map)
        .filter(policy -> labels.entrySet().containsAll(machine(policy).entrySet()))
        .filter(policy -> around.entrySet().containsAll(surroundings(policy).entrySet()))
        .min(
            Comparator.<GenericKubernetesResource>comparingInt(
                    policy -> -machine(policy).size() - surroundings(policy).size())
                .thenComparingInt(policy -> -machine(policy).size())
                .thenComparing(policy -> policy.getMetadata().getName()));
  }

  /** Whether the target rules the copy otherwise than the machine is used to. */
  static void check(SourceMachine source, PlannedVm vm, TargetFacts facts, Findings findings) {
    Optional<List<GenericKubernetesResource>> there = facts.list(Kind.MIGRATION_POLICY);
    if (facts.sourcePolicy().isEmpty() || there.isEmpty()) {
      return;
    }
    GenericKubernetesResource here = facts.sourcePolicy().get();
    Optional<GenericKubernetesResource> target =
        of(
            there.get(),
            source.vm().templateLabels(),
            facts.find(Kind.NAMESPACE, "", vm.target().namespace()));
    List<String> differences =
        FieldDiff.between(settings(here), target.map(MigrationPolicies::settings).orElse(Map.of()));
    findings.addIf(
        !differences.isEmpty(),
        ConcernCode.MIGRATION_POLICY_DIFFERS,
        "MigrationPolicy " + here.getMetadata().getName(),
        "On the target "
            + target
                .map(it -> it.getMetadata().getName() + " rules the copy")
                .orElse("none does so")
            + ": "
            + String.join("; ", differences)
            + ".");
  }

  private static Map<String, Object> settings(GenericKubernetesResource policy) {
    Map<String, Object> spec = new HashMap<>(Tree.map(policy.getAdditionalProperties(), "spec"));
    spec.remove("selectors");
    return spec;
  }

  private static Map<String, Object> selectors(GenericKubernetesResource policy) {
    return Tree.map(policy.getAdditionalProperties(), "spec", "selectors");
  }

  private static Map<String, String> machine(GenericKubernetesResource policy) {
    return Tree.strings(selectors(policy), "virtualMachineInstanceSelector");
  }

  private static Map<String, String> surroundings(GenericKubernetesResource policy) {
    return Tree.strings(selectors(policy), "namespaceSelector");
  }
}
