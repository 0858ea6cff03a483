package dev.migrator.testkit.apiserver;

import java.util.List;

/**
 * Who sends a request.
 *
 * @param user the user's name
 * @param groups the user's groups
 * @param counted whether it is the code under test: counted, disturbed and held to access rules
 */
record Caller(String user, List<String> groups, boolean counted) {

  private static final List<String> MASTERS = List.of("system:masters", "system:authenticated");

  /** The administrator where the code under test asks, else the actors, as KubeVirt's own. */
  static Caller admin(boolean counted) {
    return new Caller(
        counted ? "kubernetes-admin" : "system:serviceaccount:kubevirt:kubevirt-controller",
        MASTERS,
        counted);
  }

  /** The server itself: garbage collection and the like. */
  static Caller controller(String name) {
    return new Caller("system:serviceaccount:kube-system:" + name, MASTERS, false);
  }

  /** Returns somebody else whom this caller acts as. */
  Caller impersonating(String otherUser, List<String> otherGroups) {
    List<String> all = new java.util.ArrayList<>(otherGroups);
    if (!all.contains("system:authenticated")) {
      all.add("system:authenticated");
    }
    return new Caller(otherUser, List.copyOf(all), counted);
  }
}
