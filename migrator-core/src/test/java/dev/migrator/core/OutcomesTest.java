package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Disposition;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class OutcomesTest {

  private static PhaseOutcome thrown(Exception e, boolean handedOver) {
    return Outcomes.of(
        handedOver,
        () -> {
          throw e;
        });
  }

  @Test
  void whatIsReturnedIsReturned() {
    assertThat(Outcomes.of(false, PhaseOutcome::advance)).isEqualTo(PhaseOutcome.advance());
  }

  @Test
  void anyExceptionIsTriedAgain() {
    assertThat(thrown(new IOException("connection reset"), false))
        .isEqualTo(new Retry("connection reset", null, Notes.none()));
    assertThat(thrown(new IllegalStateException(), true))
        .isEqualTo(new Retry("java.lang.IllegalStateException", null, Notes.none()));
  }

  @Test
  void aTransientFaultKeepsTheServersDelay() {
    assertThat(thrown(MigrationException.transientFault("429", Duration.ofSeconds(9), null), false))
        .isEqualTo(new Retry("429", Duration.ofSeconds(9), Notes.none()));
  }

  @Test
  void aPermanentFaultRollsBackBeforeTheHandOverAndPreservesAfterIt() {
    MigrationException forbidden = MigrationException.permanent("Forbidden", "No right to patch.");

    assertThat(thrown(forbidden, false))
        .isEqualTo(
            new Fail("Forbidden", "No right to patch.", Disposition.ROLL_BACK, Notes.none()));
    assertThat(thrown(forbidden, true))
        .isEqualTo(new Fail("Forbidden", "No right to patch.", Disposition.PRESERVE, Notes.none()));
  }

  @Test
  void theWrappingsOfFuturesAreTakenOff() {
    MigrationException cause = MigrationException.permanent("C", "m");

    assertThat(thrown(new CompletionException(cause), false)).isInstanceOf(Fail.class);
    assertThat(thrown(new ExecutionException(new CompletionException(cause)), false))
        .isInstanceOf(Fail.class);
    assertThatThrownBy(() -> thrown(new ExecutionException(new OutOfMemoryError("x")), false))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anErrorIsNeverSwallowed() {
    assertThatThrownBy(
            () ->
                Outcomes.of(
                    false,
                    () -> {
                      throw new LinkageError("x");
                    }))
        .isInstanceOf(LinkageError.class);
  }

  @Test
  void anInterruptGivesTheTurnUpAndStays() {
    assertThatThrownBy(() -> thrown(new InterruptedException(), false))
        .isInstanceOf(Outcomes.TurnInterrupted.class);
    assertThat(Thread.interrupted()).isTrue();

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> thrown(new IOException("closed by interrupt"), false))
        .isInstanceOf(Outcomes.TurnInterrupted.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void noOutcomeIsAnErrorForGood() {
    assertThat(Outcomes.of(false, () -> null))
        .isInstanceOfSatisfying(Fail.class, f -> assertThat(f.code()).isEqualTo("NoOutcome"));
  }
}
