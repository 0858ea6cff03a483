package dev.migrator.core;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status in the making, with the events that tell of it; lives as long as one transition. */
final class Draft {

  private final VmStatus before;
  private final VmStatus.Builder next;
  private final Instant now;
  private final List<MigrationEvent> events = new ArrayList<>(1);
  private List<StepStatus> steps;
  private boolean handedOver;

  Draft(VmStatus before, Instant now) {
    this.before = before;
    this.next = before.toBuilder();
    this.now = now;
    this.steps = before.steps();
    this.handedOver = before.isHandedOver();
  }

  VmStatus before() {
    return before;
  }

  VmStatus.Builder next() {
    return next;
  }

  Instant now() {
    return now;
  }

  boolean isHandedOver() {
    return handedOver;
  }

  void tell(MigrationEvent event) {
    events.add(event);
  }

  /** Writes down what a phase asked for. */
  void note(Notes notes) {
    if (!notes.isEmpty()) {
      next.remember(notes.facts()).enter(notes.created(), notes.removed());
      notes.warnings().forEach(this::warn);
      if (notes.handedOver()) {
        handOver();
      }
    }
  }

  void handOver() {
    if (!handedOver) {
      handedOver = true;
      next.handedOver(now);
      tell(new MigrationEvent.HandedOver(before.plan(), before.vm(), now));
    }
  }

  void warn(String said) {
    String warning = Legible.text(said);
    next.warn(List.of(warning));
    if (!before.warnings().contains(warning)) {
      tell(new MigrationEvent.Warned(before.plan(), before.vm(), now, warning));
    }
  }

  void steps(List<StepStatus> steps) {
    this.steps = steps;
  }

  List<StepStatus> steps() {
    return steps;
  }

  /** Starts something new: the time, the failures and the waits count from here. */
  Draft afresh(VmState state, @Nullable Failure failure) {
    next.state(state).entered(now).attempts(0).due(null).waiting(null).failure(failure);
    return this;
  }

  void enterPhase(String phase, String step) {
    afresh(VmState.RUNNING, null).next().phase(phase).completion(null);
    steps = Steps.enter(steps, step, now);
    tell(new MigrationEvent.PhaseEntered(before.plan(), before.vm(), now, phase, step));
  }

  void beginEnding(Completion completion, @Nullable Failure failure) {
    afresh(VmState.ENDING, failure).next().completion(completion);
    tell(new MigrationEvent.Ending(before.plan(), before.vm(), now, completion, failure));
  }

  void end(VmState state, @Nullable Failure failure) {
    afresh(state, failure);
    steps = Steps.skipRest(steps);
    VmStatus ended = next.build();
    tell(
        new MigrationEvent.Ended(
            before.plan(), before.vm(), now, state, failure, ended.warnings()));
  }

  void stopStep(StepState state, String message) {
    steps = Steps.stop(steps, state, message, now);
  }

  Transition finish() {
    return finish(Transition.News.STATE);
  }

  Transition finish(Transition.News news) {
    return new Transition(next.steps(steps).build(), events, news);
  }
}
