package dev.migrator.core;

import dev.migrator.core.Transition.News;
import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.StepState;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Delegate;
import dev.migrator.spi.PhaseOutcome.Disposition;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The reducer: from a status, what a phase found and the time to the next status. Pure.
 *
 * <p>Its one invariant: a machine whose hand-over is recorded never ends FAILED or CANCELLED. After
 * the hand-over a failure that asks for a roll-back becomes a warning and the itinerary goes on,
 * one that preserves needs attention, and a fault that may pass is tried again at the policy's cap
 * until the policy's whole time is used up, whatever number of tries it allows; then the machine
 * needs attention, because the phase that does not get through may be the one that halts the
 * source.
 */
final class Transitions {

  private static final String TOO_LATE =
      "The cancel came too late: the guest has moved, so the migration is finished.";

  private final RetryPolicy policy;
  private final Duration endingDeadline;

  /**
   * Makes a reducer.
   *
   * @param policy how tries are spaced
   * @param endingDeadline how long an ending may wait in all
   */
  Transitions(RetryPolicy policy, Duration endingDeadline) {
    this.policy = policy;
    this.endingDeadline = endingDeadline;
  }

  /**
   * Applies what a phase, or the ending, found.
   *
   * @param status a status that is not final
   * @param found what was found; its notes are written down, except before the first phase
   * @param now the time
   * @param route where the itinerary leads from here
   * @return what becomes of it
   */
  Transition apply(VmStatus status, PhaseOutcome found, Instant now, Route route) {
    PhaseOutcome outcome = Legible.of(found);
    Draft draft = new Draft(status, now);
    if (status.state() != VmState.PENDING) {
      draft.note(outcome.notes());
    }
    if (draft.isHandedOver() && isUndoing(status)) {
      resume(draft);
      return draft.finish();
    }
    if (outcome instanceof Advance) {
      advance(draft, route);
    } else if (outcome instanceof Await await) {
      return await(draft, await, route);
    } else if (outcome instanceof Retry retry) {
      retry(draft, retry, route);
    } else if (outcome instanceof Fail fail) {
      settle(draft, failure(draft, fail.code(), fail.message()), fail.disposition(), route);
    } else if (outcome instanceof Delegate) {
      settle(
          draft,
          failure(draft, "NothingToDelegate", "Only a phase can be left to the shared runner."),
          Disposition.PRESERVE,
          route);
    } else {
      throw new IllegalArgumentException("Unknown outcome " + outcome);
    }
    return draft.finish();
  }

  /** Whether a cancel would change this status. */
  static boolean heedsCancel(VmStatus status) {
    if (status.isHandedOver()) {
      return !status.state().isFinal() && !status.warnings().contains(TOO_LATE);
    }
    return status.state() == VmState.PENDING || status.state() == VmState.RUNNING;
  }

  /** Applies a cancel to a status that {@link #heedsCancel}. */
  Transition cancel(VmStatus status, Instant now) {
    Draft draft = new Draft(status, now);
    if (status.isHandedOver()) {
      tellTooLate(draft);
    } else if (status.state() == VmState.PENDING) {
      draft.end(VmState.CANCELLED, null);
    } else {
      draft.stopStep(StepState.SKIPPED, "Cancelled");
      draft.beginEnding(Completion.CANCELLED, null);
    }
    return draft.finish();
  }

  /**
   * Applies a cancel to a machine that the store does not know. It may be under way all the same,
   * and only its status be lost: its ending is carried out as any other.
   */
  Transition cancelUnknown(VmStatus status, Instant now) {
    Draft draft = new Draft(status, now);
    draft.beginEnding(Completion.CANCELLED, null);
    return draft.finish();
  }

  /** Takes up a machine that needs attention where it stood. */
  Transition retry(VmStatus status, Instant now) {
    Draft draft = new Draft(status, now);
    if (status.completion() == null) {
      reopen(draft);
    } else {
      draft.afresh(VmState.ENDING, original(status));
      tellResumed(draft, VmState.ENDING);
    }
    return draft.finish();
  }

  private void advance(Draft draft, Route route) {
    VmStatus before = draft.before();
    if (before.state() == VmState.ENDING) {
      draft.end(finalState(before), original(before));
      return;
    }
    if (before.state() != VmState.RUNNING) {
      throw new IllegalArgumentException("Nothing to advance from in state " + before.state());
    }
    Optional<String> next = route.next();
    if (next.isPresent()) {
      draft.enterPhase(next.get(), route.step(next.get()));
    } else {
      // Whoever is through with the last phase has the guest on the target, even if no phase said
      // so.
      draft.handOver();
      draft.steps(Steps.complete(draft.steps(), draft.now()));
      draft.beginEnding(Completion.SUCCEEDED, null);
    }
  }

