package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Delegate;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TransitionsTest {

  private static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");
  private static final VmRef VM = new VmRef("demo", "web");
  private static final ObjectRef DISK =
      new ObjectRef(Side.TARGET, "v1", "PersistentVolumeClaim", "demo", "disk", "u");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static final RetryPolicy POLICY =
      new RetryPolicy(SECOND, 2, SECOND.multipliedBy(8), 0, 4, Duration.ofMinutes(2));

  private final Transitions transitions = new Transitions(POLICY);

  /** From phase A one goes to B, and after B there is none. */
  private static Route route(VmStatus status) {
    return new Route() {
      @Override
      public Optional<String> next() {
        return "A".equals(status.phase()) ? Optional.of("B") : Optional.empty();
      }

      @Override
      public String step(String phase) {
        return phase + "Step";
      }
    };
  }

  private static VmStatus running(String phase) {
    List<StepStatus> steps =
        Steps.enter(
            List.of(StepStatus.pending("AStep"), StepStatus.pending("BStep")),
            phase + "Step",
            NOON);
    return VmStatus.builder("p", "1", VM)
        .version(5)
        .state(VmState.RUNNING)
        .phases(List.of("A", "B"))
        .phase(phase)
        .entered(NOON)
        .steps(steps)
        .build();
  }

  private static VmStatus moved(String phase) {
    return running(phase).toBuilder().handedOver(NOON).build();
  }

  private VmStatus ending(Completion completion) {
    VmStatus status =
        switch (completion) {
          case SUCCEEDED -> apply(running("B"), PhaseOutcome.advance(), NOON).status();
          case FAILED ->
              apply(running("A"), PhaseOutcome.fail("Broken", "It broke."), NOON).status();
          case CANCELLED -> transitions.cancel(running("A"), NOON).status();
        };
    assertThat(status.state()).isEqualTo(VmState.ENDING);
    return status;
  }

  private Transition apply(VmStatus status, PhaseOutcome outcome, Instant now) {
    return transitions.apply(status, outcome, now, route(status));
  }

  private VmStatus after(VmStatus status, PhaseOutcome outcome, Instant now) {
    return apply(status, outcome, now).status();
  }

  private static Retry retry(String message) {
    return new Retry(message, null, Notes.none());
  }

  private static Await wait(String name) {
    return PhaseOutcome.await(name, SECOND.multipliedBy(10), "Waiting for " + name);
  }

  private static List<String> states(VmStatus status) {
    return status.steps().stream().map(step -> step.state().name()).toList();
  }

  @Test
  void everyKindOfOutcomeIsHandled() throws Exception {
    Map<Class<?>, PhaseOutcome> examples =
        Map.of(
            Advance.class, PhaseOutcome.advance(),
            Await.class, wait("w"),
            Retry.class, retry("m"),
            Fail.class, PhaseOutcome.fail("C", "m"),
            Delegate.class, PhaseOutcome.delegate());

    assertThat(examples.keySet())
        .as("a new kind of outcome needs an example here and a branch in Transitions")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(PhaseOutcome.class.getPermittedSubclasses()));
    for (PhaseOutcome outcome : examples.values()) {
      assertThat(apply(running("A"), outcome, NOON).status()).as("%s", outcome).isNotNull();
    }
  }

  @Test
  void theVersionIsTheStoresToCount() {
    assertThat(after(running("A"), PhaseOutcome.advance(), NOON).version()).isEqualTo(5);
  }

  @Test
  void advancingEntersTheNextPhaseAndItsStep() {
    VmStatus before =
        after(running("A"), wait("w").with(Notes.none().fact("k", "v")), NOON.plusSeconds(1));

    Transition transition = apply(before, PhaseOutcome.advance(), NOON.plusSeconds(3));

    VmStatus status = transition.status();
    assertThat(status.phase()).isEqualTo("B");
    assertThat(status.entered()).isEqualTo(NOON.plusSeconds(3));
    assertThat(status.due()).isNull();
    assertThat(status.waiting()).isNull();
    assertThat(status.fact("k")).contains("v");
    assertThat(states(status)).containsExactly("COMPLETED", "RUNNING");
    assertThat(status.steps().get(0).ended()).isEqualTo(NOON.plusSeconds(3));
    assertThat(transition.events())
        .containsExactly(
            new MigrationEvent.PhaseEntered("p", VM, NOON.plusSeconds(3), "B", "BStep"));
  }

  @Test
  void successIsReachedThroughTheLastPhaseAndTheEnding() {
    Transition last = apply(running("B"), PhaseOutcome.advance(), NOON);

    assertThat(last.status().state()).isEqualTo(VmState.ENDING);
    assertThat(last.status().completion()).isEqualTo(Completion.SUCCEEDED);
    assertThat(last.status().isHandedOver())
        .as("who is through has the guest on the target")
        .isTrue();

    Transition done = apply(last.status(), PhaseOutcome.advance(), NOON);

    assertThat(done.status().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(done.status().failure()).isNull();
    assertThat(states(done.status())).containsExactly("COMPLETED", "COMPLETED");
    assertThat(done.events())
        .containsExactly(
            new MigrationEvent.Ended("p", VM, NOON, VmState.SUCCEEDED, null, List.of()));
  }

  @Test
  void notesAreWrittenDownWithEveryOutcome() {
    Notes notes = new Notes(Map.of("k", "v"), List.of(DISK), List.of(), true, List.of("careful"));

    for (PhaseOutcome outcome :
        List.of(
            PhaseOutcome.advance(),
            wait("w"),
            retry("m"),
            PhaseOutcome.fail("C", "m"),
            PhaseOutcome.preserve("C", "m"))) {
      Transition transition = apply(running("A"), outcome.with(notes), NOON);

      assertThat(transition.worthSaving()).as("%s", outcome).isTrue();
      assertThat(transition.status().fact("k")).contains("v");
      assertThat(transition.status().ledger()).containsExactly(DISK);
      assertThat(transition.status().handedOver()).isEqualTo(NOON);
      assertThat(transition.status().warnings()).contains("careful");
      assertThat(transition.events())
          .contains(
              new MigrationEvent.HandedOver("p", VM, NOON),
              new MigrationEvent.Warned("p", VM, NOON, "careful"));
    }
  }

  @Test
  void anObjectThatIsGoneIsStruckFromTheLedger() {
    VmStatus made = after(running("A"), wait("w").with(Notes.none().created(DISK)), NOON);

    assertThat(after(made, wait("w").with(Notes.none().removed(DISK)), NOON).ledger()).isEmpty();
  }

  @Test
  void aWaitShowsItsReasonAndWhenToLookAgain() {
    Transition transition =
        apply(running("A"), wait("disk").progress(new Progress(1, 4, "GiB")), NOON);

    VmStatus status = transition.status();
    assertThat(status.due()).isEqualTo(NOON.plusSeconds(10));
    assertThat(status.waiting().reason()).isEqualTo("Waiting for disk");
    assertThat(status.steps().get(0).message()).isEqualTo("Waiting for disk");
    assertThat(status.steps().get(0).progress()).isEqualTo(new Progress(1, 4, "GiB"));
    assertThat(transition.events())
        .containsExactly(
            new MigrationEvent.Waits("p", VM, NOON, "A", "disk", "Waiting for disk"),
            new MigrationEvent.Progressed("p", VM, NOON, "A", new Progress(1, 4, "GiB")));
  }

  @Test
  void anUnchangedWaitIsNoNewsAndNotWorthASave() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    Transition again = apply(waiting, wait("disk"), NOON.plusSeconds(10));

    assertThat(again.worthSaving()).isFalse();
    assertThat(again.events()).isEmpty();
    assertThat(again.status().due()).isEqualTo(NOON.plusSeconds(20));
  }

  @Test
  void aWaitInOtherWordsIsNewsButNotANewWait() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);
    Await other = PhaseOutcome.await("disk", SECOND, "Still waiting");

    Transition again = apply(waiting, other, NOON.plusSeconds(10));

    assertThat(again.worthSaving()).isTrue();
    assertThat(again.events()).hasSize(1);
    assertThat(again.status().waiting().since()).isEqualTo(NOON);
  }

  @Test
  void aWaitByAnotherNameStartsTheTimeAnew() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    VmStatus other =
        after(waiting, wait("network").atMost(SECOND.multipliedBy(30)), NOON.plusSeconds(60));

    assertThat(other.state()).isEqualTo(VmState.RUNNING);
    assertThat(other.waiting().since()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void passingTheDeadlineFailsWithTheReasonAndHowLongItTook() {
    Await await = wait("disk").atMost(SECOND.multipliedBy(90));
    VmStatus waiting = after(running("A"), await, NOON);

    assertThat(after(waiting, await, NOON.plusSeconds(90).minusNanos(1)).state())
        .isEqualTo(VmState.RUNNING);

    VmStatus late = after(waiting, await, NOON.plusSeconds(90));
    assertThat(late.state()).isEqualTo(VmState.ENDING);
    assertThat(late.completion()).isEqualTo(Completion.FAILED);
    assertThat(late.failure().code()).isEqualTo("DeadlineExceeded");
    assertThat(late.failure().message())
        .isEqualTo("Waiting for disk (waited 1 min 30 s for 'disk')");
  }

  @Test
  void oneLooksAgainExactlyWhenADeadlinePasses() {
    VmStatus status = after(running("A"), wait("disk").atMost(SECOND.multipliedBy(3)), NOON);
    assertThat(status.due()).isEqualTo(NOON.plusSeconds(3));

    assertThat(after(running("A"), wait("d").stalledAfter(SECOND.multipliedBy(2)), NOON).due())
        .isEqualTo(NOON.plusSeconds(2));
  }

  @Test
  void progressPutsTheNoProgressDeadlineOffButNotTheOther() {
    Await await =
        wait("disk").stalledAfter(SECOND.multipliedBy(30)).atMost(SECOND.multipliedBy(60));
    VmStatus status = after(running("A"), await.progress(new Progress(1, 9, "GiB")), NOON);
    status = after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(20));

    VmStatus moving =
        after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(49));
    assertThat(moving.state()).isEqualTo(VmState.RUNNING);

    VmStatus stalled =
        after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(50));
    assertThat(stalled.failure().code()).isEqualTo("DeadlineExceeded");
    assertThat(stalled.failure().message()).contains("no progress of 'disk' for 30 s");

    VmStatus late = after(status, await.progress(new Progress(3, 9, "GiB")), NOON.plusSeconds(60));
    assertThat(late.failure().message()).contains("waited 1 min for 'disk'");
  }

  @Test
  void progressThatCannotBeToldIsNoProgress() {
    Await await = wait("disk").stalledAfter(SECOND.multipliedBy(30));
    VmStatus status = after(running("A"), await.progress(new Progress(1, 9, "GiB")), NOON);

    status = after(status, await, NOON.plusSeconds(20));
    assertThat(status.waiting().progress()).isEqualTo(new Progress(1, 9, "GiB"));

    assertThat(after(status, await, NOON.plusSeconds(30)).completion())
        .isEqualTo(Completion.FAILED);
  }

  @Test
  void aLateWaitThatPreservesNeedsAttention() {
    Await await = wait("disk").atMost(SECOND).preserveWhenLate();
    VmStatus waiting = after(running("A"), await, NOON);

    assertThat(after(waiting, await, NOON.plusSeconds(1)).state())
        .isEqualTo(VmState.NEEDS_ATTENTION);
  }

  @Test
  void aRecordIsSavedAndDoesNotDisturbTheWait() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    Transition recorded =
        apply(waiting, PhaseOutcome.recorded(Notes.none().fact("k", "v")), NOON.plusSeconds(5));

    assertThat(recorded.worthSaving()).isTrue();
    assertThat(recorded.status().due()).isNull();
    assertThat(recorded.status().waiting()).isEqualTo(waiting.waiting());
  }

  @Test
  void aFaultIsTriedAgainWithGrowingDelaysAndShownWithCauseCountAndNextTry() {
    VmStatus status = running("A");
    Instant now = NOON;
    for (int n = 1; n <= 3; n++) {
      Transition transition = apply(status, retry("Timeout"), now);
      status = transition.status();

      assertThat(status.attempts()).isEqualTo(n);
      assertThat(status.failure())
          .isEqualTo(new Failure("A", "Transient", "Timeout", n, NOON, now, null));
      assertThat(status.due()).isEqualTo(now.plusSeconds(1L << (n - 1)));
      assertThat(status.steps().get(0).message()).isEqualTo("Timeout");
      assertThat(transition.events())
          .containsExactly(
              new MigrationEvent.RetryScheduled("p", VM, now, status.failure(), status.due()));
      now = status.due();
    }

    VmStatus spent = after(status, retry("Timeout"), now);
    assertThat(spent.state()).isEqualTo(VmState.ENDING);
    assertThat(spent.failure().code()).isEqualTo("RetriesExhausted");
    assertThat(spent.failure().message()).isEqualTo("Timeout (tried 4 times in 7 s)");
    assertThat(spent.failure().count()).isEqualTo(4);
  }

  @Test
  void theServersDelayIsHonouredWhenItIsLonger() {
    assertThat(
            after(running("A"), new Retry("m", SECOND.multipliedBy(40), Notes.none()), NOON).due())
        .isEqualTo(NOON.plusSeconds(40));
    assertThat(after(running("A"), new Retry("m", Duration.ZERO, Notes.none()), NOON).due())
        .isEqualTo(NOON.plusSeconds(1));
  }

  @Test
  void theLastTryComesAtTheEndOfTheBudget() {
    Transitions patient = new Transitions(POLICY.attempts(100).total(SECOND.multipliedBy(10)));
    VmStatus status = running("A");
    Instant now = NOON;
    while (status.state() == VmState.RUNNING) {
      status = patient.apply(status, retry("m"), now, route(status)).status();
      now = status.due() == null ? now : status.due();
    }

    assertThat(now).isEqualTo(NOON.plusSeconds(10));
  }

  @Test
  void aTryThatDoesNotFailRestoresTheBudgetAndClearsTheFailure() {
    VmStatus failing = after(running("A"), retry("m"), NOON);

    Transition better = apply(failing, wait("w"), NOON.plusSeconds(1));

    assertThat(better.worthSaving()).isTrue();
    assertThat(better.status().attempts()).isZero();
    assertThat(better.status().failure()).isNull();
  }

  @Test
  void aFaultInBetweenDoesNotRestartTheDeadlineOfAWait() {
    Await await = wait("disk").atMost(SECOND.multipliedBy(60));
    VmStatus status = after(running("A"), await, NOON);
    status = after(status, retry("m"), NOON.plusSeconds(30));

    assertThat(after(status, await, NOON.plusSeconds(60)).failure().code())
        .isEqualTo("DeadlineExceeded");
  }

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
  void afterTheHandOverFaultsAreTriedAgainForTheWholeTimeAndThenNeedAttention() {
    VmStatus status = moved("A");
    Instant now = NOON;
    int tries = 0;
    while (status.state() == VmState.RUNNING) {
      status = after(status, retry("API down"), now);
      now = status.due() == null ? now : status.due();
      tries++;
    }

    assertThat(tries).as("more than the policy's number of tries").isGreaterThan(POLICY.attempts());
    assertThat(now).isEqualTo(NOON.plus(POLICY.total()));
    assertThat(status.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(status.phase()).as("never skipped").isEqualTo("A");
    assertThat(status.failure().message())
        .startsWith("API down (tried " + tries + " times in 2 min)");
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
  void whatGoesWrongBeforeTheFirstPhaseIsInTheStatusAndItsNotesAreIgnored() {
    VmStatus pending = VmStatus.builder("p", "1", VM).build();

    VmStatus retried = after(pending, retry("API down").with(Notes.none().withHandOver()), NOON);
    assertThat(retried.state()).isEqualTo(VmState.PENDING);
    assertThat(retried.failure())
        .isEqualTo(new Failure(null, "Transient", "API down", 1, NOON, NOON, null));
    assertThat(retried.due()).isEqualTo(NOON.plusSeconds(1));
    assertThat(retried.isHandedOver()).isFalse();

    for (PhaseOutcome outcome :
        List.of(PhaseOutcome.fail("C", "m"), PhaseOutcome.preserve("C", "m"))) {
      assertThat(after(pending, outcome, NOON).state()).isEqualTo(VmState.FAILED);
    }
    assertThatThrownBy(() -> apply(pending, PhaseOutcome.advance(), NOON))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEndingCannotBeDelegated() {
    assertThat(after(ending(Completion.FAILED), PhaseOutcome.delegate(), NOON).state())
        .isEqualTo(VmState.NEEDS_ATTENTION);
  }

  @Test
  void stepsOfSeveralPhasesRunOn() {
    List<StepStatus> steps =
        Steps.enter(List.of(StepStatus.pending("S"), StepStatus.pending("T")), "S", NOON);
    steps = Steps.tell(steps, "busy", null);

    steps = Steps.enter(steps, "S", NOON.plusSeconds(5));

    assertThat(steps.get(0))
        .isEqualTo(new StepStatus("S", StepState.RUNNING, null, "", NOON, null));
    assertThat(Steps.tell(steps, "", null)).as("no news, no copy").isSameAs(steps);
  }
}
