package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a runner keeps in memory of one machine: whether a thread is at it, whether it was woken,
 * and what it would cost to find out again. All of it may be forgotten at any time.
 */
final class Slot {

  private static final long ANY = -1;

  private volatile boolean busy;
  private volatile boolean woken;
  private volatile boolean blocked;
  private volatile boolean settled;
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

  void settled(boolean settled) {
    this.settled = settled;
  }

  VmScheduler.@Nullable Line place() {
    return place;
  }

  void place(VmScheduler.@Nullable Line place) {
    this.place = place;
  }

  @Nullable List<Concern> concerns() {
    return concerns;
  }

  void concerns(@Nullable List<Concern> concerns) {
    this.concerns = concerns;
  }
}