  private Transition await(Draft draft, Await await, Route route) {
    VmStatus before = draft.before();
    Failure kept = before.state() == VmState.ENDING ? original(before) : null;
    boolean known = await.notes().isEmpty() && Objects.equals(before.failure(), kept);
    draft.next().attempts(0).failure(kept);
    Instant end = endOfEnding(before);
    if (end != null && !end.isAfter(draft.now())) {
      String text = await.reason() + " (the ending took " + Texts.words(endingDeadline) + ")";
      settle(draft, failure(draft, "DeadlineExceeded", text), await.late(), route);
      return draft.finish();
    }
    if (await.recheck().isZero() && Waits.isEndless(await)) {
      // Not a wait but a save before the next write: what is waited for goes on meanwhile.
      draft.next().due(null);
      return draft.finish(known && before.due() == null ? News.NONE : News.STATE);
    }
    Waiting old = before.waiting();
    Waiting waiting = Waits.begin(old, await, draft.now());
    String late = Waits.late(waiting, await, draft.now());
    if (late != null) {
      settle(draft, failure(draft, "DeadlineExceeded", late), await.late(), route);
      return draft.finish();
    }
    Instant due = Waits.due(waiting, await, draft.now());
    draft.next().waiting(waiting).due(end == null ? due : Waits.earlier(due, end));
    draft.steps(Steps.tell(draft.steps(), await.reason(), waiting.progress()));
    boolean begins = old == null || !old.name().equals(waiting.name());
    boolean words = old == null || begins || !old.reason().equals(await.reason());
    if (words) {
      draft.tell(
          new MigrationEvent.Waits(
              before.plan(),
              before.vm(),
              draft.now(),
              before.phase(),
              await.name(),
              await.reason()));
    }
    Progress progress = waiting.progress();
    if (progress != null && (old == null || !progress.equals(old.progress()))) {
      words = true;
      draft.tell(
          new MigrationEvent.Progressed(
              before.plan(), before.vm(), draft.now(), before.phase(), progress));
    }
    return draft.finish(begins || !known ? News.STATE : words ? News.WORDS : News.NONE);
  }

  /** An ending must itself come to an end, whatever it waits for. */
  private @Nullable Instant endOfEnding(VmStatus status) {
    Instant begun = status.entered();
    return status.state() == VmState.ENDING && begun != null ? begun.plus(endingDeadline) : null;
  }

  private void retry(Draft draft, Retry retry, Route route) {
    VmStatus before = draft.before();
    Failure failure = failure(draft, "Transient", retry.message());
    boolean moved = draft.isHandedOver();
    boolean spent =
        moved
            ? policy.isOverdue(failure.first(), draft.now())
            : policy.isSpent(failure.count(), failure.first(), draft.now());
    if (spent) {
      String text =
          retry.message()
              + " (tried "
              + failure.count()
              + " times in "
              + Texts.duration(failure.first(), draft.now())
              + ")";
      boolean undone = before.state() == VmState.ENDING || !moved;
      settle(
          draft,
          failure(draft, "RetriesExhausted", text),
          undone ? Disposition.ROLL_BACK : Disposition.PRESERVE,
          route);
      return;
    }
    Instant due = nextTry(before, failure, retry.after(), draft.now());
    draft
        .next()
        .attempts(failure.count())
        .failure(failure)
        .waiting(Waits.suspend(before.waiting(), Duration.between(draft.now(), due)))
        .due(due);
    draft.steps(Steps.tell(draft.steps(), retry.message(), null));
    draft.tell(
        new MigrationEvent.RetryScheduled(before.plan(), before.vm(), draft.now(), failure, due));
  }

  /** Draws the consequence of a failure that will not pass. */
  private void settle(Draft draft, Failure failure, Disposition disposition, Route route) {
    VmStatus before = draft.before();
    boolean pending = before.state() == VmState.PENDING;
    if (pending && !draft.isHandedOver()) {
      draft.end(VmState.FAILED, failure);
    } else if (pending || disposition == Disposition.PRESERVE) {
      needAttention(draft, failure);
    } else if (before.state() == VmState.RUNNING) {
      if (draft.isHandedOver()) {
        draft.warn("Phase " + before.phase() + " failed: " + failure.message());
        advance(draft, route);
      } else {
        draft.stopStep(StepState.FAILED, failure.message());
        draft.beginEnding(Completion.FAILED, failure);
      }
    } else if (before.completion() == Completion.SUCCEEDED) {
      draft.warn("The clean-up failed: " + failure.message() + " " + holdings(draft));
      draft.end(VmState.SUCCEEDED, null);
    } else {
      needAttention(draft, failure);
    }
  }

