package dev.migrator.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where one human-visible stage stands; it groups phases and is never executed itself.
 *
 * @param name the step's name
 * @param state where it stands
 * @param progress how far it has come, or null when that cannot be told
 * @param message a sentence for people: what it does or waits for; empty when there is nothing to
 *     say
 * @param started when it began, or null
 * @param ended when it ended, or null
 */
public record StepStatus(
    String name,
    StepState state,
    @Nullable Progress progress,
    String message,
    @Nullable Instant started,
    @Nullable Instant ended) {

  public StepStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(message, "message");
  }

  /**
   * A step that was not reached yet.
   *
   * @param name the step's name
   * @return the step
   */
  public static StepStatus pending(String name) {
    return new StepStatus(name, StepState.PENDING, null, "", null, null);
  }
}
