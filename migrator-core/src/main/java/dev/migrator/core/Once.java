package dev.migrator.core;

import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done once for a plan and process, whichever machine comes first.
 *
 * <p>It is called until it advances, by one thread at a time and no more often than the pause: the
 * machines that ask meanwhile share the answer, unless something that it waited for {@linkplain
 * #hurry happened}. A failure for good stays one until {@link #reset}.
 */
final class Once {

  private final Callable<PhaseOutcome> work;
  private final boolean preserve;
  private final Duration pause;
  private final Runnable afterwards;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean done;
  private volatile boolean hurried;
  private @Nullable PhaseOutcome last;
  private Instant again = Instant.MIN;

  /**
   * Makes one.
   *
   * @param work what is to be done
   * @param preserve whether an exception that is permanent must never lead to a roll-back
   * @param pause the shortest time between two calls
   * @param afterwards what to do after each call, for those who came while it was under way
   */
  Once(Callable<PhaseOutcome> work, boolean preserve, Duration pause, Runnable afterwards) {
    this.work = work;
    this.preserve = preserve;
    this.pause = pause;
    this.afterwards = afterwards;
  }

  boolean isDone() {
    return done;
  }

  /**
   * Does it, unless it is done.
   *
   * @param now the time
   * @return how it stands, or null when another thread is just at it
   */
  @Nullable PhaseOutcome attempt(Instant now) {
    if (done) {
      return PhaseOutcome.advance();
    }
    if (!lock.tryLock()) {
      return null;
    }
    try {
      PhaseOutcome known = last;
      boolean waits = known instanceof Await && hurried;
      if (known != null && now.isBefore(again) && !waits) {
        return known;
      }
      hurried = false;
      PhaseOutcome outcome = Outcomes.of(preserve, work);
      last = outcome;
      again = outcome instanceof Fail ? Instant.MAX : now.plus(pause(outcome));
      done = outcome instanceof Advance;
      return outcome;
    } finally {
      lock.unlock();
      afterwards.run();
    }
  }

  /** What a wait is for may have happened: the next call looks, whatever the pause. */
  void hurry() {
    hurried = true;
  }

  boolean isAtWork() {
    return lock.isLocked();
  }

  /** Lets it be tried again although it failed for good. */
  void reset() {
    lock.lock();
    try {
      last = null;
    } finally {
      lock.unlock();
    }
  }

  private Duration pause(PhaseOutcome outcome) {
    return outcome instanceof Retry retry && retry.after() != null ? retry.after() : pause;
  }
}