  private void needAttention(Draft draft, Failure failure) {
    Failure undone = failure.cause();
    String text =
        failure.message()
            + (undone == null ? "" : " This happened while undoing: " + undone.message())
            + " "
            + holdings(draft)
            + " Nothing is touched any more; look at it, then have it tried again.";
    draft.stopStep(StepState.FAILED, failure.message());
    draft.end(
        VmState.NEEDS_ATTENTION,
        new Failure(
            failure.phase(),
            failure.code(),
            text,
            failure.count(),
            failure.first(),
            failure.last(),
            undone));
  }

  /** The roll-back found that there is nothing to roll back any more. */
  private void resume(Draft draft) {
    VmStatus before = draft.before();
    Failure undone = original(before);
    if (undone == null) {
      tellTooLate(draft);
    } else {
      draft.warn(
          "The roll-back was called off because the guest has moved; it had begun after: "
              + undone.message());
    }
    reopen(draft);
  }

  private static void reopen(Draft draft) {
    // A machine whose status was lost stands nowhere yet; starting it finds out where it is.
    VmState state = draft.before().phase() == null ? VmState.PENDING : VmState.RUNNING;
    draft.afresh(state, null).next().completion(null);
    draft.steps(Steps.reopen(draft.steps()));
    tellResumed(draft, state);
  }

  private static void tellTooLate(Draft draft) {
    VmStatus before = draft.before();
    draft.warn(TOO_LATE);
    draft.tell(new MigrationEvent.CancelTooLate(before.plan(), before.vm(), draft.now()));
  }

  private static void tellResumed(Draft draft, VmState state) {
    VmStatus before = draft.before();
    draft.tell(
        new MigrationEvent.Resumed(before.plan(), before.vm(), draft.now(), state, before.phase()));
  }

  private static Failure failure(Draft draft, String code, String message) {
    VmStatus before = draft.before();
    Failure last = before.attempts() > 0 ? before.failure() : null;
    return new Failure(
        before.phase(),
        code,
        message,
        before.attempts() + 1,
        last == null ? draft.now() : last.first(),
        draft.now(),
        before.state() == VmState.ENDING ? original(before) : null);
  }

  /** Why the ending began, whatever went wrong since; null when nothing had. */
  private static @Nullable Failure original(VmStatus status) {
    Failure failure = status.failure();
    if (failure == null || status.completion() != Completion.FAILED) {
      return null;
    }
    return failure.cause() == null ? failure : failure.cause();
  }

  private static boolean isUndoing(VmStatus status) {
    return status.state() == VmState.ENDING && status.completion() != Completion.SUCCEEDED;
  }

  private static VmState finalState(VmStatus status) {
    return VmState.valueOf(Objects.requireNonNull(status.completion(), "completion").name());
  }

  private Instant nextTry(VmStatus status, Failure failure, @Nullable Duration after, Instant now) {
    Instant due = now.plus(policy.delay(failure.count(), seed(status)));
    // The last try comes at the end of the budget, not up to a whole delay later.
    Instant end = failure.first().plus(policy.total());
    Instant next = due.isAfter(end) ? end : due;
    Instant earliest = after == null ? next : now.plus(after);
    return next.isBefore(earliest) ? earliest : next;
  }

  private static long seed(VmStatus status) {
    String phase = status.phase() == null ? "" : status.phase();
    long seed = status.plan().hashCode();
    seed = seed * 0x9e3779b97f4a7c15L + status.run().hashCode();
    seed = seed * 0x9e3779b97f4a7c15L + status.vm().hashCode();
    return seed * 0x9e3779b97f4a7c15L + phase.hashCode();
  }

  private static String holdings(Draft draft) {
    java.util.List<ObjectRef> ledger = draft.next().build().ledger();
    return ledger.isEmpty()
        ? "Nothing that this migration made is left."
        : "Still there: "
            + ledger.stream().map(ObjectRef::toString).collect(Collectors.joining(", "))
            + ".";
  }
}
