package dev.migrator.spi;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an action is given: the plan, the machine, the status as it was saved last, and the time.
 *
 * @param plan the plan
 * @param vm the machine
 * @param status where it stands; never a draft
 * @param now the instant that this execution counts as; from the host's clock
 */
public record PhaseContext(MigrationPlan plan, PlannedVm vm, VmStatus status, Instant now) {

  /** A fact that an earlier phase, or an earlier execution of this one, recorded. */
  public Optional<String> fact(String key) {
    return status.fact(key);
  }

  /**
   * How long the wait of this name has lasted.
   *
   * @param name the name given to {@link PhaseOutcome#await}
   * @return the time since it began, or zero when the current wait has another name
   */
  public Duration waited(String name) {
    Waiting waiting = status.waiting();
    return waiting == null || !waiting.name().equals(name)
        ? Duration.ZERO
        : Duration.between(waiting.since(), now);
  }
}
