package dev.migrator.testkit;

import dev.migrator.model.Endpoint;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import java.time.Duration;
import java.util.List;

/** Small plans, and changes to plans that tests need often. */
public final class Plans {

  private Plans() {}

  /**
   * A plan from endpoint {@code east} to endpoint {@code west}.
   *
   * @param provider the provider's id, for both sides
   * @param type how its machines are moved
   * @param machines how many; they are called {@code demo/vm-0} and so on
   * @return the plan
   */
  public static MigrationPlan of(String provider, MigrationType type, int machines) {
    MigrationPlan.Builder plan =
        MigrationPlan.builder("plan", Endpoint.of(provider, "east"), Endpoint.of(provider, "west"))
            .type(type);
    for (int i = 0; i < machines; i++) {
      plan.vm("demo", "vm-" + i);
    }
    return plan.build();
  }

  /** The same plan with the first of its machines only. */
  public static MigrationPlan firstMachineOf(MigrationPlan plan) {
    return withMachines(plan, plan.vms().subList(0, 1));
  }

  /** The same plan, with a hook before and one after each machine. */
  public static MigrationPlan withHooks(MigrationPlan plan) {
    return withMachines(
        plan, plan.vms().stream().map(vm -> vm.withHooks(hook("before"), hook("after"))).toList());
  }

  private static MigrationPlan withMachines(MigrationPlan plan, List<PlannedVm> vms) {
    return with(plan, plan.source(), plan.target(), vms);
  }

  static MigrationPlan with(
      MigrationPlan plan, Endpoint source, Endpoint target, List<PlannedVm> vms) {
    return new MigrationPlan(
        plan.id(),
        plan.run(),
        plan.type(),
        plan.warm(),
        source,
        target,
        vms,
        plan.storage(),
        plan.networks(),
        plan.settings(),
        plan.requester(),
        plan.cancelled());
  }

  private static Hook hook(String name) {
    return new Hook(
        name,
        "example/hook:1",
        List.of("run"),
        null,
        null,
        Duration.ofMinutes(5),
        Hook.OnFailure.ABORT);
  }
}
