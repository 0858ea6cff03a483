package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.ManualClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Lets simulated (or real) time pass until a condition holds. */
final class Patience {
  private static final Duration SIMULATED = Duration.ofHours(1);
  private static final Duration REAL = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 20;

  private final Engine engine;
  private final Clock clock;

  Patience(Engine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  void until(String what, BooleanSupplier condition) {
    until(what, Optional::empty, condition);
  }

  /** As the other, but a host takes its turn whenever the controllers rest. */
  void until(String what, Supplier<Optional<Instant>> host, BooleanSupplier condition) {
    Instant begun = clock.instant();
    Duration limit = clock instanceof ManualClock ? SIMULATED : REAL;
    while (true) {
      engine.settle();
      if (condition.getAsBoolean()) {
        return;
      }
      if (clock.instant().isAfter(begun.plus(limit))) {
        throw new AssertionError("Not within " + limit + ": " + what);
      }
      Optional<Instant> due = host.get();
      boolean rests = due.isEmpty() || due.get().isAfter(clock.instant());
      if (rests && !engine.round() && !condition.getAsBoolean()) {
        pass(what, due);
      }
    }
  }

  private void pass(String what, Optional<Instant> due) {
    if (clock instanceof ManualClock manual) {
      manual.advanceTo(
          Stream.concat(due.stream(), engine.nextDue().stream())
              .min(Comparator.naturalOrder())
              .orElseThrow(
                  () -> new AssertionError("Nothing more is going to happen, and not: " + what)));
      return;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting: " + what, e);
    }
  }
}
