package dev.migrator.core;

import dev.migrator.model.Progress;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Keeps the steps that people see in line with the phases; pure. */
final class Steps {

  private Steps() {}

  /** Enters a step: those before it are completed, it runs. */
  static List<StepStatus> enter(List<StepStatus> steps, String name, Instant now) {
    int index = indexOf(steps, name);
    if (index >= 0 && isFresh(steps.get(index))) {
      // Between two phases of one step there is nothing to show, and this is the common case.
      return steps;
    }
    List<StepStatus> all = new ArrayList<>(steps);
    for (int i = 0; i < index; i++) {
      all.set(i, completed(all.get(i), now));
    }
    if (index >= 0) {
      StepStatus step = all.get(index);
      Instant started = step.started() == null ? now : step.started();
      all.set(index, new StepStatus(name, StepState.RUNNING, null, "", started, null));
    }
    return all;
  }

  /** Takes up the step that was stopped, which is the last one that began. */
  static List<StepStatus> reopen(List<StepStatus> steps) {
    List<StepStatus> all = new ArrayList<>(steps);
    boolean found = false;
    for (int i = all.size() - 1; i >= 0 && !found; i--) {
      StepStatus step = all.get(i);
      found = step.started() != null;
      all.set(
          i,
          found
              ? new StepStatus(step.name(), StepState.RUNNING, null, "", step.started(), null)
              : StepStatus.pending(step.name()));
    }
    return all;
  }

  /** Says what the running step does; returns the same list when that is no news. */
  static List<StepStatus> tell(
      List<StepStatus> steps, String message, @Nullable Progress progress) {
    return change(
        steps,
        StepState.RUNNING,
        step ->
            step.message().equals(message) && Objects.equals(step.progress(), progress)
                ? step
                : new StepStatus(
                    step.name(), step.state(), progress, message, step.started(), step.ended()));
  }

  /** Completes every step that was reached or is still to come. */
  static List<StepStatus> complete(List<StepStatus> steps, Instant now) {
    return steps.stream().map(step -> completed(step, now)).toList();
  }

  /** Ends the running step as failed, or as skipped when nothing went wrong with it. */
  static List<StepStatus> stop(
      List<StepStatus> steps, StepState state, String message, Instant now) {
    return change(
        steps,
        StepState.RUNNING,
        step -> new StepStatus(step.name(), state, step.progress(), message, step.started(), now));
  }

  /** Skips every step that was not reached. */
  static List<StepStatus> skipRest(List<StepStatus> steps) {
    return change(
        steps,
        StepState.PENDING,
        step -> new StepStatus(step.name(), StepState.SKIPPED, null, "", null, null));
  }

  private static boolean isFresh(StepStatus step) {
    return step.state() == StepState.RUNNING && step.message().isEmpty() && step.progress() == null;
  }

  private static StepStatus completed(StepStatus step, Instant now) {
    if (step.state() != StepState.RUNNING && step.state() != StepState.PENDING) {
      return step;
    }
    Instant started = step.started() == null ? now : step.started();
    return new StepStatus(step.name(), StepState.COMPLETED, step.progress(), "", started, now);
  }

  private static List<StepStatus> change(
      List<StepStatus> steps, StepState state, UnaryOperator<StepStatus> change) {
    List<StepStatus> all = steps;
    for (int i = 0; i < steps.size(); i++) {
      StepStatus step = steps.get(i);
      if (step.state() == state) {
        StepStatus changed = change.apply(step);
        if (!changed.equals(step)) {
          all = all.equals(steps) ? new ArrayList<>(steps) : all;
          all.set(i, changed);
        }
      }
    }
    return all;
  }

  private static int indexOf(List<StepStatus> steps, String name) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
