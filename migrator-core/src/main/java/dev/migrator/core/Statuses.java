package dev.migrator.core;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the store holds of a plan, and what it means for the run that the host asks for. */
final class Statuses {

  private static final Logger LOGGER = LoggerFactory.getLogger(Statuses.class);

  private final String plan;
  private final Host host;
  private int failures;

  Statuses(String plan, Host host) {
    this.plan = plan;
    this.host = host;
  }

  /**
   * Reads all statuses of the plan.
   *
   * @throws MigrationException when they cannot be read now
   */
  Map<VmRef, VmStatus> load() {
    List<VmStatus> statuses = host.store().load(plan);
    failures = 0;
    Map<VmRef, VmStatus> byVm = new HashMap<>(statuses.size() * 2);
    for (VmStatus status : statuses) {
      byVm.put(status.vm(), status);
    }
    return byVm;
  }

  /**
   * Takes note that they could not be read.
   *
   * @param e what the store threw
   * @return when to try again
   * @throws MigrationException when that is of no use
   */
  Instant unavailable(RuntimeException e) {
    Instant now = host.clock().instant();
    if (Thread.currentThread().isInterrupted()) {
      return now;
    }
    Duration delay = host.policy().delay(++failures, plan.hashCode());
    if (e instanceof MigrationException known) {
      if (!known.isRetryable()) {
        throw known;
      }
      Duration after = known.retryAfter().orElse(delay);
      delay = after.compareTo(delay) > 0 ? after : delay;
    }
    Instant next = now.plus(delay);
    LOGGER.atDebug().addKeyValue("plan", plan).setCause(e).log("Statuses not loaded");
    host.listeners()
        .tell(new MigrationEvent.StoreUnavailable(plan, now, String.valueOf(e.getMessage()), next));
    return next;
  }

  /**
   * Whether a status belongs to an earlier run that is over. One that is on its way is finished
   * first, and one that needs attention after its hand-over waits for a person, because a second
   * start would build on a machine that has moved.
   */
  static boolean isPast(VmStatus status, MigrationPlan plan) {
    boolean open = status.state() == VmState.NEEDS_ATTENTION || status.state() == VmState.PENDING;
    return !status.run().equals(plan.run())
        && !status.state().isInFlight()
        && !(open && status.isHandedOver());
  }

  /** A new status over an earlier run's: what that run failed to remove is not forgotten. */
  static VmStatus pending(MigrationPlan plan, PlannedVm vm, @Nullable VmStatus past) {
    VmStatus pending = VmStatus.pending(plan, vm);
    if (past == null) {
      return pending;
    }
    VmStatus.Builder next = pending.toBuilder().version(past.version());
    return past.state() == VmState.SUCCEEDED ? next.build() : next.ledger(past.ledger()).build();
  }
}
