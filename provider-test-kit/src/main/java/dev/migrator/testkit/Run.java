package dev.migrator.testkit;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run shares between the kit's stand-ins, and what it records; used by one thread at a
 * time, the one that runs the machines.
 */
final class Run {

  /**
   * One call of an action, of begin or of complete.
   *
   * @param vm the machine, or null for begin
   * @param phase the phase, or the stand-in's name
   * @param number how many executions of this phase and machine there were before
   * @param status the status that it saw, or null for begin
   * @param before where the guest was when it was called
   * @param outcome what it returned, or null when it threw
   * @param thrown what it threw, or null
   * @param world the world when it was called, or null unless it is recorded
   * @param at when
   */
  record Execution(
      @Nullable VmRef vm,
      String phase,
      int number,
      @Nullable VmStatus status,
      Set<Side> before,
      @Nullable PhaseOutcome outcome,
      @Nullable Throwable thrown,
      @Nullable Map<String, String> world,
      Instant at) {}

  /**
   * A hook was started.
   *
   * @param vm the machine
   * @param stage when it ran
   * @param status the machine's status
   * @param world the world at that moment
   */
  record HookStart(VmRef vm, HookStage stage, VmStatus status, Map<String, String> world) {}

  final Subject subject;
  final FaultPlan faults;
  final boolean recordsWorld;
  final List<MigrationEvent> events = new ArrayList<>();
  final List<VmStatus> history = new ArrayList<>();
  final List<Execution> executions = new ArrayList<>();
  final List<HookStart> hooks = new ArrayList<>();
  final List<String> misdeeds = new ArrayList<>();
  MigrationPlan plan;
  @Nullable Map<String, String> baseline;

  /** How many turns there were; read by whoever waits for the run. */
  volatile int turns;

  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<FaultPlan.Fault, Integer> fired = new HashMap<>();
  private final Map<FaultPlan.Fault, VmRef> bound = new HashMap<>();
  private @Nullable VmRef frozen;
  private String frozenPhase = "";

  Run(Subject subject, MigrationPlan plan, FaultPlan faults, boolean recordsWorld) {
    this.subject = subject;
    this.recordsWorld = recordsWorld;
    this.plan = plan;
    this.faults = faults;
  }

  /** Counts an execution and says how many there were before. */
  int count(@Nullable VmRef vm, String phase) {
    return counts.merge(vm + " " + phase, 1, Integer::sum) - 1;
  }

  /** The fault that hits an execution, or null. */
  FaultPlan.@Nullable Fault fault(@Nullable VmRef vm, String phase, int number) {
    for (FaultPlan.Fault fault : faults.faults()) {
      int times = fired.getOrDefault(fault, 0);
      VmRef hit = fault.vm() == null ? bound.get(fault) : fault.vm();
      if (fault.phase().equals(phase)
          && number >= fault.execution()
          && times < fault.times()
          && (hit == null || hit.equals(vm))) {
        fired.put(fault, times + 1);
        if (vm != null) {
          bound.put(fault, vm);
        }
        return fault;
      }
    }
    return null;
  }

  /** The status of a machine before its latest one, if both were saved while it was running. */
  @Nullable VmStatus staleStatus(VmRef vm) {
    List<VmStatus> saved = history.stream().filter(status -> status.vm().equals(vm)).toList();
    if (saved.size() < 2) {
      return null;
    }
    VmStatus stale = saved.get(saved.size() - 2);
    return stale.state() == VmState.RUNNING && stale.phase() != null ? stale : null;
  }

  void cancel(@Nullable VmRef vm) {
    plan =
        plan.cancel(vm == null ? plan.vms().stream().map(v -> v.source()).toList() : List.of(vm));
  }

  void freeze(@Nullable VmRef vm, String phase) {
    frozen = vm;
    frozenPhase = phase;
  }

  /** Lets the world act, unless a fault makes it stand still. */
  void settle() {
    if (!isFrozen()) {
      subject.settle();
    }
  }

  /** Moves the clock to an instant, or to what happens in the world before it. */
  void jump(Instant due) {
    Instant event = isFrozen() ? due : subject.nextEvent().orElse(due);
    ManualClock clock = subject.clock();
    clock.advanceTo(event.isBefore(due) && event.isAfter(clock.instant()) ? event : due);
  }

  private boolean isFrozen() {
    VmRef vm = frozen;
    if (vm == null) {
      return false;
    }
    VmStatus last = last(vm);
    return last == null
        || (last.state() == VmState.RUNNING && Objects.equals(last.phase(), frozenPhase));
  }

  private @Nullable VmStatus last(VmRef vm) {
    for (int i = history.size() - 1; i >= 0; i--) {
      if (history.get(i).vm().equals(vm)) {
        return history.get(i);
      }
    }
    return null;
  }
}
