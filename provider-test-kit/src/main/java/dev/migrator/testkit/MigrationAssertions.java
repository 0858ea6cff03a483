package dev.migrator.testkit;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.util.function.Predicate;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.Condition;

/** The one static import of a provider's tests: AssertJ, and what the kit adds to it. */
public class MigrationAssertions extends Assertions {

  /** Only its static methods are of use. */
  protected MigrationAssertions() {}

  /** Asserts on a run: its events and, through them, its machines. */
  public static EventsAssert assertThat(MigrationResults actual) {
    return new EventsAssert(actual);
  }

  /** Asserts on a status. */
  public static VmStatusAssert assertThat(VmStatus actual) {
    return new VmStatusAssert(null, actual);
  }

  /** An event of this type. */
  public static Condition<MigrationEvent> event(Class<? extends MigrationEvent> type) {
    return new Condition<>(type::isInstance, type.getSimpleName());
  }

  /** A machine was put before its first phase. */
  public static Condition<MigrationEvent> started() {
    return event(MigrationEvent.Started.class);
  }

  /** A phase began. */
  public static Condition<MigrationEvent> phaseEntered(String phase) {
    return event(
        MigrationEvent.PhaseEntered.class,
        entered -> entered.phase().equals(phase),
        "PhaseEntered " + phase);
  }

  /** A machine waits for this. */
  public static Condition<MigrationEvent> waits(String name) {
    return event(
        MigrationEvent.Waits.class, waits -> waits.name().equals(name), "Waits for " + name);
  }

  /** A try failed and there is another one. */
  public static Condition<MigrationEvent> retryScheduled() {
    return event(MigrationEvent.RetryScheduled.class);
  }

  /** The guest is known to have moved. */
  public static Condition<MigrationEvent> handedOver() {
    return event(MigrationEvent.HandedOver.class);
  }

  /** A warning that contains this text. */
  public static Condition<MigrationEvent> warned(String text) {
    return event(
        MigrationEvent.Warned.class,
        warned -> warned.warning().contains(text),
        "Warned of '" + text + "'");
  }

  /** A machine became final in this state. */
  public static Condition<MigrationEvent> ended(VmState state) {
    return event(MigrationEvent.Ended.class, ended -> ended.state() == state, "Ended as " + state);
  }

  private static <E extends MigrationEvent> Condition<MigrationEvent> event(
      Class<E> type, Predicate<E> matches, String words) {
    return new Condition<>(
        event -> type.isInstance(event) && matches.test(type.cast(event)), words);
  }
}
