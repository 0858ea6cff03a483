package dev.migrator.testkit;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.VmRef;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Condition;

/**
 * Asserts on the recorded events of a run, in three degrees of strictness.
 *
 * <p>Conditions come from {@link MigrationAssertions}. What fails carries the whole event log and
 * the final statuses.
 */
public final class EventsAssert extends AbstractAssert<EventsAssert, MigrationResults> {

  EventsAssert(MigrationResults actual) {
    super(actual, EventsAssert.class);
  }

  /** Every event matches the condition at its place, and there is no other event. */
  @SafeVarargs
  public final EventsAssert exactly(Condition<? super MigrationEvent>... expected) {
    isNotNull();
    List<MigrationEvent> events = actual.events();
    for (int i = 0; i < Math.min(expected.length, events.size()); i++) {
      if (!expected[i].matches(events.get(i))) {
        fail("Event " + i + " should be " + expected[i] + " but is " + text(events.get(i)));
      }
    }
    if (events.size() != expected.length) {
      fail("There should be " + expected.length + " events but there are " + events.size());
    }
    return this;
  }

  /** For every condition there is an event of its own, in whatever order, among others. */
  @SafeVarargs
  public final EventsAssert loosely(Condition<? super MigrationEvent>... expected) {
    isNotNull();
    List<MigrationEvent> left = new ArrayList<>(actual.events());
    for (Condition<? super MigrationEvent> condition : expected) {
      MigrationEvent found = left.stream().filter(condition::matches).findFirst().orElse(null);
      if (found == null) {
        fail("There should be an event that is " + condition + " but there is none");
      }
      left.remove(found);
    }
    return this;
  }

  /** The conditions match events in this order, with any others before, between and after. */
  @SafeVarargs
  public final EventsAssert looselyInOrder(Condition<? super MigrationEvent>... expected) {
    isNotNull();
    List<MigrationEvent> events = actual.events();
    int from = 0;
    for (Condition<? super MigrationEvent> condition : expected) {
      int at = from;
      while (at < events.size() && !condition.matches(events.get(at))) {
        at++;
      }
      if (at == events.size()) {
        fail(
            "After "
                + from
                + " events there should be one that is "
                + condition
                + " but there is none");
      }
      from = at + 1;
    }
    return this;
  }

  /** No event matches the condition. */
  public EventsAssert none(Condition<? super MigrationEvent> unwanted) {
    isNotNull();
    actual.events().stream()
        .filter(unwanted::matches)
        .findFirst()
        .ifPresent(event -> fail("No event should be " + unwanted + " but one is " + text(event)));
    return this;
  }

  /** Goes on with the final status of a machine. */
  public VmStatusAssert vm(String namespace, String name) {
    isNotNull();
    return new VmStatusAssert(actual, actual.status(new VmRef(namespace, name)));
  }

  private void fail(String message) {
    throw actual.explain(new AssertionError(message));
  }

  private static String text(MigrationEvent event) {
    return event.getClass().getSimpleName() + ": " + event.describe();
  }
}
