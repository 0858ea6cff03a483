package dev.migrator.testkit.apiserver;

/**
 * Who may do what: answers access reviews, and requests of counted clients are held to it.
 *
 * <p>Called on the thread that carries the request.
 */
@FunctionalInterface
public interface AccessRule {

  /** The rule under which everybody may do everything. */
  AccessRule ALLOW_ALL = question -> true;

  /** Returns whether this may be done. */
  boolean allows(Question question);

  /**
   * One question.
   *
   * @param user who wants to do it
   * @param groups the groups of that user
   * @param verb in lower case, as RBAC spells it
   * @param group API group, empty for the core group
   * @param resource plural name
   * @param subresource empty for the object itself
   * @param namespace empty for cluster-scoped resources and for "in all namespaces"
   * @param name empty for "any"
   */
  record Question(
      String user,
      java.util.List<String> groups,
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {}
}
