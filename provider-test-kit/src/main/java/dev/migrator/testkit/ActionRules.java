package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.PhaseOutcome.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Rules M2: what an action does, and what it does again. */
final class ActionRules {

  private final Trial trial;

  ActionRules(Trial trial) {
    this.trial = trial;
  }

  /** Under a rule's faults, at every phase, the end is the one without faults. */
  Stream<DynamicTest> sameEndAtEveryPhase(Rule rule) {
    return trial.matrix(rule, ActionRules::isPhase, (faults, results) -> trial.sameEnd(results));
  }

  Stream<DynamicTest> noHarmAtEveryPhase(Rule rule) {
    return trial.matrix(rule, ActionRules::isPhase, (faults, results) -> trial.safeEnd(results));
  }

  Stream<DynamicTest> endsAtEveryPhase(Rule rule) {
    return trial.matrix(rule, ActionRules::isPhase, (faults, results) -> trial.endsAtAll(results));
  }

  /** The same, and nothing was done that no end tells. */
  Stream<DynamicTest> withoutMisdeedAtEveryPhase(Rule rule) {
    BiConsumer<FaultPlan, MigrationResults> check =
        (faults, results) -> {
          assertThat(results.run().misdeeds).isEmpty();
          trial.sameEnd(results);
        };
    return trial.matrix(rule, ActionRules::isPhase, check);
  }

  void actionsReturn() {
    MigrationResults results = trial.run(kit -> kit);
    assertThat(results.statuses()).isNotEmpty();
  }

  void outcomesAreReturned() {
    for (FaultPlan faults :
        List.of(
            FaultPlan.none(),
            FaultPlan.none().at(trial.deepestPhase(), FaultPlan.Kind.FAILS),
            FaultPlan.none().at(trial.deepestPhase(), FaultPlan.Kind.CANCEL))) {
      MigrationResults results = trial.run(faults);
      Trial.judge(results, () -> assertThat(results.run().misdeeds).isEmpty());
    }
  }

  void awaitsExplainThemselves() {
    MigrationResults results = trial.clean();
    Trial.judge(
        results,
        () ->
            assertThat(results.run().executions)
                .filteredOn(execution -> execution.outcome() instanceof Await)
                .allSatisfy(execution -> assertExplained(execution)));
  }

  void nothingIsKeptInMemory() {
    MigrationResults results = trial.run(MigratorTestKit::restartingAfterEverySave);
    Trial.judge(results, () -> trial.sameEnd(results));
  }

  void namesAreDeterministic() {
    MigrationResults again = trial.run(kit -> kit);
    Trial.judge(again, () -> trial.sameEnd(again));
    Trial.judge(
        again, () -> assertThat(again.phases()).as("phases").isEqualTo(trial.clean().phases()));
  }

  void machinesDoNotDisturbEachOther() {
    MigrationResults results = trial.runAll(kit -> kit);
    Trial.judge(
        results,
        () -> {
          Trial.succeeded(results);
          for (VmStatus status : results.statuses()) {
            assertThat(results.whereabouts(status.vm()))
                .as("where %s is", status.vm())
                .containsExactly(Side.TARGET);
          }
        });
  }

  private static void assertExplained(Run.Execution execution) {
    Await await = (Await) Objects.requireNonNull(execution.outcome());
    assertThat(await.name()).as("name of a wait in %s", execution.phase()).isNotBlank();
    assertThat(await.reason()).as("reason of a wait in %s", execution.phase()).isNotBlank();
    boolean recorded = await.recheck().isZero() && !await.notes().isEmpty();
    assertThat(recorded || await.recheck().compareTo(Duration.ofMillis(100)) >= 0)
        .as("a wait in %s may be looked at again after %s", execution.phase(), await.recheck())
        .isTrue();
  }

  private static boolean isPhase(String phase) {
    return !phase.equals(FaultPlan.BEGIN) && !phase.equals(FaultPlan.COMPLETE);
  }
}
