package dev.migrator.examples.quickstart;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Waits between turns, and keeps apart what the library took and what the clusters took.
 *
 * <p>The library's part is the time in turns plus, for every wait, the time from the last change on
 * either cluster to the moment at which the wait ended: a library that only polled would be charged
 * for its polling interval.
 */
final class Pace {

  private final Clock clock;
  private final LongSupplier nanos;
  private final LongSupplier lastChangeNanos;
  private final Semaphore woken = new Semaphore(0);
  private long began;
  private long turnBegan;
  private long overheadNanos;

  /**
   * Begins to measure.
   *
   * @param clock the clock that instants are given by
   * @param nanos a ticker such as {@link System#nanoTime}
   * @param lastChangeNanos when either cluster changed last, by the same ticker
   */
  Pace(Clock clock, LongSupplier nanos, LongSupplier lastChangeNanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.lastChangeNanos = lastChangeNanos;
    begin();
  }

  /** Begins to measure, again if need be. */
  final void begin() {
    began = nanos.getAsLong();
    turnBegan = began;
  }

  /** Ends the current wait, or the next one; from any thread. */
  void wake() {
    woken.release();
  }

  /** Waits until somebody wakes or until an instant. */
  void await(Instant until) throws InterruptedException {
    long waitBegan = nanos.getAsLong();
    overheadNanos += waitBegan - turnBegan;
    long most = Math.max(0, Duration.between(clock.instant(), until).toNanos());
    if (woken.tryAcquire(most, TimeUnit.NANOSECONDS)) {
      woken.drainPermits();
    }
    turnBegan = nanos.getAsLong();
    long changed = lastChangeNanos.getAsLong();
    if (changed > waitBegan && changed < turnBegan) {
      overheadNanos += turnBegan - changed;
    }
  }

  /** Ends the measurement; to be called once, after the last turn. */
  void end() {
    long now = nanos.getAsLong();
    overheadNanos += now - turnBegan;
    turnBegan = now;
  }

  /** All the time from the beginning to the end. */
  Duration total() {
    return Duration.ofNanos(turnBegan - began);
  }

  /** The library's part of it. */
  Duration overhead() {
    return Duration.ofNanos(overheadNanos);
  }
}
