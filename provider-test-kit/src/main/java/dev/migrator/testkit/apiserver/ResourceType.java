package dev.migrator.testkit.apiserver;

import java.util.List;

/**
 * One kind that the server stores.
 *
 * @param group API group, empty for the core group
 * @param versions the served versions; the first is the one that is stored
 * @param plural the name in paths
 * @param kind the kind
 * @param namespaced whether its objects live in namespaces
 * @param custom whether a custom resource definition brought it: a few rules differ
 * @param status whether status is written through the status subresource only
 */
record ResourceType(
    String group,
    List<String> versions,
    String plural,
    String kind,
    boolean namespaced,
    boolean custom,
    boolean status) {

  /** What tells it from all others on one server. */
  String key() {
    return group + "/" + plural;
  }

  String apiVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** How the API names it in messages: {@code virtualmachines.kubevirt.io}. */
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  boolean is(String otherGroup, String otherPlural) {
    return group.equals(otherGroup) && plural.equals(otherPlural);
  }

  /** Whether generation counts changes of what the user wants. */
  boolean countsGenerations() {
    return custom || (status && (group.equals("apps") || group.equals("batch")));
  }
}
