package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.core.Transition.News;
import dev.migrator.model.Failure;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTransitionsTest extends Reducing {

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
    Transitions patient =
        new Transitions(POLICY.attempts(100).total(SECOND.multipliedBy(10)), Duration.ofHours(1));
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

    assertThat(better.news()).isEqualTo(News.STATE);
    assertThat(better.status().attempts()).isZero();
    assertThat(better.status().failure()).isNull();
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
}
