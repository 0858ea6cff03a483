package dev.migrator.core;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a plan's statuses, and the machines that it makes due; lives as long as one turn.
 *
 * <p>A machine that was at work when the statuses were read is left to the next turn.
 */
final class Pass {

  private final PlanTurns turns;
  private final Host host;
  private final PlanRun current;
  private final Set<VmRef> busy;
  private final Map<VmRef, VmStatus> stored;
  private final Set<PlanRun> runs = new HashSet<>();
  private final Set<VmScheduler.Line> denied = new HashSet<>();

  /**
   * Counts the machines that are on their way, before any other may start.
   *
   * @param turns the plan
   * @param host what the host gave
   * @param current the run that the host asks for
   * @param busy the machines that were at work before the statuses were read
   * @param stored the statuses; kept up to date with what is saved on this thread
   */
  Pass(PlanTurns turns, Host host, PlanRun current, Set<VmRef> busy, Map<VmRef, VmStatus> stored) {
    this.turns = turns;
    this.host = host;
    this.current = current;
    this.busy = busy;
    this.stored = stored;
    runs.add(current);
    for (VmStatus status : stored.values()) {
      if (status.state().isInFlight() && !busy.contains(status.vm())) {
        PlanRun run = turns.runOf(status, current);
        run.freeze();
        turns.slot(status.vm()).count(host.scheduler(), run.line(), status.state());
      }
    }
  }

  /** The runs that machines of the plan are in. */
  Set<PlanRun> runs() {
    return runs;
  }

  /**
   * Looks at every machine, and hands out those with something to do.
   *
   * @return when to look again, or null when all are final
   */
  @Nullable Instant look() {
    denied.clear();
    Instant earliest = null;
    for (PlannedVm vm : current.plan().vms()) {
      Instant next =
          busy.contains(vm.source())
              ? afterWork(turns.slot(vm.source()))
              : look(vm, stored.get(vm.source()));
      if (Thread.currentThread().isInterrupted()) {
        return host.clock().instant();
      }
      if (next != null && (earliest == null || next.isBefore(earliest))) {
        earliest = next;
      }
    }
    host.scheduler().keep(current.plan().id(), denied);
    return earliest;
  }

  /** Who finished meanwhile saved a status that was not read here, so another turn must see it. */
  private Instant afterWork(Slot slot) {
    Instant now = host.clock().instant();
    return slot.isBusy() ? now.plus(VmTurn.SAFETY) : now;
  }

  /** Whether a place became free for a machine that was looked at before. */
  boolean mayStartMore() {
    return !denied.isEmpty() && nextToStart().filter(current.plan().id()::equals).isPresent();
  }

  /** Has the host look at another plan for which there is a place. */
  void wakeWhoMayStart() {
    nextToStart().filter(plan -> !plan.equals(current.plan().id())).ifPresent(host.askPlan());
  }

  private Optional<String> nextToStart() {
    return host.scheduler().next(host.clock().instant());
  }

  private @Nullable Instant look(PlannedVm planned, @Nullable VmStatus found) {
    VmStatus held = found == null || Statuses.isPast(found, current.plan()) ? null : found;
    VmStatus status = held == null ? Statuses.pending(current.plan(), planned, found) : held;
    PlanRun run = turns.runOf(status, current);
    runs.add(run);
    Slot slot = turns.slot(planned.source());
    slot.count(host.scheduler(), run.line(), status.state());
    if (slot.isSettled()) {
      return null;
    }
    Instant now = host.clock().instant();
    Instant due = slot.due(status);
    boolean cancelled = VmTurn.isCancelled(run, status);
    if (due != null && due.isAfter(now) && !cancelled && !slot.isWoken(status)) {
      return due;
    }
    boolean starts = status.state() == VmState.PENDING && !cancelled && !status.isHandedOver();
    if (starts && !mayStart(slot, run, now)) {
      return now.plus(VmTurn.SAFETY);
    }
    PlannedVm vm = run == current ? planned : run.plan().vm(planned.source()).orElse(planned);
    VmTurn turn = new VmTurn(host, run, slot, vm, status, held == null);
    turns.handOut(turn, slot, run);
    if (slot.isBusy()) {
      busy.add(planned.source());
      return afterWork(slot);
    }
    if (turn.isSaved()) {
      stored.put(planned.source(), turn.status());
    }
    if (slot.isSettled()) {
      // When an earlier run is over the machine is due again, for this one.
      return run == current ? null : now;
    }
    Instant parked = slot.parked();
    return parked == null ? now : parked;
  }

  private boolean mayStart(Slot slot, PlanRun run, Instant now) {
    if (slot.tryTake(host.scheduler(), run.line(), now)) {
      return true;
    }
    denied.add(run.line());
    return false;
  }
}
