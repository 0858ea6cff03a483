package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import java.util.Locale;

/**
 * Whether one thing may be done, in the words of Kubernetes' access reviews.
 *
 * @param side the cluster that is asked
 * @param namespace the namespace; empty for none, or for all of them
 * @param group the API group, empty for the core group
 * @param resource the plural
 * @param subresource the subresource, empty for the object itself
 * @param name the only object that is meant, empty for any
 * @param verb as RBAC spells it
 */
record AccessQuestion(
    Side side,
    String namespace,
    String group,
    String resource,
    String subresource,
    String name,
    String verb) {

  static AccessQuestion of(Right right, Side side, String namespace, String verb) {
    return new AccessQuestion(
        side,
        namespace,
        right.kind().group(),
        right.kind().plural(),
        right.subresource(),
        right.name(),
        verb);
  }

  /** The same, for one object only. */
  AccessQuestion named(String only) {
    return new AccessQuestion(side, namespace, group, resource, subresource, only, verb);
  }

  /** The resource with its subresource, as RBAC spells it. */
  String qualified() {
    return resource + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  /** For people: where and what, without the verb. */
  String object() {
    return qualified()
        + (group.isEmpty() ? "" : "." + group)
        + (name.isEmpty() ? "" : " named " + name)
        + (namespace.isEmpty() ? " in the whole cluster" : " in namespace " + namespace)
        + " of the "
        + side.name().toLowerCase(Locale.ROOT);
  }
}
