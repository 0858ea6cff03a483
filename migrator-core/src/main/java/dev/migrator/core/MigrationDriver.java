package dev.migrator.core;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded loop for hosts without one of their own: turns a plan until all its machines are
 * final.
 *
 * <p>It uses the calling thread and sleeps until a machine is due or the runner is woken. Safe for
 * use by several threads, one plan each.
 */
public final class MigrationDriver {

  /** How a driver waits; replaced in tests by one that moves a manual clock. */
  @FunctionalInterface
  public interface Idle {

    /**
     * Waits until an instant, or until something happened that is worth a look.
     *
     * @param until when to return at the latest; may be past
     * @throws InterruptedException when the thread was interrupted
     */
    void await(Instant until) throws InterruptedException;
  }

  private final MigrationRunner runner;
  private final @Nullable Idle idle;

  /**
   * A driver that sleeps until a machine is due or the runner is woken; the runner's clock must be
   * a real one.
   *
   * @param runner the runner
   */
  public MigrationDriver(MigrationRunner runner) {
    this(runner, null);
  }

  /**
   * A driver that waits in another way.
   *
   * @param runner the runner
   * @param idle how to wait, or null to sleep
   */
  public MigrationDriver(MigrationRunner runner, @Nullable Idle idle) {
    this.runner = runner;
    this.idle = idle;
  }

  /**
   * Runs a plan until all its machines are final.
   *
   * @param plan the plan
   * @return the statuses of its machines, in the plan's order
   * @throws InterruptedException when the thread was interrupted; the plan may be run again later
   * @throws dev.migrator.spi.MigrationException when the store says that it will never answer
   */
  public List<VmStatus> run(MigrationPlan plan) throws InterruptedException {
    return run(() -> plan);
  }

  /**
   * Runs a plan that may change meanwhile, until all its machines are final.
   *
   * @param plan asked before every turn, so that a cancel is seen at the next one; to have it seen
   *     at once, {@link MigrationRunner#wake} one of its machines
   * @return the statuses of its machines, in the plan's order
   * @throws InterruptedException when the thread was interrupted; the plan may be run again later
   * @throws dev.migrator.spi.MigrationException when the store says that it will never answer
   */
  public List<VmStatus> run(Supplier<MigrationPlan> plan) throws InterruptedException {
    String id = plan.get().id();
    Doorbell bell = new Doorbell(runner.clock());
    Idle waiting = idle == null ? bell : idle;
    Runnable silence =
        runner.listenForWakes(
            woken -> {
              if (woken.equals(id)) {
                bell.ring();
              }
            });
    try {
      while (true) {
        MigrationPlan current = plan.get();
        Optional<Instant> next = runner.turn(current);
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted while running plan '" + id + "'");
        }
        if (next.isEmpty()) {
          return runner.statuses(current);
        }
        waiting.await(next.get());
      }
    } finally {
      silence.run();
    }
  }

  /** Sleeps until it is time or somebody rings; a ring while nobody sleeps is not lost. */
  private static final class Doorbell implements Idle {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rings = lock.newCondition();
    private boolean rung;

    Doorbell(Clock clock) {
      this.clock = clock;
    }

    void ring() {
      lock.lock();
      try {
        rung = true;
        rings.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void await(Instant until) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long left = nanosUntil(until);
        while (!rung && left > 0) {
          left = Math.min(rings.awaitNanos(left), nanosUntil(until));
        }
        rung = false;
      } finally {
        lock.unlock();
      }
    }

    private long nanosUntil(Instant until) {
      Duration left = Duration.between(clock.instant(), until);
      return TimeUnit.NANOSECONDS.convert(left);
    }
  }
}
