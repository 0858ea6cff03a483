package dev.migrator.core;

import dev.migrator.core.Outcomes.TurnInterrupted;
import dev.migrator.core.Transition.News;
import dev.migrator.model.Completion;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import dev.migrator.spi.PhaseOutcome.Delegate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine, advanced until it waits: cancel, act, reduce, save, tell, again.
 *
 * <p>An action sees only what is saved. When a save is refused or its fate is unknown, what was
 * done since is thrown away and looked at again from what the store holds.
 */
final class VmTurn {

  private static final Logger LOGGER = LoggerFactory.getLogger(VmTurn.class);

  /** How long a machine rests that nobody is going to wake in time. */
  static final Duration SAFETY = Duration.ofMinutes(1);

  /** How often in a row a phase may ask to be run again at once. */
  private static final int AT_ONCE = 32;

  private final Host host;
  private final PlanRun run;
  private final Slot slot;
  private final PlannedVm vm;
  private VmStatus status;
  private boolean isNew;

  /**
   * Prepares a turn.
   *
   * @param host what the host gave
   * @param run the run of the plan that the status belongs to
   * @param slot the machine's slot, claimed
   * @param vm the machine
   * @param status its status as it was loaded
   * @param isNew whether nobody saved the status yet
   */
  VmTurn(Host host, PlanRun run, Slot slot, PlannedVm vm, VmStatus status, boolean isNew) {
    this.host = host;
    this.run = run;
    this.slot = slot;
    this.vm = vm;
    this.status = status;
    this.isNew = isNew;
  }

  /** The status as it was saved last, as far as this turn knows. */
  VmStatus status() {
    return status;
  }

  /** Whether the status is one that the store holds. */
  boolean isSaved() {
    return !isNew;
  }

  /** Advances the machine; afterwards its slot says when to look again. */
  void run() {
    try {
      advance();
    } catch (TurnInterrupted e) {
      LOGGER.atDebug().addKeyValue("vm", vm.source()).setCause(e).log("Interrupted");
      slot.rest(host.clock().instant());
    }
  }

  private void advance() {
    int again = 0;
    while (!status.state().isFinal()) {
      Instant now = host.clock().instant();
      Transition transition = step(now);
      if (transition == null) {
        slot.block(now.plus(SAFETY));
        return;
      }
      if (transition.news() == News.WORDS && now.isBefore(slot.wordsDue(now))) {
        slot.park(soonest(transition.status().due(), slot.wordsDue(now)), status.version());
        return;
      }
      VmStatus before = status;
      if (transition.news() != News.NONE && !save(transition, now)) {
        return;
      }
      Instant due = transition.status().due();
      if (due != null && due.isAfter(now)) {
        slot.park(due, status.version());
        return;
      }
      again = isSamePlace(before, status) ? again + 1 : 0;
      if (again >= AT_ONCE) {
        slot.park(now.plus(host.policy().first()), status.version());
        return;
      }
    }
  }

  private static Instant soonest(@Nullable Instant due, Instant other) {
    return due == null ? other : Waits.earlier(due, other);
  }

  private @Nullable Transition step(Instant now) {
    if (isCancelled(run, status)) {
      return isNew && !status.isHandedOver()
          ? host.transitions().cancelUnknown(status, now)
          : host.transitions().cancel(status, now);
    }
    if (status.state() == VmState.PENDING) {
      return new VmStart(host, run, slot, vm).step(status, isNew, now);
    }
    PhaseOutcome opened = run.open(now);
    if (opened == null) {
      return null;
    }
    Migrator migrator = run.migrator();
    return migrator == null
        ? host.transitions().apply(status, opened, now, NoRoute.INSTANCE)
        : act(migrator, now);
  }

  /** Whether the plan cancels a machine and that still changes something. */
  static boolean isCancelled(PlanRun run, VmStatus status) {
    return run.plan().cancelled().contains(status.vm()) && Transitions.heedsCancel(status);
  }

