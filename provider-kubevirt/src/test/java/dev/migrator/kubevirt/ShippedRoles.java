package dev.migrator.kubevirt;

import dev.migrator.testkit.apiserver.AccessRule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The roles as they lie in the jar, as an access rule: what an API server would allow under them.
 */
final class ShippedRoles {

  private static final String FOLDER = "rights/";
  private static final Map<Set<Grant>, AccessRule> RULES = new ConcurrentHashMap<>();

  private ShippedRoles() {}

  /** The roles of a file, as an API server reads them. */
  static List<HasMetadata> load(String path) {
    List<HasMetadata> roles = new ArrayList<>();
    for (String document : text(path).split("(?m)^---$", -1)) {
      roles.add(
          document.contains("kind: ClusterRole")
              ? Serialization.unmarshal(document, ClusterRole.class)
              : Serialization.unmarshal(document, Role.class));
    }
    return roles;
  }

  /** The text of a file; empty where there is none. */
  static String text(String path) {
    try (InputStream file = Rights.class.getResourceAsStream(FOLDER + path)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whoever has these roles, bound as docs/rights.md says, may do this. */
  static AccessRule of(Grant... grants) {
    return RULES.computeIfAbsent(Set.of(grants), ShippedRoles::rule);
  }

  /** Whoever has a side's role as Roles of one namespace may do this. */
  static AccessRule namespaced(Grant grant, String machines) {
    List<AccessRule> all = new ArrayList<>();
    for (HasMetadata role : load("namespaced/" + grant.role() + ".yaml")) {
      String written = role instanceof Role ? role.getMetadata().getNamespace() : "";
      String namespace = written.equals(RoleFiles.MACHINES) ? machines : written;
      Predicate<String> where = namespace.isEmpty() ? any -> true : namespace::equals;
      rules(role).forEach(rule -> all.add(bound(rule, where)));
    }
    return question -> all.stream().anyMatch(rule -> rule.allows(question));
  }

  private static AccessRule rule(Set<Grant> grants) {
    List<AccessRule> all = new ArrayList<>();
    for (Grant grant : grants) {
      for (HasMetadata role : load(grant.role() + ".yaml")) {
        Predicate<String> where = where(role);
        rules(role).forEach(rule -> all.add(bound(rule, where)));
      }
    }
    return question -> all.stream().anyMatch(rule -> rule.allows(question));
  }

  static List<PolicyRule> rules(HasMetadata role) {
    return role instanceof ClusterRole wide ? wide.getRules() : ((Role) role).getRules();
  }

  /** A ClusterRole for machines or networks is bound in their namespaces, not in KubeVirt's. */
  private static Predicate<String> where(HasMetadata role) {
    String name = role.getMetadata().getName();
    if (name.equals(Grant.HOST.role())) {
      // Bound in whatever namespace a test keeps its Jobs in.
      return namespace -> !namespace.isEmpty() && !namespace.equals("kubevirt");
    }
    if (role instanceof Role) {
      return role.getMetadata().getNamespace()::equals;
    }
    return Rights.all().stream()
            .filter(right -> RoleFiles.name(right.grant(), right.place()).equals(name))
            .allMatch(right -> right.place() == Right.Place.CLUSTER)
        ? namespace -> true
        : namespace -> !namespace.isEmpty() && !namespace.equals("kubevirt");
  }

  private static AccessRule bound(PolicyRule rule, Predicate<String> where) {
    Set<String> verbs = Set.copyOf(rule.getVerbs());
    Set<String> groups = Set.copyOf(rule.getApiGroups());
    Set<String> resources = Set.copyOf(rule.getResources());
    Set<String> names =
        rule.getResourceNames() == null ? Set.of() : Set.copyOf(rule.getResourceNames());
    return question ->
        verbs.contains(question.verb())
            && groups.contains(question.group())
            && resources.contains(
                question.resource()
                    + (question.subresource().isEmpty() ? "" : "/" + question.subresource()))
            && (names.isEmpty() || names.contains(question.name()))
            && where.test(question.namespace());
  }

  /** What a side's connection gets when everything is wanted. */
  static AccessRule everything(dev.migrator.model.Side side) {
    return of(
        Arrays.stream(Grant.values())
            .filter(grant -> grant.sides().contains(side))
            .toArray(Grant[]::new));
  }
}
