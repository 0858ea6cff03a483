package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectRulesReviewStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection may do in one namespace, as the server lists it.
 *
 * <p>It may say yes, never no: what it does not cover is asked for by itself. Rights in the whole
 * cluster cannot be told from it, because rules of the namespace are among it.
 *
 * @param rules the rules
 */
record AccessRules(List<ResourceRule> rules) {

  /** Nothing is known. */
  static final AccessRules NONE = new AccessRules(List.of());

  AccessRules {
    rules = List.copyOf(rules);
  }

  /** An incomplete list comes from an authorizer that can only be asked one by one. */
  static AccessRules of(@Nullable SubjectRulesReviewStatus status) {
    return status == null
            || status.getResourceRules() == null
            || Boolean.TRUE.equals(status.getIncomplete())
        ? NONE
        : new AccessRules(status.getResourceRules());
  }

  /** Whether one of the rules allows it. */
  boolean allow(AccessQuestion question) {
    return rules.stream()
        .anyMatch(
            rule ->
                has(rule.getVerbs(), question.verb())
                    && has(rule.getApiGroups(), question.group())
                    && hasResource(rule.getResources(), question)
                    && hasName(rule.getResourceNames(), question.name()));
  }

  private static boolean hasResource(@Nullable List<String> some, AccessQuestion question) {
    return has(some, question.qualified())
        || (!question.subresource().isEmpty()
            && some != null
            && some.contains("*/" + question.subresource()));
  }

  private static boolean hasName(@Nullable List<String> some, String name) {
    return some == null || some.isEmpty() || (!name.isEmpty() && some.contains(name));
  }

  private static boolean has(@Nullable List<String> some, String one) {
    return some != null && (some.contains("*") || some.contains(one));
  }
}
