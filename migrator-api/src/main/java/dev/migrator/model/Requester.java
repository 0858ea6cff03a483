package dev.migrator.model;

import java.util.List;
import java.util.Objects;

/**
 * The person on whose behalf a plan runs; their rights are asked for besides our own.
 *
 * @param user the user name that the clusters know
 * @param groups the groups that the clusters know
 */
public record Requester(String user, List<String> groups) {

  public Requester {
    Objects.requireNonNull(user, "user");
    groups = List.copyOf(groups);
  }
}
