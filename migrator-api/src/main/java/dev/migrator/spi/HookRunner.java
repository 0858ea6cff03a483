package dev.migrator.spi;

import dev.migrator.model.Concern;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.List;

/**
 * Runs hooks; supplied by the host.
 *
 * <p>The shared phases {@code PreHook} and {@code PostHook} call it at every turn while the machine
 * is in them. It starts the hook once a run, machine and stage, under a name that is derived from
 * them, and never blocks.
 */
@FunctionalInterface
public interface HookRunner {

  /**
   * Starts the hook if it was not started yet, else looks how it is doing.
   *
   * @param context the plan, the machine, its status and the time
   * @param stage when the hook runs
   * @param hook the hook
   * @return {@link PhaseOutcome.Await} while it runs, {@link PhaseOutcome.Advance} when it
   *     succeeded, {@link PhaseOutcome.Fail} when it failed or passed its deadline; the hook's own
   *     setting decides what a failure means
   * @throws Exception as for {@link PhaseAction#execute}
   */
  PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) throws Exception;

  /**
   * Says what would keep the hooks of a machine from running, without starting anything.
   *
   * <p>Called by every validation of a machine that has hooks, also right before its first phase,
   * on the thread that validates; must not write, and is about this runner only. By default nothing
   * is the matter.
   *
   * @param plan the plan
   * @param vm the machine
   * @return what was found; a critical concern keeps the machine from starting
   * @throws MigrationException when it cannot be told now: transient is tried again
   */
  default List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    return List.of();
  }

  /**
   * Ends a hook that may still run, because its machine is cancelled or its move failed.
   *
   * <p>Called for each hook of the machine, begun or not, before the migrator undoes anything, at
   * every turn until the answer is neither a wait nor a retry; must be an ensure and never block.
   * What was made for a hook and is still to be removed is removed here, because no migrator knows
   * it. By default nothing is done, which is right for hooks that end by themselves.
   *
   * @param context the plan, the machine, its status and the time
   * @param stage when the hook runs
   * @param hook the hook
   * @return {@link PhaseOutcome.Await} while it still runs, {@link PhaseOutcome.Advance} when it
   *     does not, {@link PhaseOutcome.Fail} when it cannot be ended: then, and after the deadline
   *     of a wait, the roll-back goes on with a warning
   * @throws Exception as for {@link PhaseAction#execute}
   */
  default PhaseOutcome stop(PhaseContext context, HookStage stage, Hook hook) throws Exception {
    return PhaseOutcome.advance();
  }
}