  private Transition act(Migrator migrator, Instant now) {
    PhaseContext context = new PhaseContext(run.plan(), vm, status, now);
    boolean moved = status.isHandedOver();
    PhaseOutcome outcome =
        status.state() == VmState.RUNNING
            ? execute(migrator, context, moved)
            : Outcomes.of(moved, () -> complete(migrator, context));
    try {
      return host.transitions().apply(status, outcome, now, new MigratorRoute(migrator, context));
    } catch (RuntimeException e) {
      PhaseOutcome lost = Outcomes.of(e, moved || outcome.notes().handedOver());
      return host.transitions().apply(status, lost.with(outcome.notes()), now, NoRoute.INSTANCE);
    }
  }

  private PhaseOutcome execute(Migrator migrator, PhaseContext context, boolean moved) {
    if (!moved) {
      // After a restart what the plan needs is seen to again, but a machine on its way does not
      // wait for it: its own phases say what they miss.
      run.begin(context.now());
    }
    return Outcomes.of(
        moved,
        () -> {
          PhaseOutcome outcome = migrator.executePhase(context);
          return outcome instanceof Delegate ? shared(context) : outcome;
        });
  }

  private PhaseOutcome complete(Migrator migrator, PhaseContext context) throws Exception {
    Completion completion = completion();
    if (completion == Completion.SUCCEEDED) {
      return migrator.complete(context, completion);
    }
    PhaseOutcome stopped = host.hooks().stop(context);
    if (!(stopped instanceof Advance)) {
      return stopped;
    }
    boolean moved = context.status().isHandedOver();
    PhaseOutcome outcome = Outcomes.of(moved, () -> migrator.complete(context, completion));
    return outcome instanceof Delegate ? outcome : outcome.with(stopped.notes());
  }

  private PhaseOutcome shared(PhaseContext context) throws Exception {
    String phase = Objects.requireNonNull(context.status().phase(), "phase");
    return host.flows()
        .action(phase)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    "NoSharedPhase",
                    "Phase '"
                        + phase
                        + "' was left to the shared runner, which knows only "
                        + host.flows().names()
                        + "."))
        .execute(context);
  }

  private boolean save(Transition transition, Instant now) {
    try {
      return store(transition, now);
    } catch (MigrationException e) {
      boolean instead = !e.isRetryable() && saveInstead(transition, e, now);
      return instead || unsaved(transition, e, now);
    } catch (RuntimeException e) {
      return unsaved(transition, e, now);
    }
  }

  private boolean store(Transition transition, Instant now) {
    VmStatus next = transition.status();
    if (host.store().save(next)) {
      status = next.withVersion(next.version() + 1);
      isNew = false;
      slot.saved(now);
      host.listeners().tell(transition.events());
      return true;
    }
    slot.rest(nextTry(next, now));
    host.listeners()
        .tell(new MigrationEvent.SaveRefused(next.plan(), next.vm(), now, next.version()));
    return false;
  }

  /** A status that can never be saved would be made and refused for ever; a person must look. */
  private boolean saveInstead(Transition transition, MigrationException refused, Instant now) {
    boolean moved = transition.status().isHandedOver();
    Notes known = moved ? Notes.none().withHandOver() : Notes.none();
    PhaseOutcome stopped =
        PhaseOutcome.preserve(refused.code(), String.valueOf(refused.getMessage())).with(known);
    try {
      return store(host.transitions().apply(status, stopped, now, NoRoute.INSTANCE), now);
    } catch (RuntimeException e) {
      LOGGER
          .atDebug()
          .addKeyValue("vm", vm.source())
          .setCause(e)
          .log("Nor that it needs attention");
      return false;
    }
  }

  private boolean unsaved(Transition transition, RuntimeException e, Instant now) {
    VmStatus next = transition.status();
    LOGGER.atDebug().addKeyValue("vm", next.vm()).setCause(e).log("Status not saved");
    Instant again = nextTry(next, now);
    slot.rest(again);
    host.listeners()
        .tell(
            new MigrationEvent.StoreUnavailable(
                next.plan(), now, String.valueOf(e.getMessage()), again));
    return false;
  }

  private Instant nextTry(VmStatus next, Instant now) {
    return now.plus(host.policy().delay(slot.missed(), next.vm().hashCode()));
  }

  private Completion completion() {
    return Objects.requireNonNull(status.completion(), "completion");
  }

  private static boolean isSamePlace(VmStatus one, VmStatus other) {
    return one.state() == other.state() && Objects.equals(one.phase(), other.phase());
  }
}
