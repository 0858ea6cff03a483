package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings a pending machine before its first phase: open, validate, begin, reset. */
final class VmStart {

  private final Host host;
  private final PlanRun run;
  private final Slot slot;
  private final PlannedVm vm;

  VmStart(Host host, PlanRun run, Slot slot, PlannedVm vm) {
    this.host = host;
    this.run = run;
    this.slot = slot;
    this.vm = vm;
  }

  /**
   * Goes on with a pending machine.
   *
   * @param status its status
   * @param isNew whether nobody saved it yet, so that the migrator may shape it
   * @param now the time
   * @return what becomes of it, or null while another thread opens or begins the plan
   */
  @Nullable Transition step(VmStatus status, boolean isNew, Instant now) {
    PhaseOutcome opened = run.open(now);
    if (opened == null) {
      return null;
    }
    Migrator migrator = run.migrator();
    if (migrator == null) {
      return apply(status, opened, now);
    }
    List<MigrationEvent> events = new ArrayList<>();
    Transition started;
    try {
      boolean shapes = isNew || status.isHandedOver();
      started = start(migrator, shapes ? fresh(migrator, status) : status, now, events);
    } catch (RuntimeException e) {
      started = apply(status, Outcomes.of(e, false), now);
    }
    if (started == null || events.isEmpty()) {
      return started;
    }
    events.addAll(started.events());
    return new Transition(started.status(), events, Transition.News.STATE);
  }

  private @Nullable Transition start(
      Migrator migrator, VmStatus status, Instant now, List<MigrationEvent> events) {
    List<Concern> concerns = slot.concerns();
    if (concerns == null) {
      concerns = host.validate() ? run.concerns(migrator, vm) : List.of();
      slot.concerns(concerns);
      for (Concern concern : concerns) {
        events.add(new MigrationEvent.ConcernFound(status.plan(), status.vm(), now, concern));
      }
    }
    if (concerns.stream().anyMatch(Concern::isCritical)) {
      slot.concerns(null);
      return apply(status, refusal(concerns), now);
    }
    PhaseOutcome begun = run.begin(now);
    if (begun == null) {
      return null;
    }
    if (!run.isBegun()) {
      return apply(status, begun, now);
    }
    slot.concerns(null);
    return reset(migrator, status, concerns, now);
  }

  private VmStatus fresh(Migrator migrator, VmStatus pending) {
    VmStatus status =
        migrator.status(run.plan(), vm).toBuilder()
            .version(pending.version())
            .ledger(pending.ledger())
            .remember(pending.facts())
            .warn(pending.warnings())
            .handedOver(pending.handedOver())
            .build();
    if (status.state() != VmState.PENDING || !isSame(status, pending)) {
      throw MigrationException.permanent(
          "WrongStatus",
          "The migrator's status of VM " + vm.source() + " is not a pending one of this run.");
    }
    return status;
  }

  private Transition reset(
      Migrator migrator, VmStatus status, List<Concern> concerns, Instant now) {
    MigrationPlan plan = run.plan();
    PhaseContext context = new PhaseContext(plan, vm, status, now);
    List<StepStatus> pipeline = migrator.pipeline(plan, vm);
    VmStatus reset = migrator.reset(context, pipeline);
    check(migrator, status, reset, now);
    Draft draft = new Draft(reset, now);
    draft.tell(new MigrationEvent.Started(reset.plan(), reset.vm(), now, reset.phases()));
    concerns.stream()
        .filter(concern -> concern.severity() == Severity.WARNING)
        .forEach(concern -> draft.warn(concern.describe()));
    String first = reset.phases().get(0);
    Route route = new MigratorRoute(migrator, new PhaseContext(plan, vm, reset, now));
    draft.enterPhase(first, route.step(first));
    run.freeze();
    return draft.finish();
  }

  /** A migrator may shape the status as it likes, as long as the machine can be run on it. */
  private void check(Migrator migrator, VmStatus before, VmStatus reset, Instant now) {
    List<String> phases = reset.phases();
    if (!isSame(before, reset)
        || reset.state() != VmState.RUNNING
        || phases.isEmpty()
        || !phases.get(0).equals(reset.phase())
        || reset.isHandedOver() != before.isHandedOver()
        || reset.completion() != null
        || !reset.ledger().containsAll(before.ledger())) {
      throw MigrationException.permanent(
          "WrongReset",
          "The migrator's reset did not put VM "
              + vm.source()
              + " before the first of its phases "
              + phases
              + " with all else kept.");
    }
    List<String> steps = reset.steps().stream().map(StepStatus::name).toList();
    Route route = new MigratorRoute(migrator, new PhaseContext(run.plan(), vm, reset, now));
    for (String phase : phases) {
      String step = route.step(phase);
      if (!steps.contains(step)) {
        throw MigrationException.permanent(
            "UnknownStep",
            "Phase '"
                + phase
                + "' belongs to step '"
                + step
                + "', but the steps are "
                + steps
                + ".");
      }
    }
  }

  private Transition apply(VmStatus status, PhaseOutcome outcome, Instant now) {
    return host.transitions().apply(status, outcome, now, NoRoute.INSTANCE);
  }

  private PhaseOutcome refusal(List<Concern> concerns) {
    return PhaseOutcome.fail(
        "ValidationFailed",
        "VM "
            + vm.source()
            + " cannot be migrated: "
            + concerns.stream()
                .filter(Concern::isCritical)
                .map(Concern::describe)
                .collect(Collectors.joining("; ")));
  }

  private static boolean isSame(VmStatus one, VmStatus other) {
    return one.plan().equals(other.plan())
        && one.run().equals(other.run())
        && one.vm().equals(other.vm())
        && one.version() == other.version();
  }
}
