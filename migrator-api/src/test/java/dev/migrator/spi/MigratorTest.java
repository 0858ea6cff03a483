package dev.migrator.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Completion;
import dev.migrator.model.Endpoint;
import dev.migrator.model.Failure;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an author gets who writes nothing but {@code itinerary}. */
class MigratorTest {

  private static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");
  private static final PlannedVm PLAIN = PlannedVm.of(new VmRef("demo", "web"));
  private static final PlannedVm HOOKED =
      PLAIN.withHooks(
          new Hook("h", "i", List.of(), null, null, Duration.ofMinutes(1), Hook.OnFailure.ABORT),
          null);
  private static final MigrationPlan PLAN =
      MigrationPlan.builder("p", Endpoint.of("a", "e"), Endpoint.of("a", "w")).vm(PLAIN).build();

  private final Migrator migrator =
      (plan, vm) ->
          Itinerary.of(
              Phase.shared("Started", "Initialize"),
              Phase.shared("PreHook", "PreHook").when((p, v) -> v.preHook().isPresent()),
              Phase.of("Make", "Prepare", c -> PhaseOutcome.advance(Notes.none().fact("x", "1"))),
              Phase.shared("Completed", "Finalize"));

  private static PhaseContext context(PlannedVm vm, VmStatus status) {
    return new PhaseContext(PLAN, vm, status, NOON);
  }

  private VmStatus reset(PlannedVm vm) {
    PhaseContext context = context(vm, migrator.status(PLAN, vm));
    return migrator.reset(context, migrator.pipeline(PLAN, vm));
  }

  @Test
  void thePipelineIsDerivedFromTheSelectedPhases() {
    assertThat(migrator.pipeline(PLAN, PLAIN))
        .extracting(StepStatus::name)
        .containsExactly("Initialize", "Prepare", "Finalize");
    assertThat(migrator.pipeline(PLAN, HOOKED))
        .containsExactly(
            StepStatus.pending("Initialize"),
            StepStatus.pending("PreHook"),
            StepStatus.pending("Prepare"),
            StepStatus.pending("Finalize"));
  }

  @Test
  void resetPutsTheMachineBeforeItsFirstPhaseAndStoresTheSelection() {
    VmStatus old =
        migrator.status(PLAN, HOOKED).toBuilder()
            .version(4)
            .attempts(3)
            .due(NOON)
            .failure(Failure.once(null, "C", "m", NOON))
            .build();

    VmStatus status = migrator.reset(context(HOOKED, old), migrator.pipeline(PLAN, HOOKED));

    assertThat(status.state()).isEqualTo(VmState.RUNNING);
    assertThat(status.phases()).containsExactly("Started", "PreHook", "Make", "Completed");
    assertThat(status.phase()).isEqualTo("Started");
    assertThat(status.version()).as("kept, so that the save works").isEqualTo(4);
    assertThat(status.attempts()).isZero();
    assertThat(status.due()).isNull();
    assertThat(status.failure()).isNull();
    assertThat(status.entered()).isEqualTo(NOON);
    assertThat(status.steps()).extracting(StepStatus::state).containsOnly(StepState.PENDING);
  }

  @Test
  void nextFollowsTheStoredSelectionAlthoughTheHookIsGone() {
    VmStatus atHook = reset(HOOKED).toBuilder().phase("PreHook").build();

    assertThat(migrator.next(context(PLAIN, atHook))).contains("Make");
    assertThat(migrator.step(context(PLAIN, atHook))).isEqualTo("PreHook");
  }

  @Test
  void nextIsEmptyOnlyAfterTheLastPhase() {
    VmStatus status = reset(PLAIN);

    assertThat(migrator.next(context(PLAIN, status))).contains("Make");
    assertThat(migrator.next(context(PLAIN, status.toBuilder().phase("Make").build())))
        .contains("Completed");
    assertThat(migrator.next(context(PLAIN, status.toBuilder().phase("Completed").build())))
        .isEmpty();
  }

  @Test
  void anUnknownOrUnselectedOrMissingPhaseIsAnErrorEverywhere() {
    for (VmStatus status :
        List.of(
            reset(PLAIN).toBuilder().phase("Renamed").build(),
            reset(PLAIN).toBuilder().phase("PreHook").build(),
            migrator.status(PLAN, PLAIN))) {
      PhaseContext context = context(PLAIN, status);

      assertThatThrownBy(() -> migrator.next(context)).isInstanceOf(MigrationException.class);
      assertThatThrownBy(() -> migrator.step(context)).isInstanceOf(MigrationException.class);
      assertThatThrownBy(() -> migrator.executePhase(context))
          .isInstanceOf(MigrationException.class);
    }
  }

  @Test
  void thePhasesOwnActionIsExecutedAndASharedOneDelegated() throws Exception {
    VmStatus status = reset(PLAIN);

    assertThat(migrator.executePhase(context(PLAIN, status))).isEqualTo(PhaseOutcome.delegate());
    assertThat(
            migrator.executePhase(context(PLAIN, status.toBuilder().phase("Make").build())).notes())
        .isEqualTo(Notes.none().fact("x", "1"));
  }

  @Test
  void whatIsNotWrittenIsHarmless() throws Exception {
    migrator.init();
    assertThat(migrator.validate(PLAN, PLAIN)).isEmpty();
    assertThat(migrator.begin(PLAN)).isEqualTo(PhaseOutcome.advance());
    assertThat(migrator.complete(context(PLAIN, reset(PLAIN)), Completion.FAILED))
        .isEqualTo(PhaseOutcome.advance());
    migrator.close();
  }
}
