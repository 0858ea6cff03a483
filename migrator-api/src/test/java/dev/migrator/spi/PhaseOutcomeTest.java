package dev.migrator.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Disposition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseOutcomeTest {

  private static final Notes NOTES = Notes.none().fact("k", "v");
  private static final ObjectRef DISK =
      new ObjectRef(Side.TARGET, "v1", "PersistentVolumeClaim", "demo", "disk", "u");

  @Test
  void everyOutcomeButDelegateCarriesNotes() {
    List<PhaseOutcome> outcomes =
        List.of(
            PhaseOutcome.advance(),
            PhaseOutcome.await("w", Duration.ofSeconds(1), "r"),
            new PhaseOutcome.Retry("m", null, Notes.none()),
            PhaseOutcome.fail("C", "m"),
            PhaseOutcome.preserve("C", "m"),
            PhaseOutcome.recorded(Notes.none()));

    for (PhaseOutcome outcome : outcomes) {
      assertThat(outcome.with(NOTES).notes()).as("%s", outcome).isEqualTo(NOTES);
      assertThat(outcome.with(NOTES)).hasSameClassAs(outcome);
    }
    assertThatThrownBy(() -> PhaseOutcome.delegate().with(NOTES))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWaitKeepsWhatWasSaidBefore() {
    Await await =
        PhaseOutcome.await("w", Duration.ofSeconds(5), "r")
            .atMost(Duration.ofMinutes(1))
            .stalledAfter(Duration.ofSeconds(30))
            .progress(new Progress(1, 2, "bytes"))
            .preserveWhenLate()
            .with(NOTES);

    assertThat(await)
        .isEqualTo(
            new Await(
                "w",
                "r",
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                new Progress(1, 2, "bytes"),
                Disposition.PRESERVE,
                NOTES));
  }

  @Test
  void aWaitCannotRecheckInThePast() {
    assertThatThrownBy(() -> PhaseOutcome.await("w", Duration.ofSeconds(-1), "r"))
        .hasMessageContaining("'w'");
  }

  @Test
  void notesAddUp() {
    Notes some = Notes.none().fact("a", "1").created(DISK).warning("x");
    Notes more = Notes.none().fact("a", "2").removed(DISK).withHandOver().warning("y");

    assertThat(some.and(more))
        .isEqualTo(
            new Notes(Map.of("a", "2"), List.of(DISK), List.of(DISK), true, List.of("x", "y")));
    assertThat(more.and(some).handedOver()).as("a hand-over is never taken back").isTrue();
    assertThat(Notes.none().isEmpty()).isTrue();
    assertThat(List.of(some, more, NOTES)).noneMatch(Notes::isEmpty);
    assertThat(Notes.none().withHandOver().isEmpty()).isFalse();
  }

  @Test
  void aPhaseLeftToTheSharedRunnerIsRecognised() throws Exception {
    Phase shared = Phase.shared("A", "S");

    assertThat(shared.isShared()).isTrue();
    assertThat(shared.when(Condition.always().not()).isShared()).isTrue();
    assertThat(Phase.of("A", "S", context -> PhaseOutcome.delegate()).isShared()).isFalse();
    assertThat(shared.action().execute(context(null))).isEqualTo(PhaseOutcome.delegate());
  }

  @Test
  void aPhaseNeedsANameAndAStep() {
    assertThatThrownBy(() -> Phase.shared("", "S")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Phase.shared("A", " ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aContextTellsHowLongItWaitedUnderThatName() {
    Instant since = Instant.parse("2031-05-04T12:00:00Z");
    PhaseContext context = context(new Waiting("disk", "r", since, null, since));

    assertThat(context.waited("disk")).isEqualTo(Duration.ofSeconds(90));
    assertThat(context.waited("other")).isZero();
    assertThat(context(null).waited("disk")).isZero();
  }

  @Test
  void anExceptionSaysWhetherTryingAgainHelps() {
    MigrationException later =
        MigrationException.transientFault("busy", Duration.ofSeconds(7), null);

    assertThat(later.isRetryable()).isTrue();
    assertThat(later.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(MigrationException.transientFault("busy", null).retryAfter()).isEmpty();
    assertThat(MigrationException.permanent("C", "m").isRetryable()).isFalse();
  }

  private static PhaseContext context(@org.jspecify.annotations.Nullable Waiting waiting) {
    PlannedVm vm = PlannedVm.of(new VmRef("demo", "web"));
    MigrationPlan plan =
        MigrationPlan.builder("p", Endpoint.of("a", "e"), Endpoint.of("a", "w")).vm(vm).build();
    VmStatus status = VmStatus.pending(plan, vm).toBuilder().waiting(waiting).build();
    return new PhaseContext(plan, vm, status, Instant.parse("2031-05-04T12:01:30Z"));
  }
}
