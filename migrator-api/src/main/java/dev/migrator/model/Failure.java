package dev.migrator.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a migration ended, or what the last try ran into.
 *
 * @param phase the phase, or null when it happened before the first
 * @param code a stable identifier in upper camel case
 * @param message what failed, on which object, why, what to do; never the value of a secret
 * @param count how often it happened in a row; at least 1
 * @param last when it happened last
 */
public record Failure(
    @Nullable String phase, String code, String message, int count, Instant last) {

  public Failure {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(last, "last");
  }
}
