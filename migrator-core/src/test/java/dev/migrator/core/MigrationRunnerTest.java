package dev.migrator.core;

import static dev.migrator.core.ScriptedMigrator.phase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationRunnerTest {

  @Test
  void advancesThroughEveryPhaseInOneTurnWhenNothingWaits() {
    Bench bench =
        new Bench(
            ScriptedMigrator.of(
                phase("One", c -> PhaseOutcome.advance(Notes.none().fact("k", "v"))),
                phase("Two", c -> PhaseOutcome.advance(Notes.none().withHandOver())),
                phase("Three", c -> PhaseOutcome.advance())));

    assertThat(bench.turn()).isEmpty();

    VmStatus status = bench.status();
    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(status.fact("k")).contains("v");
    assertThat(status.handedOver()).isEqualTo(ManualClock.START);
    assertThat(status.steps()).extracting(StepStatus::state).containsOnly(StepState.COMPLETED);
    assertThat(bench.migrator.calls)
        .containsExactly(
            "create",
            "init",
            "validate vm-0",
            "begin",
            "One vm-0",
            "Two vm-0",
            "Three vm-0",
            "SUCCEEDED vm-0");
  }

  @Test
  void comesBackWhenAWaitIsDueAndNotBefore() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c ->
                    c.waited("disk").compareTo(Duration.ofSeconds(20)) >= 0
                        ? PhaseOutcome.advance()
                        : PhaseOutcome.await("disk", Duration.ofSeconds(10), "Disk is copied")));

    assertThat(bench.turn()).contains(ManualClock.START.plusSeconds(10));
    bench.clock.advance(Duration.ofSeconds(4));
    assertThat(bench.turn()).contains(ManualClock.START.plusSeconds(10));
    assertThat(bench.migrator.calls).containsOnlyOnce("Work vm-0");

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.clock.instant()).isEqualTo(ManualClock.START.plusSeconds(20));
  }
}
