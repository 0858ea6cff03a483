package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a runner keeps in memory of one machine: whether a thread is at it, whether it was woken,
 * and what it would cost to find out again. All of it may be forgotten at any time.
 */
final class Slot {

  private static final long ANY = -1;
  private static final Duration WORDS = Duration.ofSeconds(1);

  private volatile boolean busy;
  private volatile boolean woken;
  private volatile boolean blocked;
  private volatile boolean settled;
  private final AtomicInteger missed = new AtomicInteger();
  private volatile @Nullable Instant saved;
  private volatile @Nullable Instant due;
  private volatile long dueVersion = ANY;
  private volatile @Nullable PlanRun run;
  private volatile VmScheduler.@Nullable Line place;
  private volatile @Nullable List<Concern> concerns;

  boolean isBusy() {
    return busy;
  }

  void wake() {
    woken = true;
  }

  /** Lets a machine go on that waited for its plan to be opened or begun by another thread. */
  void unblock() {
    if (blocked) {
      blocked = false;
      due = null;
    }
  }

  void block(Instant until) {
    park(until, ANY);
    blocked = true;
  }

  /** Nothing to do before an instant, as long as the status has this version. */
  void park(@Nullable Instant until, long version) {
    dueVersion = version;
    due = until;
  }

  /** Another save failed; returns how many did in a row. */
  int missed() {
    return missed.incrementAndGet();
  }

  void saved(Instant now) {
    missed.set(0);
    saved = now;
  }

  /** When mere words may be saved: not within a second after the last save. */
  Instant wordsDue(Instant now) {
    Instant last = saved;
    return last == null || now.isBefore(last) ? now : last.plus(WORDS);
  }

  /** Nothing to do before an instant, whatever the status. */
  void rest(Instant until) {
    park(until, ANY);
  }

  /** Whether it waits for its plan to be opened or begun by another thread. */
  boolean isBlocked() {
    return blocked;
  }

  /** When there is something to do again, or null for at once. */
  @Nullable Instant parked() {
    return due;
  }

  /**
   * When to look at a status, or null for at once, as at a wait that this process sees for the
   * first time: nobody watched for it meanwhile.
   */
  @Nullable Instant due(VmStatus status) {
    if (run == null && status.attempts() == 0) {
      return null;
    }
    Instant parked = due;
    long version = dueVersion;
    return parked != null && (version == ANY || version == status.version())
        ? parked
        : status.due();
  }

  /** Whether a machine was woken and may heed it: one that backs off may not. */
  boolean isWoken(VmStatus status) {
    return woken && (status.state() == VmState.PENDING || status.attempts() == 0);
  }

  /** Begins an execution: what wakes it from now on counts for the next one. */
  void start(PlanRun run) {
    if (!run.equals(this.run)) {
      concerns = null;
    }
    this.run = run;
    woken = false;
    blocked = false;
    due = null;
    busy = true;
  }

  void stop() {
    busy = false;
  }

  @Nullable PlanRun run() {
    return run;
  }

  boolean isSettled() {
    return settled;
  }

  /** Keeps the count of machines on their way in line with what a status says. */
  void count(VmScheduler scheduler, VmScheduler.Line line, VmState state) {
    if (state.isFinal()) {
      release(scheduler);
    } else if (state.isInFlight() && place == null) {
      scheduler.take(line);
      place = line;
    }
    settled = state.isFinal();
  }

  /** Takes a place for a machine that is about to start, unless it has one. */
  boolean tryTake(VmScheduler scheduler, VmScheduler.Line line, Instant now) {
    if (place == null && scheduler.tryTake(line, now)) {
      place = line;
    }
    return place != null;
  }

  /** Gives the place back, if it has one. */
  void release(VmScheduler scheduler) {
    VmScheduler.Line held = place;
    if (held != null) {
      scheduler.release(held);
      place = null;
    }
  }

  @Nullable List<Concern> concerns() {
    return concerns;
  }

  void concerns(@Nullable List<Concern> concerns) {
    this.concerns = concerns;
  }
}
