package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;

/**
 * One request to an API server, as the request log, faults and access rules see it.
 *
 * @param side the cluster it was sent to
 * @param number its place in that cluster's log, from 1; 0 for requests that are not counted
 * @param verb what it asks for
 * @param group API group, empty for the core group and for paths that name no resource
 * @param version API version, empty for paths that name no resource
 * @param resource plural name such as {@code virtualmachines}; for paths that name no resource the
 *     path itself
 * @param kind the kind of the resource, empty where the server does not know it
 * @param namespace the namespace, empty for cluster-scoped requests
 * @param name the object's name, empty for lists, watches of many and creations
 * @param subresource such as {@code status}, empty for the object itself
 * @param dryRun whether it asked for no effect
 * @param user who asked, after impersonation
 * @param userAgent what the client calls itself
 */
public record ApiRequest(
    Side side,
    int number,
    Verb verb,
    String group,
    String version,
    String resource,
    String kind,
    String namespace,
    String name,
    String subresource,
    boolean dryRun,
    String user,
    String userAgent) {

  /** Returns whether it meant to change something: dry runs and access reviews do not. */
  public boolean changes() {
    return verb.writes() && !dryRun && !group.equals("authorization.k8s.io");
  }

  /** Returns {@code "VERB resource[.group][/subresource] [namespace/][name]"}, for messages. */
  @Override
  public String toString() {
    return verb
        + " "
        + resource
        + (group.isEmpty() ? "" : "." + group)
        + (subresource.isEmpty() ? "" : "/" + subresource)
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + name
        + (dryRun ? " (dry run)" : "");
  }
}
