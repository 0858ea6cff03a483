package dev.migrator.core;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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

  /** How often one turn looks again at machines that were woken meanwhile. */
  private static final int PASSES = 16;

  private final String id;
  private final Host host;
  private final Consumer<PlanTurns> whenGone;
  private final Statuses statuses;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<VmRef, Slot> slots = new ConcurrentHashMap<>();
  private final Map<String, PlanRun> runs = new HashMap<>();
  private final Queue<Slot> blocked = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean turning;
  private volatile boolean askedForAnotherTurn;
  private volatile boolean leaving;
  private boolean gone;

  /**
   * Prepares the turns of a plan.
   *
   * @param id the plan's id
   * @param host what the host gave
   * @param whenGone told when nothing of the plan is left
   */
  PlanTurns(String id, Host host, Consumer<PlanTurns> whenGone) {
    this.id = id;
    this.host = host;
    this.whenGone = whenGone;
    this.statuses = new Statuses(id, host);
  }

  String id() {
    return id;
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

  /** Lets others hand out. */
  void exit() {
    try {
      if (lock.getHoldCount() == 1) {
        closeIfLeaving();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Looks at every machine; see {@link MigrationRunner#turn}. */
  Optional<Instant> turn(MigrationPlan handed) {
    Instant next;
    asked.set(false);
    askedForAnotherTurn = false;
    turning = true;
    try {
      next = look(handed);
    } finally {
      turning = false;
    }
    // Who asked before this line has not woken the host, who asks after it does.
    boolean again = asked.get() || askedForAnotherTurn;
    return Optional.ofNullable(next != null && again ? host.clock().instant() : next);
  }

  private @Nullable Instant look(MigrationPlan handed) {
    PlanRun current = run(handed);
    // A machine that finishes while the statuses are read would be looked at in a stale one.
    Set<VmRef> busy = busy();
    Pass pass;
    try {
      pass = new Pass(this, host, current, busy, statuses.load());
    } catch (RuntimeException e) {
      return statuses.unavailable(e);
    }
    Instant next = pass.look();
    for (int i = 1; i < PASSES && (asked.get() || pass.mayStartMore()); i++) {
      asked.set(false);
      next = pass.look();
    }
    pass.wakeWhoMayStart();
    closeUnused(pass.runs());
    return next;
  }

  /** The run of a plan that the host handed in. */
  PlanRun run(MigrationPlan handed) {
    PlanRun run = runs.get(handed.run());
    if (run != null && run.isOutdatedBy(handed) && !isAtWork(run)) {
      run.close();
      run = null;
    }
    if (run == null) {
      run = new PlanRun(host, handed, this::unblock);
      runs.put(handed.run(), run);
    }
    run.update(handed);
    return run;
  }

  /** The run that a status belongs to: the current one, or an earlier one that is on its way. */
  PlanRun runOf(VmStatus status, PlanRun current) {
    return status.run().equals(current.plan().run())
        ? current
        : run(current.plan().toBuilder().run(status.run()).build());
  }

  Slot slot(VmRef vm) {
    return slots.computeIfAbsent(vm, name -> new Slot());
  }

  /** Takes up a machine that needs attention; see {@link MigrationRunner#retry}. */
  boolean retry(MigrationPlan handed, VmRef vm) {
    run(handed);
    VmStatus status = statuses.load().get(vm);
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
      PlanRun run = slot.run();
      if (run != null) {
        run.hurry();
      }
      slot.wake();
      ask();
    }
  }

  /** The host wants a machine to be looked at, perhaps because it changed the plan. */
  void recall(VmRef vm) {
    askedForAnotherTurn = true;
    wake(vm);
  }

  /** Asks the host for a turn, once until there is one; a turn under way sees to it itself. */
  void ask() {
    if (asked.compareAndSet(false, true) && !turning) {
      host.wakeUp().accept(id);
    }
  }

  /** Has everything closed as soon as no machine is at work and nobody hands out. */
  void leave() {
    leaving = true;
  }

  void handOut(VmTurn turn, Slot slot, PlanRun run) {
    slot.start(run);
    try {
      host.machines().execute(() -> work(turn, slot, run));
    } catch (RejectedExecutionException e) {
      LOGGER.atWarn().addKeyValue("plan", id).setCause(e).log("The executor takes no machine");
      slot.rest(host.clock().instant().plus(host.policy().first()));
      slot.stop();
    }
  }

  private void work(VmTurn turn, Slot slot, PlanRun run) {
    boolean finished = false;
    try {
      turn.run();
      slot.count(host.scheduler(), run.line(), turn.status().state());
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
    // A turn under way found the machine at work, and looks at it in none of its passes.
    askedForAnotherTurn = true;
    ask();
    if (leaving) {
      lock.lock();
      exit();
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

  private boolean isAtWork(PlanRun run) {
    return slots.values().stream().anyMatch(slot -> slot.isBusy() && run.equals(slot.run()));
  }

  private void closeUnused(Set<PlanRun> used) {
    if (runs.size() > used.size()) {
      runs.values().removeIf(run -> !used.contains(run) && !isAtWork(run) && run.close());
    }
  }

  private void closeIfLeaving() {
    if (leaving && !gone && slots.values().stream().noneMatch(Slot::isBusy)) {
      gone = true;
      runs.values().forEach(PlanRun::close);
      slots.values().forEach(slot -> slot.release(host.scheduler()));
      slots.clear();
      host.scheduler().keep(id, Set.of());
      whenGone.accept(this);
    }
  }
}
