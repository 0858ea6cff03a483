package dev.migrator.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * A clock that stands still until a test moves it.
 *
 * <p>It starts at {@link #START}, years away from both the epoch and today, so that a forgotten
 * {@code Instant.EPOCH} and a forgotten wall clock both show. Safe for use by several threads; it
 * never goes backwards.
 */
public final class ManualClock extends Clock {

  /** Where every manual clock starts. */
  public static final Instant START = Instant.parse("2031-02-03T04:05:06Z");

  private final Hands hands;
  private final ZoneId zone;

  /** Creates a clock that stands at {@link #START}, in UTC. */
  public ManualClock() {
    this(new Hands(), ZoneOffset.UTC);
  }

  private ManualClock(Hands hands, ZoneId zone) {
    this.hands = hands;
    this.zone = zone;
  }

  /**
   * Moves the clock forward.
   *
   * @param step how far; zero changes nothing
   * @return the instant at which the clock then stands
   * @throws IllegalArgumentException when the step is negative
   */
  public Instant advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("A clock does not go back: " + step);
    }
    return hands.move(step);
  }

  /**
   * Moves the clock forward to an instant; one that has passed already changes nothing.
   *
   * @param instant where the clock shall stand
   * @return the instant at which the clock then stands
   */
  public Instant advanceTo(Instant instant) {
    Objects.requireNonNull(instant, "instant");
    return hands.moveTo(instant);
  }

  @Override
  public Instant instant() {
    return hands.at();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** Returns a view of the same instant in another zone: moving one moves both. */
  @Override
  public Clock withZone(ZoneId otherZone) {
    return new ManualClock(hands, otherZone);
  }

  @Override
  public String toString() {
    return "ManualClock[" + instant() + "]";
  }

  /** The instant that a clock and its views in other zones share. */
  private static final class Hands {
    private Instant now = START;

    synchronized Instant at() {
      return now;
    }

    synchronized Instant move(Duration step) {
      now = now.plus(step);
      return now;
    }

    synchronized Instant moveTo(Instant instant) {
      if (now.isBefore(instant)) {
        now = instant;
      }
      return now;
    }
  }
}
