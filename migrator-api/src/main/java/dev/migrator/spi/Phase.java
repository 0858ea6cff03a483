package dev.migrator.spi;

import java.util.Objects;

/**
 * The executable unit of a migration, declared once: itinerary, pipeline, mapping to steps,
 * progress and documentation are derived from it.
 *
 * @param name its name, a verb phrase in upper camel case; unique in its itinerary
 * @param step the human-visible stage that it belongs to, a noun
 * @param condition whether it belongs to a machine's itinerary
 * @param action its work
 */
public record Phase(String name, String step, Condition condition, PhaseAction action) {

  public Phase {
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(action, "action");
    if (name.isBlank() || step.isBlank()) {
      throw new IllegalArgumentException(
          "A phase needs a name and a step, got '" + name + "', '" + step + "'");
    }
  }

  /** A phase that every machine goes through. */
  public static Phase of(String name, String step, PhaseAction action) {
    return new Phase(name, step, Condition.always(), action);
  }

  /** A phase that every machine goes through and that the shared runner executes. */
  public static Phase shared(String name, String step) {
    return of(name, step, PhaseAction.shared());
  }

  /** Whether the shared runner executes it, as declared; an action may still delegate later. */
  public boolean isShared() {
    return action == SharedAction.INSTANCE;
  }

  /** Returns the same phase under a condition. */
  public Phase when(Condition condition) {
    return new Phase(name, step, condition, action);
  }
}
