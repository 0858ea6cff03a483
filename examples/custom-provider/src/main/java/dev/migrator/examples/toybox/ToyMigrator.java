package dev.migrator.examples.toybox;

import static dev.migrator.examples.toybox.ToyMachines.DISK;
import static dev.migrator.examples.toybox.ToyMachines.RUNNING;
import static dev.migrator.examples.toybox.ToyMachines.STATE;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cold move of a toy machine: stop it, copy it, mark the source as moved, start the copy.
 *
 * <p>The mark on the source is the point of no return: before it the copy is worthless, after it
 * the copy is the machine.
 */
final class ToyMigrator implements Migrator {

  private static final String WAS_RUNNING = "was-running";
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATE = Duration.ofMinutes(10);

  private final ToyMachines source;
  private final ToyMachines target;

  ToyMigrator(ToyMachines source, ToyMachines target) {
    this.source = source;
    this.target = target;
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return Itinerary.of(
        Phase.shared("Started", "Initialize"),
        Phase.shared("PreHook", "PreHook").when((p, machine) -> machine.preHook().isPresent()),
        Phase.of("StopMachine", "PowerOff", this::stopMachine),
        Phase.of("CopyMachine", "Copy", this::copyMachine),
        Phase.of("SwitchOver", "Switch", this::switchOver),
        Phase.of("StartCopy", "Switch", this::startCopy),
        Phase.shared("PostHook", "PostHook").when((p, machine) -> machine.postHook().isPresent()),
        Phase.shared("Completed", "Completed"));
  }

  private PhaseOutcome stopMachine(PhaseContext context) {
    ConfigMap machine = source.get(context.vm().source());
    if (ToyMachines.isMoved(machine)) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    if (context.fact(WAS_RUNNING).isEmpty()) {
      return PhaseOutcome.recorded(
          Notes.none().fact(WAS_RUNNING, ToyMachines.read(machine, RUNNING)));
    }
    source.set(machine, RUNNING, "false");
    if (!"Stopped".equals(ToyMachines.read(machine, STATE))) {
      return PhaseOutcome.await("Stopped", SOON, "Machine " + context.vm().source() + " stops")
          .atMost(LATE);
    }
    return PhaseOutcome.advance();
  }

  private PhaseOutcome copyMachine(PhaseContext context) {
    ConfigMap machine = source.get(context.vm().source());
    ConfigMap copy = target.ensureCopy(context.plan(), context.vm().target(), machine);
    return PhaseOutcome.advance(Notes.none().created(target.ref(copy)));
  }

  private PhaseOutcome switchOver(PhaseContext context) {
    ConfigMap machine = source.get(context.vm().source());
    if (!ToyMachines.isMoved(machine)) {
      ConfigMap copy = target.get(context.vm().target());
      if (!ToyMachines.read(machine, DISK).equals(ToyMachines.read(copy, DISK))) {
        return PhaseOutcome.fail(
            "CopyDiffers", "The disk of the copy is not the source's; was either changed?");
      }
      source.markMoved(machine, context.vm().target());
    }
    return PhaseOutcome.advance(Notes.none().withHandOver());
  }

  private PhaseOutcome startCopy(PhaseContext context) {
    ConfigMap copy = target.get(context.vm().target());
    boolean wanted = context.fact(WAS_RUNNING).map(Boolean::parseBoolean).orElse(false);
    target.set(copy, RUNNING, String.valueOf(wanted));
    if (wanted && !"Running".equals(ToyMachines.read(copy, STATE))) {
      return PhaseOutcome.await("Running", SOON, "Machine " + context.vm().target() + " starts")
          .atMost(LATE)
          .preserveWhenLate();
    }
    return PhaseOutcome.advance();
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) {
    if (completion == Completion.SUCCEEDED) {
      return PhaseOutcome.advance();
    }
    Optional<ConfigMap> machine = source.find(context.vm().source());
    if (machine.filter(ToyMachines::isMoved).isPresent()) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    Notes gone = Notes.none().removed(context.status().ledger());
    Optional<ConfigMap> copy = target.find(context.vm().target());
    if (copy.filter(there -> ToyMachines.isOf(context.plan(), there)).isPresent()) {
      target.delete(copy.get());
      gone = gone.removed(target.ref(copy.get()));
    }
    if (machine.isPresent() && context.fact(WAS_RUNNING).filter("true"::equals).isPresent()) {
      source.set(machine.get(), RUNNING, "true");
    }
    return PhaseOutcome.advance(gone);
  }

  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    List<Concern> concerns = new ArrayList<>();
    Set<String> settings = new TreeSet<>(plan.settings().keySet());
    settings.addAll(plan.source().settings().keySet());
    settings.addAll(plan.target().settings().keySet());
    settings.forEach(
        key -> concerns.add(critical("UnknownSetting", vm, key, "There is no such setting.")));
    Optional<ConfigMap> machine = source.find(vm.source());
    if (machine.isEmpty()) {
      concerns.add(critical("MachineGone", vm, "ConfigMap " + vm.source(), "It does not exist."));
    } else if (ToyMachines.isMoved(machine.get())) {
      concerns.add(
          critical("AlreadyMoved", vm, "ConfigMap " + vm.source(), "It was moved before."));
    }
    if (target.find(vm.target()).filter(there -> !ToyMachines.isOf(plan, there)).isPresent()) {
      concerns.add(
          critical("Collision", vm, "ConfigMap " + vm.target(), "Its place is taken by another."));
    }
    return concerns;
  }

  private static Concern critical(String code, PlannedVm vm, String subject, String message) {
    return new Concern(
        code, Severity.CRITICAL, vm.source(), subject, message, "Correct the plan or the cluster.");
  }
}
