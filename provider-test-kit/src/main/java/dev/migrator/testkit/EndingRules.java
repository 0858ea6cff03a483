package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome.Delegate;
import dev.migrator.testkit.FaultPlan.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Rules M3: how a machine ends, and what is never undone. */
final class EndingRules {

  private final Trial trial;

  EndingRules(Trial trial) {
    this.trial = trial;
  }

  /** Every kind of ending is disturbed in every way. */
  Stream<DynamicTest> completeIsAnEnsure(boolean rollsBack, boolean cancels) {
    List<FaultPlan> endings = new ArrayList<>(List.of(FaultPlan.none()));
    if (rollsBack) {
      endings.add(FaultPlan.none().at(trial.deepestPhase(), Kind.FAILS));
    }
    if (cancels) {
      endings.add(FaultPlan.none().at(trial.deepestPhase(), Kind.CANCEL));
    }
    BiConsumer<FaultPlan, MigrationResults> check = (faults, results) -> trial.safeEnd(results);
    return trial.sample(
        endings.stream()
            .flatMap(
                ending ->
                    Stream.of(Rule.M3_1.kinds())
                        .map(kind -> ending.at(FaultPlan.COMPLETE, kind))
                        .map(faults -> trial.test(faults, check)))
            .toList());
  }

  /** Whatever fails before the hand-over leaves nothing. */
  Stream<DynamicTest> failuresLeaveNothing() {
    return trial.matrix(
        Rule.M3_2,
        phase -> isPhase(phase) && trial.isBeforeHandOver(phase),
        (faults, results) -> {
          assertThat(Trial.first(results).state()).isNotEqualTo(VmState.NEEDS_ATTENTION);
          trial.safeEnd(results);
        });
  }

  /** A cancel leaves nothing, or comes too late. */
  Stream<DynamicTest> cancelsLeaveNothing() {
    return trial.matrix(
        Rule.M3_3,
        EndingRules::isPhase,
        (faults, results) -> {
          assertThat(Trial.first(results).state()).isIn(VmState.CANCELLED, VmState.SUCCEEDED);
          trial.safeEnd(results);
        });
  }

  /** What happened and was not saved is found. */
  Stream<DynamicTest> unrecordedHandOversAreFound() {
    return trial.matrix(
        Rule.M3_5, EndingRules::isPhase, (faults, results) -> trial.safeEnd(results));
  }

  void recordedHandOverStands() {
    Subject subject = trial.subject();
    MigrationResults moved =
        trial.runAll(subject, kit -> kit.plan(Plans::firstMachineOf).keepingTheSubject());
    try (Direct direct = new Direct(subject)) {
      Trial.succeeded(moved);
      Trial.judge(moved, () -> completeAsIfUndone(direct, Trial.first(moved)));
    }
  }

  private static void completeAsIfUndone(Direct direct, VmStatus status) {
    Migrator migrator = direct.migrator();
    for (Completion completion : List.of(Completion.FAILED, Completion.CANCELLED)) {
      VmStatus ending =
          status.toBuilder().state(VmState.ENDING).completion(completion).due(null).build();
      PhaseContext context = direct.context(ending);
      assertThat(tell(migrator, context, completion)).as("outcome of complete").isNotBlank();
      direct.subject.settle();
      assertThat(direct.subject.whereabouts(direct.vm))
          .as("where the guest is after complete(%s) of a machine that has moved", completion)
          .contains(Side.TARGET);
    }
  }

  private static String tell(Migrator migrator, PhaseContext context, Completion completion) {
    try {
      return String.valueOf(migrator.complete(context, completion));
    } catch (Exception e) {
      return String.valueOf(e);
    }
  }

  void handOverIsToldInTime() {
    MigrationResults results = trial.clean();
    Trial.judge(
        results,
        () -> {
          List<Run.Execution> executions =
              results.run().executions.stream().filter(e -> e.status() != null).toList();
          for (int i = 0; i + 1 < executions.size(); i++) {
            assertTold(executions.get(i), executions.get(i + 1));
          }
        });
  }

  private static void assertTold(Run.Execution one, Run.Execution next) {
    VmStatus seen = one.status();
    VmStatus saved = next.status();
    if (seen == null || saved == null) {
      return;
    }
    if (seen.isHandedOver()) {
      assertThat(one.before())
          .as("where the guest was in %s, when it was recorded as moved", one.phase())
          .contains(Side.TARGET);
    } else if (one.before().equals(Set.of(Side.TARGET))
        && !(one.outcome() instanceof Delegate)
        && !saved.phases().isEmpty()) {
      assertThat(saved.isHandedOver())
          .as("after %s, which found the guest on the target only, the hand-over", one.phase())
          .isTrue();
    }
  }

  /** The guest is somewhere at every moment of every run. */
  Stream<DynamicTest> guestIsNeverLost() {
    List<String> phases = trial.clean().phases();
    List<FaultPlan> plans = new ArrayList<>(List.of(FaultPlan.none()));
    plans.addAll(
        FaultPlan.matrix(
            phases, Kind.FAILS, Kind.THROWS_AFTERWARDS, Kind.CANCEL, Kind.CANCEL_AFTER_CRASH));
    return trial.sample(
        plans.stream()
            .map(faults -> trial.test(faults, (plan, results) -> assertNeverLost(results)))
            .toList());
  }

  private static void assertNeverLost(MigrationResults results) {
    for (Run.Execution execution : results.run().executions) {
      VmStatus status = execution.status();
      if (status != null) {
        assertThat(execution.before())
            .as("where the guest was in %s", execution.phase())
            .isNotEmpty();
        if (status.isHandedOver()) {
          assertThat(execution.before())
              .as("where the guest was in %s, after the hand-over", execution.phase())
              .contains(Side.TARGET);
        }
      }
    }
    Set<Side> end = Trial.whereabouts(results);
    assertThat(end).as("where the guest is at the end").isNotEmpty();
    if (Trial.first(results).isHandedOver()) {
      assertThat(end).as("where the guest is, after the hand-over").contains(Side.TARGET);
    }
  }

  void successLeavesOneGuest() {
    MigrationResults results = trial.clean();
    Trial.judge(
        results,
        () ->
            assertThat(Trial.whereabouts(results))
                .as("where the guest is")
                .containsExactly(Side.TARGET));
  }

  void everyObjectIsInTheLedger() {
    MigrationResults results = trial.run(MigratorTestKit::recordingTheWorld);
    Map<String, String> before = results.run().baseline;
    Trial.judge(
        results,
        () -> {
          for (Run.Execution execution : results.run().executions) {
            VmStatus status = execution.status();
            Map<String, String> world = execution.world();
            if (status != null && world != null && before != null && execution.number() == 0) {
              Set<String> ledger =
                  status.ledger().stream().map(ObjectRef::toString).collect(Collectors.toSet());
              assertThat(world.keySet())
                  .as("objects that were made before %s", execution.phase())
                  .filteredOn(place -> !before.containsKey(place))
                  .allSatisfy(place -> assertThat(ledger).contains(place));
            }
          }
        });
  }

  private static boolean isPhase(String phase) {
    return !phase.equals(FaultPlan.BEGIN) && !phase.equals(FaultPlan.COMPLETE);
  }
}
