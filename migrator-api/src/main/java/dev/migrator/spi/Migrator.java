package dev.migrator.spi;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.util.List;
import java.util.Optional;

/**
 * What a provider does for one plan; only {@link #itinerary} must be written.
 *
 * <p>The runner defers to it where the itinerary is selected, where the pipeline is generated and
 * where a phase is executed. A migrator may own the whole flow, or some phases and leave the others
 * to the shared runner ({@link PhaseAction#shared}).
 *
 * <p>The runner calls every method on the threads that the host gives to its turns. Methods that
 * take a machine are called for several machines at a time, never twice at a time for one. What a
 * migrator keeps in memory is a cache: everything may be forgotten between two calls.
 */
public interface Migrator extends AutoCloseable {

  /**
   * Prepares what needs no cluster to be changed, such as clients and watches.
   *
   * <p>Called once, before any other method.
   *
   * @throws MigrationException to be tried again at the next turn, or to fail the plan's machines
   */
  default void init() {}

  /**
   * Checks the plan without a write.
   *
   * <p>Called before the first phase of a machine, and by hosts whenever they like.
   *
   * @param plan the plan
   * @param vm the machine
   * @return what was found about the plan and this machine; a critical one keeps it from starting
   * @throws MigrationException when the check itself failed
   */
  default List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    return List.of();
  }

  /**
   * Does what the plan needs once for all its machines, such as trust between the clusters.
   *
   * <p>Called before the first phase of any machine in this process, until it advances; it may be
   * called again after a crash and must be an ensure. Its notes are ignored.
   *
   * @param plan the plan
   * @return advance, await or retry; fail fails every machine that was not started
   * @throws Exception as for {@link PhaseAction#execute}
   */
  default PhaseOutcome begin(MigrationPlan plan) throws Exception {
    return PhaseOutcome.advance();
  }

  /**
   * The phases of a machine, before their conditions are evaluated.
   *
   * <p>Called at reset and at every turn; must be cheap and return the same for the same plan.
   *
   * @param plan the plan
   * @param vm the machine
   * @return the itinerary
   */
  Itinerary itinerary(MigrationPlan plan, PlannedVm vm);

  /**
   * The steps that people see.
   *
   * @param plan the plan
   * @param vm the machine
   * @return the steps of the selected phases, all pending
   */
  default List<StepStatus> pipeline(MigrationPlan plan, PlannedVm vm) {
    return itinerary(plan, vm).select(plan, vm).steps().stream().map(StepStatus::pending).toList();
  }

  /**
   * The status of a machine that was not started.
   *
   * @param plan the plan
   * @param vm the machine
   * @return a pending status
   */
  default VmStatus status(MigrationPlan plan, PlannedVm vm) {
    return VmStatus.pending(plan, vm);
  }

  /**
   * Puts a machine before its first phase.
   *
   * <p>Called once a run and machine, after validation.
   *
   * @param context the plan, the machine and its status
   * @param pipeline the steps to show
   * @return the status with the selection stored and the first phase current
   */
  default VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
    Itinerary selected =
        itinerary(context.plan(), context.vm()).select(context.plan(), context.vm());
    return context.status().toBuilder()
        .state(VmState.RUNNING)
        .phases(selected.names())
        .phase(selected.first().name())
        .steps(pipeline)
        .entered(context.now())
        .attempts(0)
        .due(null)
        .waiting(null)
        .failure(null)
        .build();
  }

  /**
   * Executes the current phase.
   *
   * @param context the plan, the machine, its status and the time
   * @return what it found; {@link PhaseOutcome.Delegate} leaves the phase to the shared runner
   * @throws Exception as for {@link PhaseAction#execute}
   */
  default PhaseOutcome executePhase(PhaseContext context) throws Exception {
    return selected(context).phase(current(context)).action().execute(context);
  }

  /**
   * The step of the current phase.
   *
   * @param context the plan, the machine and its status
   * @return the step's name
   * @throws MigrationException when the current phase is unknown or not selected
   */
  default String step(PhaseContext context) {
    return selected(context).phase(current(context)).step();
  }

  /**
   * The phase after the current one.
   *
   * @param context the plan, the machine and its status
   * @return the next selected phase, or empty after the last
   * @throws MigrationException when the current phase is unknown or not selected
   */
  default Optional<String> next(PhaseContext context) {
    return selected(context).next(current(context)).map(Phase::name);
  }

  /**
   * Carries out the ending of one machine: clean-up, or roll-back.
   *
   * <p>Called for every ending, until it advances; may be called again after a crash and must be an
   * ensure. It must never undo a hand-over: when it finds that the guest has moved, it returns an
   * outcome whose notes say so, and the runner takes the itinerary up again where it stood. Advance
   * says that the ending is carried out. Fail says that it cannot be: a person is asked to look.
   *
   * <p>Also called, as {@link Completion#CANCELLED} and without a current phase, for a cancelled
   * machine that the store does not know: it was never started, or its status was lost and what it
   * made can only be found by its names.
   *
   * @param context the plan, the machine, its status and the time
   * @param completion how it ends
   * @return what it found
   * @throws Exception as for {@link PhaseAction#execute}
   */
  default PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
    return PhaseOutcome.advance();
  }

  /** Releases watches and threads; called once at the end, tolerates that nothing was prepared. */
  @Override
  default void close() {}

  private Itinerary selected(PhaseContext context) {
    return itinerary(context.plan(), context.vm()).resume(context.status().phases());
  }

  private static String current(PhaseContext context) {
    String phase = context.status().phase();
    if (phase == null) {
      throw MigrationException.permanent(
          "NoPhase", "VM " + context.vm().source() + " was not started, so it is in no phase.");
    }
    return phase;
  }
}
