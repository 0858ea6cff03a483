package dev.migrator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the move of one virtual machine stands: everything that the runner needs tomorrow.
 *
 * <p>Only the runner makes new ones; a provider reads it. It is saved after every change, under
 * {@code version}, and holds no secret value.
 *
 * @param plan the plan's id
 * @param run the plan's run
 * @param vm the machine, by its identity on the source
 * @param version counts the saves; a save under a stale one is refused
 * @param state where the move stands as a whole
 * @param phases the phases that were selected at reset, in order; they cannot change any more
 * @param phase the current one of them, or null before the first
 * @param entered when the current phase, the ending or the final state began
 * @param attempts how often the current phase failed in a row
 * @param due when to look again, or null for at once
 * @param waiting what is waited for, or null
 * @param steps what people see
 * @param facts what phases asked to remember, by key
 * @param ledger every object that this migration made and that is not known to be gone
 * @param handedOver when it was first known that the guest has moved, or null; never taken back
 * @param completion how it ends, once that is decided, or null
 * @param failure the last thing that went wrong, or null
 * @param warnings what a person should know about a success
 */
public record VmStatus(
    String plan,
    String run,
    VmRef vm,
    long version,
    VmState state,
    List<String> phases,
    @Nullable String phase,
    @Nullable Instant entered,
    int attempts,
    @Nullable Instant due,
    @Nullable Waiting waiting,
    List<StepStatus> steps,
    Map<String, String> facts,
    List<ObjectRef> ledger,
    @Nullable Instant handedOver,
    @Nullable Completion completion,
    @Nullable Failure failure,
    List<String> warnings) {

  public VmStatus {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(state, "state");
    phases = List.copyOf(phases);
    steps = List.copyOf(steps);
    facts = Map.copyOf(facts);
    ledger = List.copyOf(ledger);
    warnings = List.copyOf(warnings);
  }

  /**
   * The status of a machine that nothing was done for yet.
   *
   * @param plan the plan
   * @param vm the machine
   * @return the status, under version 0, which no store holds
   */
  public static VmStatus pending(MigrationPlan plan, PlannedVm vm) {
    return new Builder(plan.id(), plan.run(), vm.source()).build();
  }

  /** Whether the guest is known to have moved: from here on nothing is undone. */
  public boolean isHandedOver() {
    return handedOver != null;
  }

  /**
   * What a phase asked to remember.
   *
   * @param key the fact's key
   * @return its value, or empty when nobody recorded it
   */
  public Optional<String> fact(String key) {
    return Optional.ofNullable(facts.get(key));
  }

  /**
   * Returns the same status under another version.
   *
   * @param version how often it was saved
   * @return the changed copy
   */
  public VmStatus withVersion(long version) {
    return copy(version, phase);
  }

  /**
   * Returns the same status in another phase.
   *
   * @param phase the phase
   * @return the changed copy
   */
  public VmStatus withPhase(@Nullable String phase) {
    return copy(version, phase);
  }

  private VmStatus copy(long version, @Nullable String phase) {
    return new VmStatus(
        plan,
        run,
        vm,
        version,
        state,
        phases,
        phase,
        entered,
        attempts,
        due,
        waiting,
        steps,
        facts,
        ledger,
        handedOver,
        completion,
        failure,
        warnings);
  }

  /** Returns a builder that holds everything of this status. */
  public Builder toBuilder() {
    Builder copy = new Builder(plan, run, vm);
    copy.version = version;
    copy.state = state;
    copy.phases = phases;
    copy.phase = phase;
    copy.entered = entered;
    copy.attempts = attempts;
    copy.due = due;
    copy.waiting = waiting;
    copy.steps = steps;
    copy.facts = facts;
    copy.ledger = ledger;
    copy.handedOver = handedOver;
    copy.completion = completion;
    copy.failure = failure;
    copy.warnings = warnings;
    return copy;
  }

  /**
   * Starts a status from nothing, such as when a store reads one.
   *
   * @param plan the plan's id
   * @param run the plan's run
   * @param vm the machine, by its identity on the source
   * @return a builder for a pending status
   */
  public static Builder builder(String plan, String run, VmRef vm) {
    return new Builder(plan, run, vm);
  }

  /** Collects the parts of a {@link VmStatus}; not safe for use by several threads. */
  public static final class Builder {
    private final String plan;
    private final String run;
    private final VmRef vm;
    private long version;
    private VmState state = VmState.PENDING;
    private List<String> phases = List.of();
    private @Nullable String phase;
    private @Nullable Instant entered;
    private int attempts;
    private @Nullable Instant due;
    private @Nullable Waiting waiting;
    private List<StepStatus> steps = List.of();
    private Map<String, String> facts = Map.of();
    private List<ObjectRef> ledger = List.of();
    private @Nullable Instant handedOver;
    private @Nullable Completion completion;
    private @Nullable Failure failure;
    private List<String> warnings = List.of();

    private Builder(String plan, String run, VmRef vm) {
      this.plan = plan;
      this.run = run;
      this.vm = vm;
    }

    /** Sets the number of saves. */
    public Builder version(long version) {
      this.version = version;
      return this;
    }

    /** Sets where the move stands. */
    public Builder state(VmState state) {
      this.state = state;
      return this;
    }

    /** Sets the selected phases. */
    public Builder phases(List<String> phases) {
      this.phases = phases;
      return this;
    }

    /** Sets the current phase. */
    public Builder phase(@Nullable String phase) {
      this.phase = phase;
      return this;
    }

    /** Sets when the current phase began. */
    public Builder entered(@Nullable Instant entered) {
      this.entered = entered;
      return this;
    }

    /** Sets how often the current phase failed in a row. */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /** Sets when to look again; null for at once. */
    public Builder due(@Nullable Instant due) {
      this.due = due;
      return this;
    }

    /** Sets what is waited for. */
    public Builder waiting(@Nullable Waiting waiting) {
      this.waiting = waiting;
      return this;
    }

    /** Replaces what people see. */
    public Builder steps(List<StepStatus> steps) {
      this.steps = steps;
      return this;
    }

    /** Replaces all facts. */
    public Builder facts(Map<String, String> facts) {
      this.facts = facts;
      return this;
    }

    /** Adds facts; an equal key is replaced. */
    public Builder remember(Map<String, String> more) {
      if (!more.isEmpty()) {
        Map<String, String> all = new TreeMap<>(facts);
        all.putAll(more);
        facts = all;
      }
      return this;
    }

    /** Replaces the ledger. */
    public Builder ledger(List<ObjectRef> ledger) {
      this.ledger = ledger;
      return this;
    }

    /**
     * Enters what was made and strikes what is gone; an entry for the same place is replaced.
     *
     * @param created objects that exist now
     * @param removed objects that were seen to be gone
     */
    public Builder enter(List<ObjectRef> created, List<ObjectRef> removed) {
      if (created.isEmpty() && removed.isEmpty()) {
        return this;
      }
      List<ObjectRef> all = new ArrayList<>(ledger);
      for (ObjectRef gone : removed) {
        all.removeIf(gone::isSamePlace);
      }
      for (ObjectRef made : created) {
        all.removeIf(made::isSamePlace);
        all.add(made);
      }
      ledger = all;
      return this;
    }

    /** Records the hand-over, unless it is recorded already. */
    public Builder handedOver(@Nullable Instant at) {
      if (handedOver == null) {
        handedOver = at;
      }
      return this;
    }

    /** Sets how it ends. */
    public Builder completion(@Nullable Completion completion) {
      this.completion = completion;
      return this;
    }

    /** Sets the last thing that went wrong. */
    public Builder failure(@Nullable Failure failure) {
      this.failure = failure;
      return this;
    }

    /** Replaces the warnings. */
    public Builder warnings(List<String> warnings) {
      this.warnings = warnings;
      return this;
    }

    /** Adds warnings that are not there yet. */
    public Builder warn(List<String> more) {
      if (!warnings.containsAll(more)) {
        List<String> all = new ArrayList<>(warnings);
        more.stream().filter(warning -> !all.contains(warning)).forEach(all::add);
        warnings = all;
      }
      return this;
    }

    /** Makes the status. */
    public VmStatus build() {
      return new VmStatus(
          plan,
          run,
          vm,
          version,
          state,
          phases,
          phase,
          entered,
          attempts,
          due,
          waiting,
          steps,
          facts,
          ledger,
          handedOver,
          completion,
          failure,
          warnings);
    }
  }
}
