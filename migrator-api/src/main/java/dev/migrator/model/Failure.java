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
 * @param first when it happened first in this row; the budget of retries is counted from here
 * @param last when it happened last; the next try is the status's {@code due}
 * @param cause what was being undone when this happened, or null
 */
public record Failure(
    @Nullable String phase,
    String code,
    String message,
    int count,
    Instant first,
    Instant last,
    @Nullable Failure cause) {

  public Failure {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(last, "last");
    if (count < 1) {
      throw new IllegalArgumentException("A failure happened at least once, got " + count);
    }
  }

  /**
   * A failure that happened once.
   *
   * @param phase the phase, or null when it happened before the first
   * @param code a stable identifier in upper camel case
   * @param message what failed, on which object, why, what to do
   * @param at when it happened
   * @return the failure
   */
  public static Failure once(@Nullable String phase, String code, String message, Instant at) {
    return new Failure(phase, code, message, 1, at, at, null);
  }
}
