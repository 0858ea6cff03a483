package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A machine and two clusters with which something is the matter.
 *
 * @param codes what a validation must find, perhaps among others
 * @param machine the machine
 * @param plan changes the plan that moves it under its own name
 * @param world changes the clusters once the machine is there
 */
record PreflightCase(
    List<ConcernCode> codes,
    Supplier<Machines> machine,
    UnaryOperator<MigrationPlan.Builder> plan,
    Consumer<PreflightWorld> world) {

  /** A plain machine with which nothing is the matter yet. */
  static PreflightCase of(ConcernCode... codes) {
    return new PreflightCase(List.of(codes), Machines::plain, plan -> plan, world -> {});
  }

  /** One of our own manifests instead of the plain machine. */
  PreflightCase own(String vm) {
    return new PreflightCase(codes, () -> Machines.own(vm), plan, world);
  }

  PreflightCase machine(UnaryOperator<Machines> change) {
    return new PreflightCase(codes, () -> change.apply(machine.get()), plan, world);
  }

  PreflightCase plan(UnaryOperator<MigrationPlan.Builder> change) {
    return new PreflightCase(codes, machine, change, world);
  }

  PreflightCase setting(String key, String value) {
    return plan(builder -> builder.settings(java.util.Map.of(key, value)));
  }

  PreflightCase world(Consumer<PreflightWorld> change) {
    return new PreflightCase(codes, machine, plan, change);
  }

  @Override
  public String toString() {
    return codes.toString();
  }
}
