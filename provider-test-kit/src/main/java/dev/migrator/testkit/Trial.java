package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.PhaseOutcome.Delegate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** Runs one author's subject, each time a fresh one, and judges how runs end. */
final class Trial {

  private final Supplier<Subject> subjects;
  private final Duration patience;
  private final int oneIn;
  private @Nullable MigrationResults clean;

  Trial(Supplier<Subject> subjects, Duration patience, int oneIn) {
    this.subjects = subjects;
    this.patience = patience;
    this.oneIn = oneIn;
  }

  Subject subject() {
    return subjects.get();
  }

  /** A fresh subject with a migrator that no runner drives. */
  Direct direct() {
    return new Direct(subjects.get());
  }

  /** The first machine of the plan, under faults. */
  MigrationResults run(FaultPlan faults) {
    return run(kit -> kit.faults(faults));
  }

  /** The first machine of the plan. */
  MigrationResults run(UnaryOperator<MigratorTestKit> change) {
    return runAll(kit -> change.apply(kit.plan(Plans::firstMachineOf)));
  }

  /** All machines of the plan. */
  MigrationResults runAll(UnaryOperator<MigratorTestKit> change) {
    return runAll(subjects.get(), change);
  }

  MigrationResults runAll(Subject subject, UnaryOperator<MigratorTestKit> change) {
    return change.apply(MigratorTestKit.of(subject).patience(patience)).run();
  }

  /** A run of the first machine in which nothing goes wrong; the same for all who ask. */
  MigrationResults clean() {
    MigrationResults known = clean;
    if (known == null) {
      known = run(kit -> kit);
      MigrationResults results = known;
      judge(results, () -> succeeded(results));
      clean = known;
    }
    return known;
  }

  /** One test for each fault of a rule, at the first and at the last execution of each phase. */
  Stream<DynamicTest> matrix(
      Rule rule, Predicate<String> phases, BiConsumer<FaultPlan, MigrationResults> check) {
    List<DynamicTest> tests = new ArrayList<>();
    executions()
        .forEach(
            (phase, count) -> {
              if (phases.test(phase)) {
                for (FaultPlan.Kind kind : rule.kinds()) {
                  for (int at : count == 1 ? List.of(0) : List.of(0, count - 1)) {
                    tests.add(test(FaultPlan.none().at(phase, kind, at, 1), check));
                  }
                }
              }
            });
    return sample(tests);
  }

  /** All, or a diagonal of as many as are asked for: the same every time, and of every kind. */
  Stream<DynamicTest> sample(List<DynamicTest> tests) {
    return IntStream.range(0, tests.size())
        .filter(i -> i % oneIn == i / oneIn % oneIn)
        .mapToObj(tests::get);
  }

  DynamicTest test(FaultPlan faults, BiConsumer<FaultPlan, MigrationResults> check) {
    return DynamicTest.dynamicTest(
        faults.toString(),
        () -> {
          MigrationResults results = run(faults);
          judge(results, () -> check.accept(faults, results));
        });
  }

  /** Whether a phase begins before the hand-over is recorded, when nothing goes wrong. */
  boolean isBeforeHandOver(String phase) {
    return clean().run().executions.stream()
        .filter(execution -> execution.phase().equals(phase))
        .limit(1)
        .anyMatch(execution -> execution.status() != null && !execution.status().isHandedOver());
  }

  /** The last phase of the migrator's own that begins before the hand-over. */
  String deepestPhase() {
    List<String> own =
        clean().run().executions.stream()
            .filter(execution -> execution.outcome() != null && execution.vm() != null)
            .filter(execution -> !(execution.outcome() instanceof Delegate))
            .map(Run.Execution::phase)
            .filter(phase -> !phase.equals(FaultPlan.COMPLETE) && isBeforeHandOver(phase))
            .toList();
    return own.isEmpty() ? clean().phases().get(0) : own.get(own.size() - 1);
  }

  /** The run ended as one in which nothing goes wrong. */
  void sameEnd(MigrationResults results) {
    succeeded(results);
    assertThat(whereabouts(results)).as("where the guest is").isEqualTo(whereabouts(clean()));
    assertThat(results.world()).as("the world").isEqualTo(clean().world());
  }

  /** The run ended in a way that a person can live with, and as its status says. */
  void safeEnd(MigrationResults results) {
    VmStatus status = first(results);
    Set<Side> guest = whereabouts(results);
    if (status.state() == VmState.SUCCEEDED) {
      sameEnd(results);
    } else if (status.state() == VmState.NEEDS_ATTENTION) {
      assertThat(status.isHandedOver())
          .as("needs attention, which only a hand-over excuses")
          .isTrue();
      assertThat(guest).as("where the guest is").contains(Side.TARGET);
    } else {
      undone(results);
    }
  }

  /** As {@link #safeEnd}, but a migrator that cannot tell may also ask a person to look. */
  void endsAtAll(MigrationResults results) {
    VmStatus status = first(results);
    if (status.state() == VmState.NEEDS_ATTENTION) {
      assertThat(whereabouts(results)).as("where the guest is").isNotEmpty();
    } else {
      safeEnd(results);
    }
  }

  void undone(MigrationResults results) {
    VmStatus status = first(results);
    assertThat(status.state()).isIn(VmState.FAILED, VmState.CANCELLED);
    assertThat(status.isHandedOver()).as("handed over").isFalse();
    assertThat(whereabouts(results)).as("where the guest is").containsExactly(Side.SOURCE);
    Map<String, String> before = results.run().baseline;
    assertThat(results.world())
        .as("the world, against what it was before the first phase")
        .isEqualTo(before == null ? results.world() : before);
    assertThat(status.ledger()).as("the ledger").isEmpty();
  }

  static void succeeded(MigrationResults results) {
    assertThat(results.statuses())
        .as("machines that were saved")
        .hasSameSizeAs(results.plan().vms())
        .allSatisfy(status -> assertThat(status.state()).isEqualTo(VmState.SUCCEEDED));
  }

  /** Has what fails carry the run's log. */
  static void judge(MigrationResults results, Runnable check) {
    try {
      check.run();
    } catch (AssertionError e) {
      throw results.explain(e);
    }
  }

  static VmStatus first(MigrationResults results) {
    return results.status(firstVm(results));
  }

  static Set<Side> whereabouts(MigrationResults results) {
    return results.whereabouts(firstVm(results));
  }

  private static VmRef firstVm(MigrationResults results) {
    return results.plan().vms().get(0).source();
  }

  private Map<String, Integer> executions() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Run.Execution execution : clean().run().executions) {
      counts.merge(Objects.requireNonNull(execution.phase()), 1, Integer::sum);
    }
    return counts;
  }
}
