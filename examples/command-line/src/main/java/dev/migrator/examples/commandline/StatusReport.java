package dev.migrator.examples.commandline;

import dev.migrator.examples.terminal.Table;
import dev.migrator.model.Failure;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Progress;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.io.PrintStream;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the machines of a plan stand, for people: a line for each, and what there is to say. */
final class StatusReport {

  private static final String NONE = "-";
  private static final Set<VmState> BAD =
      EnumSet.of(VmState.FAILED, VmState.CANCELLED, VmState.NEEDS_ATTENTION);

  private final MigrationPlan plan;
  private final Map<VmRef, VmStatus> statuses = new HashMap<>();

  /**
   * Makes a report.
   *
   * @param plan the plan, with the machines that are cancelled
   * @param statuses what is stored
   */
  StatusReport(MigrationPlan plan, Collection<VmStatus> statuses) {
    this.plan = plan;
    statuses.forEach(status -> this.statuses.put(status.vm(), status));
  }

  /** Whether every machine has arrived. */
  boolean isDone() {
    return plan.vms().stream().allMatch(vm -> state(vm) == VmState.SUCCEEDED);
  }

  /** Whether a machine did not move, or needs a person. */
  boolean isBad() {
    return plan.vms().stream().anyMatch(vm -> BAD.contains(state(vm)));
  }

  void print(PrintStream out) {
    Table table = new Table().row("MACHINE", "STATE", "STEP", "PHASE", "PROGRESS");
    for (PlannedVm vm : plan.vms()) {
      VmStatus status = statuses.get(vm.source());
      table.row(
          vm.source().toString(),
          state(vm).name(),
          step(status),
          status == null || status.phase() == null ? NONE : status.phase(),
          progress(status));
    }
    table.print(out, "");
    plan.vms().forEach(vm -> explain(out, vm.source(), statuses.get(vm.source())));
  }

  private void explain(PrintStream out, VmRef vm, @Nullable VmStatus status) {
    String indent = vm + ": ";
    if (plan.cancelled().contains(vm) && (status == null || !status.state().isFinal())) {
      out.println(indent + "a cancel is recorded");
    }
    if (status == null) {
      return;
    }
    if (!status.run().equals(plan.run())) {
      out.println(indent + "this is run '" + status.run() + "'");
    }
    if (status.waiting() != null && !status.state().isFinal()) {
      out.println(indent + status.waiting().reason());
    }
    for (Failure failure = status.failure(); failure != null; failure = failure.cause()) {
      out.println(indent + failure.code() + ": " + failure.message());
    }
    status.warnings().forEach(warning -> out.println(indent + "warning: " + warning));
  }

  private VmState state(PlannedVm vm) {
    VmStatus status = statuses.get(vm.source());
    return status == null ? VmState.PENDING : status.state();
  }

  private static String step(@Nullable VmStatus status) {
    return status == null
        ? NONE
        : status.steps().stream()
            .filter(step -> step.state() == StepState.RUNNING)
            .map(StepStatus::name)
            .findFirst()
            .orElse(NONE);
  }

  /** Phases that are behind it; while something is copied, how much of that. */
  private static String progress(@Nullable VmStatus status) {
    if (status == null || status.phases().isEmpty()) {
      return NONE;
    }
    int phase = status.phases().indexOf(status.phase()) + 1;
    String phases = phase + "/" + status.phases().size();
    Progress copy = status.waiting() == null ? null : status.waiting().progress();
    return copy == null || copy.total() == 0
        ? phases
        : phases + ", " + 100 * copy.completed() / copy.total() + " %";
  }
}
