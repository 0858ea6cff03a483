package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The target's policy rules the copy; that of the source is what people expect. */
final class MigrationPoliciesTest {

  private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front");

  @Test
  void theMostDetailedOfThoseThatMatchIsInForce() {
    GenericKubernetesResource all = policy("all", Map.of(), Map.of());
    GenericKubernetesResource app = policy("b-app", Map.of("app", "web"), Map.of());
    GenericKubernetesResource tier = policy("a-tier", Map.of("tier", "front"), Map.of());
    GenericKubernetesResource team = policy("a-team", Map.of(), Map.of("team", "blue"));
    GenericKubernetesResource both = policy("both", Map.of("app", "web"), Map.of("team", "blue"));
    GenericKubernetesResource other = policy("other", Map.of("app", "db"), Map.of());
    GenericKubernetesResource none = Kind.MIGRATION_POLICY.blank("", "a-none");

    assertThat(inForce(none, other)).isEmpty();
    assertThat(inForce(none, all, other)).contains("all");
    assertThat(inForce(all, app, tier)).contains("a-tier");
    assertThat(inForce(team, app)).as("labels of the machine weigh more").contains("b-app");
    assertThat(inForce(all, app, both, tier)).contains("both");
  }

  @Test
  void whatTheTargetDoesOtherwiseIsToldFieldByField() {
    assertThat(judged(policy("slow", Map.of(), Map.of()), List.of()))
        .containsExactly(
            "MigrationPolicyDiffers MigrationPolicy slow: On the target none does so:"
                + " bandwidthPerMigration is 64Mi on the source and not set there.");
    GenericKubernetesResource fast = policy("fast", Map.of(), Map.of());
    Tree.put(fast.getAdditionalProperties(), "1Gi", "spec", "bandwidthPerMigration");
    assertThat(judged(policy("slow", Map.of(), Map.of()), List.of(fast)))
        .singleElement()
        .asString()
        .contains("fast rules the copy", "64Mi on the source and 1Gi there");
    assertThat(
            judged(
                policy("slow", Map.of(), Map.of()), List.of(policy("equal", Map.of(), Map.of()))))
        .isEmpty();
  }

  private static List<String> judged(
      GenericKubernetesResource source, List<GenericKubernetesResource> target) {
    TargetFacts facts =
        TargetFacts.unknown().ruledBy(Optional.of(source)).with(Kind.MIGRATION_POLICY, target);
    return RulesTest.judge(Machines.plain(), plan -> plan, facts).stream()
        .filter(concern -> concern.code().startsWith("MigrationPolicy"))
        .map(MigrationPoliciesTest::text)
        .toList();
  }

  private static String text(Concern concern) {
    return concern.code() + " " + concern.subject() + ": " + concern.message();
  }

  private static Optional<String> inForce(GenericKubernetesResource... policies) {
    GenericKubernetesResource namespace = Kind.NAMESPACE.blank("", "demo");
    namespace.getMetadata().setLabels(Map.of("team", "blue"));
    return MigrationPolicies.of(List.of(policies), LABELS, Optional.of(namespace))
        .map(policy -> policy.getMetadata().getName());
  }

  private static GenericKubernetesResource policy(
      String name, Map<String, String> machine, Map<String, String> namespace) {
    GenericKubernetesResource policy = Kind.MIGRATION_POLICY.blank("", name);
    Map<String, Object> properties = policy.getAdditionalProperties();
    Tree.put(properties, machine, "spec", "selectors", "virtualMachineInstanceSelector");
    Tree.put(properties, namespace, "spec", "selectors", "namespaceSelector");
    Tree.put(properties, "64Mi", "spec", "bandwidthPerMigration");
    return policy;
  }
}
