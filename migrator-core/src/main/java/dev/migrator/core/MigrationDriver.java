package dev.migrator.core;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmStatus;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * The embedded loop for hosts without one of their own: turns a plan until all its machines are
 * final.
 */
public final class MigrationDriver {

  /** How a driver waits; replaced in tests by one that moves a manual clock. */
  @FunctionalInterface
  public interface Idle {

    /**
     * Waits until an instant, or until something happened that is worth a look.
     *
     * @param until when to return at the latest
     * @throws InterruptedException when the thread was interrupted
     */
    void await(Instant until) throws InterruptedException;
  }

  private final MigrationRunner runner;

  /** A driver that sleeps until a machine is due or the runner is woken. */
  public MigrationDriver(MigrationRunner runner) {
    this.runner = runner;
  }

  /** A driver that waits in another way. */
  public MigrationDriver(MigrationRunner runner, Idle idle) {
    this.runner = runner;
  }

  /** Runs a plan until all its machines are final. */
  public List<VmStatus> run(MigrationPlan plan) throws InterruptedException {
    return run(() -> plan);
  }

  /** Runs a plan until all its machines are final; asks for the plan before every turn. */
  public List<VmStatus> run(Supplier<MigrationPlan> plan) throws InterruptedException {
    if (runner.turn(plan.get()).isPresent()) {
      throw new IllegalStateException("Not built yet");
    }
    return List.of();
  }
}
