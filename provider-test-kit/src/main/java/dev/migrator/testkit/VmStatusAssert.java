package dev.migrator.testkit;

import dev.migrator.model.Failure;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Asserts on the status of one machine; what fails carries the event log where there is one. */
public final class VmStatusAssert extends AbstractAssert<VmStatusAssert, VmStatus> {

  private final @Nullable MigrationResults results;

  VmStatusAssert(@Nullable MigrationResults results, VmStatus actual) {
    super(actual, VmStatusAssert.class);
    this.results = results;
  }

  /** The move stands there. */
  public VmStatusAssert hasState(VmState state) {
    return check(actual.state() == state, "be " + state + " but is " + actual.state());
  }

  /** The guest has moved. */
  public VmStatusAssert hasSucceeded() {
    return hasState(VmState.SUCCEEDED);
  }

  /** The move was undone, or never begun, with a failure of this code. */
  public VmStatusAssert hasFailedWith(String code) {
    hasState(VmState.FAILED);
    Failure failure = actual.failure();
    return check(
        failure != null && failure.code().equals(code),
        "have failed with " + code + " but with " + failure);
  }

  /** The move was undone because somebody asked for it. */
  public VmStatusAssert wasCancelled() {
    return hasState(VmState.CANCELLED);
  }

  /** The current phase is this one. */
  public VmStatusAssert isInPhase(String phase) {
    return check(
        Objects.equals(actual.phase(), phase), "be in " + phase + " but is in " + actual.phase());
  }

  /** This phase was selected, and is the current one or before it. */
  public VmStatusAssert hasReached(String phase) {
    List<String> phases = actual.phases();
    int wanted = phases.indexOf(phase);
    return check(
        wanted >= 0 && wanted <= phases.indexOf(String.valueOf(actual.phase())),
        "have reached " + phase + " but is in " + actual.phase() + " of " + phases);
  }

  /** All phases of this step are done. */
  public VmStatusAssert hasCompletedStep(String step) {
    List<StepStatus> steps =
        actual.steps().stream().filter(candidate -> candidate.name().equals(step)).toList();
    return check(
        !steps.isEmpty() && steps.stream().allMatch(s -> s.state() == StepState.COMPLETED),
        "have completed step " + step + " but has " + actual.steps());
  }

  /** The hand-over is recorded. */
  public VmStatusAssert isHandedOver() {
    return check(actual.isHandedOver(), "be handed over");
  }

  /** The hand-over is not recorded. */
  public VmStatusAssert isNotHandedOver() {
    return check(!actual.isHandedOver(), "not be handed over");
  }

  /** A fact has this value. */
  public VmStatusAssert hasFact(String key, String value) {
    return check(
        actual.fact(key).filter(value::equals).isPresent(),
        "remember " + key + "=" + value + " but remembers " + actual.facts());
  }

  /** One warning contains this text. */
  public VmStatusAssert hasWarning(String text) {
    return check(
        actual.warnings().stream().anyMatch(warning -> warning.contains(text)),
        "warn of '" + text + "' but warns of " + actual.warnings());
  }

  /** There is no warning. */
  public VmStatusAssert hasNoWarning() {
    return check(actual.warnings().isEmpty(), "not warn but warns of " + actual.warnings());
  }

  /** Nothing that was made is left. */
  public VmStatusAssert hasEmptyLedger() {
    return check(actual.ledger().isEmpty(), "have nothing left but has " + actual.ledger());
  }

  /** At the end of the run the guest was on these sides and on no other. */
  public VmStatusAssert hasGuestOn(Side... sides) {
    Set<Side> where = results == null ? Set.of() : results.whereabouts(actual.vm());
    return check(where.equals(Set.of(sides)), "be on " + Set.of(sides) + " but is on " + where);
  }

  private VmStatusAssert check(boolean holds, String expectation) {
    if (!holds) {
      String message = "VM " + actual.vm() + " should " + expectation;
      throw results == null
          ? new AssertionError(message + "\n\n" + actual)
          : results.explain(new AssertionError(message));
    }
    return this;
  }
}
