package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.Failure;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shared phases that run hooks, and what ends them when the move is undone.
 *
 * <p>Whatever goes wrong with a hook, its own setting says what that means: an abort, which is
 * possible only before the hand-over, or a warning. That includes a hook runner that fails for
 * good, one that cannot be reached for as long as the policy allows, and a hook that outlives its
 * deadline.
 */
final class HookPhases {

  /** Fact: no hook of this run is running any more, or nobody can end it. */
  static final String STOPPED = "hooks.stopped";

  private final @Nullable HookRunner runner;
  private final RetryPolicy policy;

  HookPhases(@Nullable HookRunner runner, RetryPolicy policy) {
    this.runner = runner;
    this.policy = policy;
  }

  PhaseOutcome pre(PhaseContext context) {
    return run(context, HookStage.PRE, context.vm().pre());
  }

  PhaseOutcome post(PhaseContext context) {
    return run(context, HookStage.POST, context.vm().post());
  }

  boolean isAvailable() {
    return runner != null;
  }

  /** What the host's runner finds in the way of a machine's hooks. */
  List<Concern> concerns(MigrationPlan plan, PlannedVm vm) {
    return runner == null ? List.of() : runner.validate(plan, vm);
  }

  /**
   * Ends the hooks of a machine whose move is undone.
   *
   * @return advance when that is settled; its notes are to be saved with what follows
   */
  PhaseOutcome stop(PhaseContext context) {
    HookRunner hooks = runner;
    boolean none = context.vm().pre() == null && context.vm().post() == null;
    if (hooks == null || none || context.status().fact(STOPPED).isPresent()) {
      return PhaseOutcome.advance();
    }
    Notes notes = Notes.none().fact(STOPPED, "true");
    for (HookStage stage : HookStage.values()) {
      Hook hook = stage == HookStage.PRE ? context.vm().pre() : context.vm().post();
      if (hook != null) {
        PhaseOutcome outcome =
            Outcomes.of(context.status().isHandedOver(), () -> hooks.stop(context, stage, hook));
        if (isOpen(context, hook, outcome)) {
          return outcome;
        }
        notes = notes.and(outcome.notes()).and(doubt(hook, outcome));
      }
    }
    return PhaseOutcome.advance(notes);
  }

  private boolean isOpen(PhaseContext context, Hook hook, PhaseOutcome outcome) {
    return (outcome instanceof Retry && !isSpent(context))
        || (outcome instanceof Await await && !isLate(context, hook, await));
  }

  private static Notes doubt(Hook hook, PhaseOutcome outcome) {
    String why =
        outcome instanceof Fail fail
            ? fail.message()
            : outcome instanceof Retry retry
                ? retry.message()
                : outcome instanceof Await await ? await.reason() : "";
    return why.isEmpty()
        ? Notes.none()
        : Notes.none().warning("Hook '" + hook.name() + "' could not be ended: " + why);
  }

  private static boolean isLate(PhaseContext context, Hook hook, Await await) {
    return context.waited(await.name()).compareTo(deadline(hook, await)) >= 0;
  }

  private static Duration deadline(Hook hook, Await await) {
    return await.deadline() == null ? hook.deadline() : await.deadline();
  }

  private PhaseOutcome run(PhaseContext context, HookStage stage, @Nullable Hook hook) {
    if (hook == null) {
      return PhaseOutcome.advance();
    }
    HookRunner hooks = runner;
    if (hooks == null) {
      return failed(context, stage, hook, "the host has no hook runner", Notes.none());
    }
    PhaseOutcome outcome =
        Outcomes.of(context.status().isHandedOver(), () -> hooks.run(context, stage, hook));
    if (outcome instanceof Fail fail) {
      return failed(context, stage, hook, fail.message(), fail.notes());
    }
    if (outcome instanceof Retry retry && isSpent(context)) {
      return failed(context, stage, hook, retry.message(), retry.notes());
    }
    if (outcome instanceof Await await) {
      return isLate(context, hook, await)
          ? failed(context, stage, hook, "it ran out of time: " + await.reason(), await.notes())
          : await.atMost(deadline(hook, await));
    }
    return outcome;
  }

  private boolean isSpent(PhaseContext context) {
    VmStatus status = context.status();
    Failure last = status.attempts() > 0 ? status.failure() : null;
    return policy.isSpent(
        status.attempts() + 1, last == null ? context.now() : last.first(), context.now());
  }

  private static PhaseOutcome failed(
      PhaseContext context, HookStage stage, Hook hook, String why, Notes notes) {
    String message =
        (stage == HookStage.PRE ? "Hook '" : "Post hook '") + hook.name() + "' failed: " + why;
    boolean abort =
        stage == HookStage.PRE
            && hook.onFailure() == Hook.OnFailure.ABORT
            && !context.status().isHandedOver();
    return abort
        ? PhaseOutcome.fail("HookFailed", message).with(notes)
        : PhaseOutcome.advance(notes.warning(message));
  }
}
