package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTransitionsTest extends Reducing {

  @Test
  void aFailureBeforeTheHandOverRollsBack() {
    Transition transition = apply(running("A"), PhaseOutcome.fail("Broken", "It broke."), NOON);

    VmStatus status = transition.status();
    assertThat(status.state()).isEqualTo(VmState.ENDING);
    assertThat(status.completion()).isEqualTo(Completion.FAILED);
    assertThat(status.failure()).isEqualTo(Failure.once("A", "Broken", "It broke.", NOON));
    assertThat(states(status)).containsExactly("FAILED", "PENDING");
    assertThat(transition.events())
        .containsExactly(
            new MigrationEvent.Ending("p", VM, NOON, Completion.FAILED, status.failure()));

    VmStatus done = after(status, PhaseOutcome.advance(), NOON);
    assertThat(done.state()).isEqualTo(VmState.FAILED);
    assertThat(done.failure()).isEqualTo(status.failure());
    assertThat(states(done)).containsExactly("FAILED", "SKIPPED");
  }

  @Test
  void aFailureAfterTheHandOverIsAWarningAndTheItineraryGoesOn() {
    VmStatus status = after(moved("A"), PhaseOutcome.fail("Broken", "It broke."), NOON);

    assertThat(status.state()).isEqualTo(VmState.RUNNING);
    assertThat(status.phase()).isEqualTo("B");
    assertThat(status.failure()).isNull();
    assertThat(status.warnings()).containsExactly("Phase A failed: It broke.");
  }

  @Test
  void aFailureThatHandsOverAtTheSameTimeIsAfterTheHandOver() {
    VmStatus status =
        after(
            running("A"),
            PhaseOutcome.fail("Broken", "It broke.").with(Notes.none().withHandOver()),
            NOON);

    assertThat(status.phase()).isEqualTo("B");
    assertThat(status.isHandedOver()).isTrue();
  }

  @Test
  void aFailureThatPreservesNeedsAttentionAndSaysWhatThereIs() {
    VmStatus made = after(running("A"), wait("w").with(Notes.none().created(DISK)), NOON);

    for (VmStatus before : List.of(made, made.toBuilder().handedOver(NOON).build())) {
      VmStatus status = after(before, PhaseOutcome.preserve("Contradiction", "Both run."), NOON);

      assertThat(status.state()).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(status.completion()).isNull();
      assertThat(status.failure().message())
          .startsWith("Both run. Still there: target PersistentVolumeClaim demo/disk.");
      assertThat(status.ledger()).containsExactly(DISK);
    }
  }

  @Test
  void aCancelBeforeTheHandOverUndoes() {
    Transition cancelled = transitions.cancel(running("A"), NOON);

    assertThat(cancelled.status().state()).isEqualTo(VmState.ENDING);
    assertThat(cancelled.status().completion()).isEqualTo(Completion.CANCELLED);
    assertThat(states(cancelled.status())).containsExactly("SKIPPED", "PENDING");

    VmStatus done = after(cancelled.status(), PhaseOutcome.advance(), NOON);
    assertThat(done.state()).isEqualTo(VmState.CANCELLED);
    assertThat(states(done)).containsExactly("SKIPPED", "SKIPPED");
  }

  @Test
  void aCancelIsHeededOnlyWhereItChangesSomething() {
    assertThat(Transitions.heedsCancel(VmStatus.builder("p", "1", VM).build())).isTrue();
    assertThat(Transitions.heedsCancel(running("A"))).isTrue();
    assertThat(Transitions.heedsCancel(moved("A"))).isTrue();
    assertThat(Transitions.heedsCancel(transitions.cancel(moved("A"), NOON).status())).isFalse();
    assertThat(Transitions.heedsCancel(ending(Completion.FAILED))).isFalse();
    assertThat(Transitions.heedsCancel(ending(Completion.CANCELLED))).isFalse();
    assertThat(Transitions.heedsCancel(ending(Completion.SUCCEEDED))).isTrue();
    for (VmState state : VmState.values()) {
      if (state.isFinal()) {
        assertThat(Transitions.heedsCancel(moved("A").toBuilder().state(state).build())).isFalse();
      }
    }
  }

  @Test
  void aCancelAfterTheHandOverComesTooLateAndChangesNothingElse() {
    VmStatus waiting = after(moved("A"), wait("w"), NOON);

    Transition late = transitions.cancel(waiting, NOON.plusSeconds(1));

    assertThat(late.status().warnings()).hasSize(1);
    assertThat(late.status())
        .isEqualTo(waiting.toBuilder().warnings(late.status().warnings()).build());
    assertThat(late.events())
        .contains(new MigrationEvent.CancelTooLate("p", VM, NOON.plusSeconds(1)));
  }

  @Test
  void aRollBackThatFindsTheGuestMovedIsCalledOffWhateverElseItFound() {
    Notes moved = Notes.none().withHandOver();
    for (Completion completion : List.of(Completion.FAILED, Completion.CANCELLED)) {
      for (PhaseOutcome outcome :
          List.of(
              PhaseOutcome.advance(),
              wait("w"),
              retry("m"),
              PhaseOutcome.fail("C", "m"),
              PhaseOutcome.preserve("C", "m"))) {
        Transition transition = apply(ending(completion), outcome.with(moved), NOON);

        VmStatus status = transition.status();
        assertThat(status.state()).as("%s %s", completion, outcome).isEqualTo(VmState.RUNNING);
        assertThat(status.phase()).as("where it stood").isEqualTo("A");
        assertThat(status.completion()).isNull();
        assertThat(status.failure()).isNull();
        assertThat(status.due()).isNull();
        assertThat(status.warnings()).hasSize(1);
        assertThat(states(status)).containsExactly("RUNNING", "PENDING");
        assertThat(transition.events())
            .contains(
                new MigrationEvent.HandedOver("p", VM, NOON),
                new MigrationEvent.Resumed("p", VM, NOON, VmState.RUNNING, "A"));
      }
    }
    assertThat(after(ending(Completion.FAILED), wait("w").with(moved), NOON).warnings().get(0))
        .contains("It broke.");
  }

  @Test
  void aRollBackThatFailsNeedsAttentionAndListsWhatIsLeft() {
    VmStatus ending = ending(Completion.FAILED).toBuilder().ledger(List.of(DISK)).build();

    VmStatus status = after(ending, PhaseOutcome.fail("Stuck", "A finalizer holds it."), NOON);

    assertThat(status.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(status.completion()).as("so that it can be taken up").isEqualTo(Completion.FAILED);
    assertThat(status.failure().code()).isEqualTo("Stuck");
    assertThat(status.failure().message())
        .startsWith(
            "A finalizer holds it. This happened while undoing: It broke. Still there: target"
                + " PersistentVolumeClaim demo/disk.");
    assertThat(status.failure().cause().message()).isEqualTo("It broke.");
  }

  @Test
  void aRollBackIsTriedAgainAndKeepsWhyItBegan() {
    VmStatus ending = ending(Completion.FAILED);
    VmStatus failing = after(ending, retry("API down"), NOON);

    assertThat(failing.failure())
        .isEqualTo(new Failure("A", "Transient", "API down", 1, NOON, NOON, ending.failure()));

    VmStatus better = after(failing, wait("w"), NOON.plusSeconds(1));
    assertThat(better.failure()).isEqualTo(ending.failure());
    assertThat(after(failing, PhaseOutcome.advance(), NOON.plusSeconds(1)).failure())
        .isEqualTo(ending.failure());

    VmStatus spent = failing;
    Instant now = failing.due();
    while (spent.state() == VmState.ENDING) {
      spent = after(spent, retry("API down"), now);
      now = spent.due() == null ? now : spent.due();
    }
    assertThat(spent.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(spent.failure().cause()).isEqualTo(ending.failure());
    assertThat(spent.failure().message()).contains("API down (tried 4 times", "It broke.");
  }

  @Test
  void aCleanUpThatFailsAfterASuccessIsAWarning() {
    VmStatus ending = ending(Completion.SUCCEEDED);

    VmStatus failed = after(ending, PhaseOutcome.fail("Stuck", "A half is stuck."), NOON);
    assertThat(failed.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(failed.failure()).isNull();
    assertThat(failed.warnings().get(0)).contains("A half is stuck.");

    VmStatus late =
        after(
            after(ending, wait("w").atMost(SECOND), NOON),
            wait("w").atMost(SECOND),
            NOON.plusSeconds(1));
    assertThat(late.state()).isEqualTo(VmState.SUCCEEDED);

    VmStatus spent = ending;
    Instant now = NOON;
    while (spent.state() == VmState.ENDING) {
      spent = after(spent, retry("API down"), now);
      now = spent.due() == null ? now : spent.due();
    }
    assertThat(spent.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(now).isEqualTo(NOON.plus(POLICY.total()));

    assertThat(after(ending, PhaseOutcome.preserve("Two", "Two guests."), NOON).state())
        .as("a contradiction is not brushed aside")
        .isEqualTo(VmState.NEEDS_ATTENTION);
  }

  @Test
  void aMachineThatNeedsAttentionIsTakenUpWhereItStood() {
    VmStatus inPhase = after(running("A"), PhaseOutcome.preserve("C", "m"), NOON);
    Transition resumed = transitions.retry(inPhase, NOON.plusSeconds(9));
    assertThat(resumed.status().state()).isEqualTo(VmState.RUNNING);
    assertThat(resumed.status().phase()).isEqualTo("A");
    assertThat(resumed.status().failure()).isNull();
    assertThat(states(resumed.status())).containsExactly("RUNNING", "PENDING");
    assertThat(resumed.events())
        .containsExactly(
            new MigrationEvent.Resumed("p", VM, NOON.plusSeconds(9), VmState.RUNNING, "A"));

    VmStatus inEnding = after(ending(Completion.FAILED), PhaseOutcome.fail("C", "m"), NOON);
    VmStatus undoing = transitions.retry(inEnding, NOON.plusSeconds(9)).status();
    assertThat(undoing.state()).isEqualTo(VmState.ENDING);
    assertThat(undoing.completion()).isEqualTo(Completion.FAILED);
    assertThat(undoing.failure().message()).isEqualTo("It broke.");
  }

  @Test
  void anEndingComesToAnEndWhateverItWaitsFor() {
    Duration hour = Duration.ofHours(1);
    for (Completion completion : Completion.values()) {
      VmStatus status = ending(completion);
      for (int i = 0; i < 6; i++) {
        Instant now = NOON.plus(Duration.ofMinutes(10 * i));
        status = after(status, PhaseOutcome.await("w" + i % 2, hour, "Terminating"), now);
        assertThat(status.state()).isEqualTo(VmState.ENDING);
        assertThat(status.due()).isEqualTo(NOON.plus(hour));
      }

      VmStatus ended = after(status, wait("w"), NOON.plus(hour));

      assertThat(ended.state())
          .isEqualTo(
              completion == Completion.SUCCEEDED ? VmState.SUCCEEDED : VmState.NEEDS_ATTENTION);
    }
  }

  @Test
  void anEndingCannotBeDelegated() {
    assertThat(after(ending(Completion.FAILED), PhaseOutcome.delegate(), NOON).state())
        .isEqualTo(VmState.NEEDS_ATTENTION);
  }
}
