package dev.migrator.spi;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.List;

/**
 * Whether a phase belongs to the itinerary of a machine.
 *
 * <p>Sees the plan and the machine, never a cluster; evaluated once, at reset, and the selection is
 * stored, so that the list that people see cannot change under a running machine.
 */
@FunctionalInterface
public interface Condition {

  /**
   * Decides.
   *
   * @param plan the plan
   * @param vm the machine
   * @return whether the phase is selected
   */
  boolean test(MigrationPlan plan, PlannedVm vm);

  /** Always selects the phase. */
  static Condition always() {
    return (plan, vm) -> true;
  }

  /** Selects the phase when all of these do; all of nothing is true. */
  static Condition all(Condition... conditions) {
    List<Condition> copy = List.of(conditions);
    return (plan, vm) -> copy.stream().allMatch(condition -> condition.test(plan, vm));
  }

  /**
   * Selects the phase when at least one of these does; any of nothing is true: no demand is made.
   */
  static Condition any(Condition... conditions) {
    List<Condition> copy = List.of(conditions);
    return (plan, vm) ->
        copy.isEmpty() || copy.stream().anyMatch(condition -> condition.test(plan, vm));
  }

  /** Selects the phase when this one does not. */
  default Condition not() {
    return (plan, vm) -> !test(plan, vm);
  }
}
