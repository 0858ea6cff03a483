package dev.migrator.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The person on whose behalf a plan runs; their rights are asked for besides our own.
 *
 * <p>A host fills it in from what the API server's authentication said of the person, never from
 * what the person wrote: a name that can be chosen freely grants whatever its owner may do. The
 * groups are all that the person has, {@code system:authenticated} included.
 *
 * @param user the user name that the clusters know
 * @param groups the groups that the clusters know
 * @param uid the user's unique id; empty where there is none
 * @param extra what the authentication knows besides, such as scopes; some authorizers look at it
 */
public record Requester(
    String user, List<String> groups, String uid, Map<String, List<String>> extra) {

  public Requester {
    if (Objects.requireNonNull(user, "user").isBlank()) {
      throw new IllegalArgumentException("A requester needs a user name");
    }
    groups = List.copyOf(groups);
    Objects.requireNonNull(uid, "uid");
    Map<String, List<String>> copy = new HashMap<>();
    extra.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    extra = Map.copyOf(copy);
  }

  /**
   * A person without a unique id and without anything else.
   *
   * @param user the user name that the clusters know
   * @param groups the groups that the clusters know
   */
  public Requester(String user, List<String> groups) {
    this(user, groups, "", Map.of());
  }
}
