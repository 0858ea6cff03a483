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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One plan in this process: hands its machines out, each to one thread at a time, and knows when to
 * come back.
 *
 * <p>Whoever hands out has {@linkplain #enter entered}; a machine that was handed out never waits
 * for that.
 */
final class PlanTurns {

  private static final Logger LOGGER = LoggerFactory.getLogger(PlanTurns.class);

  private final String id;
  private final Host host;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<VmRef, Slot> slots = new ConcurrentHashMap<>();
  private final Map<String, PlanRun> runs = new HashMap<>();
  private final Set<PlanRun> used = new HashSet<>();
  private final Set<VmScheduler.Line> denied = new HashSet<>();
  private final Queue<Slot> blocked = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean leaving;
  private volatile boolean gone;
  private int storeFailures;

  PlanTurns(String id, Host host) {
    this.id = id;
    this.host = host;
  }

  /** Waits for those who hand out at the moment; false when the plan was forgotten meanwhile. */
  boolean enter() {
    lock.lock();
    if (gone) {
      lock.unlock();
      return false;
    }
    leaving = false;
    return true;
  }

  void exit() {
    lock.unlock();
  }

  /** Looks at every machine once; see {@link MigrationRunner#turn}. */
  Optional<Instant> turn(MigrationPlan handed) {
    asked.set(false);
    denied.clear();
    used.clear();
    PlanRun current = run(handed);
    used.add(current);
    // A machine that finishes while the statuses are read would be looked at in a stale one.
    Set<VmRef> busy = busy();
    Map<VmRef, VmStatus> stored;
    try {
      stored = load();
      storeFailures = 0;
    } catch (RuntimeException e) {
      return Optional.of(storeUnavailable(e));
    }
    for (VmStatus status : stored.values()) {
      if (status.state().isInFlight() && !busy.contains(status.vm())) {
        count(slot(status.vm()), runOf(status, current), status);
      }
    }
    Instant earliest = null;
    for (PlannedVm vm : current.plan().vms()) {
      Instant next =
          busy.contains(vm.source())
              ? host.clock().instant().plus(VmTurn.SAFETY)
              : look(current, vm, stored.get(vm.source()));
      if (Thread.currentThread().isInterrupted()) {
        return Optional.of(host.clock().instant());
      }
      if (next != null && (earliest == null || next.isBefore(earliest))) {
        earliest = next;
      }
    }
    closeUnusedRuns();
    return Optional.ofNullable(comeBack(earliest));
  }

  /** The run of a plan that the host handed in. */
  PlanRun run(MigrationPlan handed) {
    PlanRun run =
        runs.computeIfAbsent(handed.run(), name -> new PlanRun(host, handed, this::unblock));
    run.update(handed);
    return run;
  }

  /** Takes up a machine that needs attention; see {@link MigrationRunner#retry}. */
  boolean retry(MigrationPlan handed, VmRef vm) {
    run(handed);
    VmStatus status = load().get(vm);
    if (status == null || status.state() != VmState.NEEDS_ATTENTION) {
      return false;
    }
    Transition transition = host.transitions().retry(status, host.clock().instant());
    if (!host.store().save(transition.status())) {
      return false;
    }
    runs.values().forEach(PlanRun::reset);
    host.listeners().tell(transition.events());
    ask();
    return true;
  }

  /** A migrator's watch saw something. */
  void wake(VmRef vm) {
    Slot slot = slots.get(vm);
    if (slot != null && !slot.isSettled()) {
      slot.wake();
      ask();
    }
  }

  /** Asks the host for a turn, once until there is one. */
  void ask() {
    if (asked.compareAndSet(false, true)) {
      host.wakeUp().accept(id);
    }
  }

  /** Has everything closed, now or when the last machine at work has finished. */
  void leave() {
    leaving = true;
    closeIfIdle();
  }

  boolean isGone() {
    return gone;
  }

  /**
   * Looks at a machine, and hands it out when there is something to do.
   *
   * @return when to look again, or null when it is final
   */
  private @Nullable Instant look(PlanRun current, PlannedVm planned, @Nullable VmStatus stored) {
    Slot slot = slot(planned.source());
    VmStatus held = stored == null || isPast(stored, current.plan()) ? null : stored;
    VmStatus status = held == null ? pending(current.plan(), planned, stored) : held;
    PlanRun run = runOf(status, current);
    used.add(run);
    count(slot, run, status);
    if (slot.isSettled()) {
      return null;
    }
    Instant now = host.clock().instant();
    Instant due = slot.due(status);
    boolean cancelled = VmTurn.isCancelled(run, status);
    if (due != null && due.isAfter(now) && !cancelled && !slot.isWoken(status)) {
      return due;
    }
    if (status.state() == VmState.PENDING && !cancelled && !mayStart(slot, run, now)) {
      return now.plus(VmTurn.SAFETY);
    }
    PlannedVm vm = run == current ? planned : run.plan().vm(planned.source()).orElse(planned);
    handOut(new VmTurn(host, run, slot, vm, status, held == null), slot, run, now);
    if (slot.isBusy()) {
      return now.plus(VmTurn.SAFETY);
    }
    if (slot.isSettled()) {
      // An earlier run is over; the machine is due again for this one.
      return run == current ? null : now;
    }
    Instant parked = slot.parked();
    return parked == null ? now : parked;
  }

  private void handOut(VmTurn turn, Slot slot, PlanRun run, Instant now) {
    slot.start(run);
    try {
      host.machines().execute(() -> work(turn, slot, run));
    } catch (RejectedExecutionException e) {
      LOGGER.atWarn().addKeyValue("plan", id).setCause(e).log("The executor takes no machine");
      slot.rest(now.plus(host.policy().first()));
      slot.stop();
    }
  }

  private void work(VmTurn turn, Slot slot, PlanRun run) {
    boolean finished = false;
    try {
      count(slot, run, turn.run());
      finished = true;
    } finally {
      if (!finished) {
        slot.rest(host.clock().instant().plus(host.policy().first()));
      }
      slot.stop();
      if (slot.isBlocked()) {
        blocked.add(slot);
        if (!run.isAtWork()) {
          unblock();
        }
      }
      if (!lock.isHeldByCurrentThread()) {
        finishedElsewhere();
      }
    }
  }

  /** The turn that handed a machine out did not wait for it. */
  private void finishedElsewhere() {
    host.scheduler().next(host.clock().instant()).ifPresent(host.askPlan());
    ask();
    if (leaving) {
      lock.lock();
      try {
        if (leaving) {
          closeIfIdle();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Lets machines go on that waited for another thread to open or begin their run. */
  private void unblock() {
    boolean some = false;
    for (Slot slot = blocked.poll(); slot != null; slot = blocked.poll()) {
      slot.unblock();
      some = true;
    }
    if (some) {
      ask();
    }
  }

  private boolean mayStart(Slot slot, PlanRun run, Instant now) {
    if (slot.place() != null) {
      return true;
    }
    if (host.scheduler().tryTake(run.line(), now)) {
      slot.place(run.line());
      return true;
    }
    denied.add(run.line());
    return false;
  }

  /** Keeps the count of machines on their way in line with what a status says. */
  private void count(Slot slot, PlanRun run, VmStatus status) {
    VmScheduler.Line place = slot.place();
    if (place == null && status.state().isInFlight()) {
      host.scheduler().take(run.line());
      slot.place(run.line());
    } else if (place != null && status.state().isFinal()) {
      host.scheduler().release(place);
      slot.place(null);
    }
    slot.settled(status.state().isFinal());
  }

  private @Nullable Instant comeBack(@Nullable Instant earliest) {
    Instant now = host.clock().instant();
    host.scheduler().keep(id, denied);
    Optional<String> next = host.scheduler().next(now);
    next.filter(plan -> !plan.equals(id)).ifPresent(host.askPlan());
    boolean atOnce = asked.get() || next.filter(id::equals).isPresent();
    return earliest != null && atOnce ? now : earliest;
  }

  private Slot slot(VmRef vm) {
    return slots.computeIfAbsent(vm, name -> new Slot());
  }

  private Set<VmRef> busy() {
    Set<VmRef> busy = new HashSet<>();
    slots.forEach(
        (vm, slot) -> {
          if (slot.isBusy()) {
            busy.add(vm);
          }
        });
    return busy;
  }

  private Map<VmRef, VmStatus> load() {
    List<VmStatus> statuses = host.store().load(id);
    Map<VmRef, VmStatus> byVm = new HashMap<>(statuses.size() * 2);
    for (VmStatus status : statuses) {
      byVm.put(status.vm(), status);
    }
    return byVm;
  }

  private Instant storeUnavailable(RuntimeException e) {
    Instant now = host.clock().instant();
    if (Thread.currentThread().isInterrupted()) {
      return now;
    }
    Duration delay = host.policy().delay(++storeFailures, id.hashCode());
    if (e instanceof MigrationException known) {
      if (!known.isRetryable()) {
        throw known;
      }
      Duration after = known.retryAfter().orElse(delay);
      delay = after.compareTo(delay) > 0 ? after : delay;
    }
    Instant next = now.plus(delay);
    LOGGER.atDebug().addKeyValue("plan", id).setCause(e).log("Statuses not loaded");
    host.listeners()
        .tell(new MigrationEvent.StoreUnavailable(id, now, String.valueOf(e.getMessage()), next));
    return next;
  }

  /**
   * Whether a status belongs to an earlier run that is over. One that is on its way is finished
   * first, and one that needs attention after its hand-over waits for a person, because a second
   * start would build on a machine that has moved.
   */
  private static boolean isPast(VmStatus status, MigrationPlan plan) {
    boolean stuck = status.state() == VmState.NEEDS_ATTENTION && status.isHandedOver();
    return !status.run().equals(plan.run()) && !status.state().isInFlight() && !stuck;
  }

  /** A new status over an earlier run's: what that run failed to remove is not forgotten. */
  private static VmStatus pending(MigrationPlan plan, PlannedVm vm, @Nullable VmStatus past) {
    VmStatus pending = VmStatus.pending(plan, vm);
    if (past == null) {
      return pending;
    }
    VmStatus.Builder next = pending.toBuilder().version(past.version());
    return past.state() == VmState.SUCCEEDED ? next.build() : next.ledger(past.ledger()).build();
  }

  private PlanRun runOf(VmStatus status, PlanRun current) {
    return status.run().equals(current.plan().run())
        ? current
        : run(current.plan().toBuilder().run(status.run()).build());
  }

  private void closeUnusedRuns() {
    if (runs.size() > used.size()) {
      slots.values().stream().filter(Slot::isBusy).map(Slot::run).forEach(used::add);
      runs.values().removeIf(run -> !used.contains(run) && run.close());
    }
  }

  private void closeIfIdle() {
    if (slots.values().stream().noneMatch(Slot::isBusy)) {
      gone = true;
      runs.values().forEach(PlanRun::close);
      slots.values().stream()
          .map(Slot::place)
          .filter(place -> place != null)
          .forEach(host.scheduler()::release);
      host.scheduler().keep(id, Set.of());
    }
  }
}
