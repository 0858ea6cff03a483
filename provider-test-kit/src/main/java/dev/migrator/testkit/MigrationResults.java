package dev.migrator.testkit;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What happened in a run of {@link MigratorTestKit}: the statuses, the events and the world at its
 * end. Immutable.
 */
public final class MigrationResults {

  /** How many of the latest events a message shows. */
  private static final int SHOWN = 80;

  private final Run run;
  private final Map<VmRef, VmStatus> statuses;
  private final Map<String, String> world;
  private final Map<VmRef, Set<Side>> whereabouts;

  private MigrationResults(
      Run run,
      Map<VmRef, VmStatus> statuses,
      Map<String, String> world,
      Map<VmRef, Set<Side>> whereabouts) {
    this.run = run;
    this.statuses = statuses;
    this.world = world;
    this.whereabouts = whereabouts;
  }

  static MigrationResults of(
      Run run, Map<String, String> world, Map<VmRef, Set<Side>> whereabouts) {
    Map<VmRef, VmStatus> latest =
        run.history.stream()
            .collect(
                Collectors.toMap(
                    VmStatus::vm, Function.identity(), (old, next) -> next, LinkedHashMap::new));
    return new MigrationResults(run, latest, world, whereabouts);
  }

  /** The plan, with the machines that a fault cancelled. */
  public MigrationPlan plan() {
    return run.plan;
  }

  /** The latest status of each machine. */
  public List<VmStatus> statuses() {
    return List.copyOf(statuses.values());
  }

  /**
   * The latest status of a machine.
   *
   * @param vm the machine, by its identity on the source
   * @return the status
   * @throws AssertionError when none was ever saved
   */
  public VmStatus status(VmRef vm) {
    VmStatus status = statuses.get(vm);
    if (status == null) {
      throw explain(new AssertionError("No status of VM " + vm + " was ever saved"));
    }
    return status;
  }

  /** Every status that was saved, of all machines, in order. */
  public List<VmStatus> history() {
    return List.copyOf(run.history);
  }

  /** Every event, of all machines, in order. */
  public List<MigrationEvent> events() {
    return List.copyOf(run.events);
  }

  /** The phases that the first machine of the plan entered, in order, each once. */
  public List<String> phases() {
    VmRef first = run.plan.vms().get(0).source();
    return run.events.stream()
        .filter(MigrationEvent.PhaseEntered.class::isInstance)
        .map(MigrationEvent.PhaseEntered.class::cast)
        .filter(entered -> entered.vm().equals(first))
        .map(MigrationEvent.PhaseEntered::phase)
        .distinct()
        .toList();
  }

  /** The world as {@link Subject#snapshot} told it at the end. */
  public Map<String, String> world() {
    return world;
  }

  /** Where the guest of a machine was at the end, as {@link Subject#whereabouts} told it. */
  public Set<Side> whereabouts(VmRef vm) {
    return whereabouts.getOrDefault(vm, Set.of());
  }

  /** The time that passed, by the subject's clock. */
  public Duration took() {
    return run.history.isEmpty()
        ? Duration.ZERO
        : Duration.between(ManualClock.START, run.subject.clock().instant());
  }

  /** The event log and the final statuses: what every failed assertion carries. */
  public String log() {
    int skipped = Math.max(0, run.events.size() - SHOWN);
    String events =
        run.events.stream()
            .skip(skipped)
            .map(MigrationResults::line)
            .collect(Collectors.joining("\n"));
    String ends =
        statuses.values().stream().map(Object::toString).collect(Collectors.joining("\n"));
    return "Faults: "
        + run.faults
        + "\nEvents"
        + (skipped == 0 ? "" : " (the last " + SHOWN + " of " + run.events.size() + ")")
        + ":\n"
        + (events.isEmpty() ? "  none" : events)
        + "\nStatuses:\n"
        + (ends.isEmpty() ? "  none" : ends);
  }

  Run run() {
    return run;
  }

  /** Adds the log to what a failed assertion says. */
  AssertionError explain(AssertionError failed) {
    AssertionError explained =
        new AssertionError(failed.getMessage() + "\n\n" + log(), failed.getCause());
    explained.setStackTrace(failed.getStackTrace());
    return explained;
  }

  private static String line(MigrationEvent event) {
    String vm = event instanceof MigrationEvent.OfVm about ? " " + about.vm() : "";
    return "  +"
        + Duration.between(ManualClock.START, event.at())
        + vm
        + " "
        + event.getClass().getSimpleName()
        + ": "
        + event.describe();
  }
}
