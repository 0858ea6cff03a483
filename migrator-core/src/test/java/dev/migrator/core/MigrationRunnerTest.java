package dev.migrator.core;

import static dev.migrator.core.ScriptedMigrator.phase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Completion;
import dev.migrator.model.Endpoint;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MigrationRunnerTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

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
  void tellsTheWholeStoryInEvents() {
    Bench bench =
        new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance(Notes.none().withHandOver())));
    bench.turn();

    VmRef vm = Bench.VM;
    var at = ManualClock.START;
    assertThat(bench.events)
        .containsExactly(
            new MigrationEvent.Started("p", vm, at, List.of("Prepare", "Work")),
            new MigrationEvent.PhaseEntered("p", vm, at, "Prepare", "PrepareStep"),
            new MigrationEvent.PhaseEntered("p", vm, at, "Work", "WorkStep"),
            new MigrationEvent.HandedOver("p", vm, at),
            new MigrationEvent.Ending("p", vm, at, Completion.SUCCEEDED, null),
            new MigrationEvent.Ended("p", vm, at, VmState.SUCCEEDED, null, List.of()));
    assertThat(bench.events).allSatisfy(event -> assertThat(event.describe()).isNotBlank());
  }

  @Test
  void everyActionSeesOnlyWhatIsSaved() {
    List<VmStatus> seen = new ArrayList<>();
    Bench[] bench = new Bench[1];
    bench[0] =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  seen.add(c.status());
                  assertThat(bench[0].statuses()).containsExactly(c.status());
                  return seen.size() < 3
                      ? PhaseOutcome.recorded(Notes.none().fact("n", "" + seen.size()))
                      : PhaseOutcome.advance();
                }));

    assertThat(bench[0].turn()).isEmpty();
    assertThat(seen).extracting(s -> s.fact("n").orElse("-")).containsExactly("-", "1", "2");
  }

  @Test
  void oneMachinesTroubleIsNoOtherMachines() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  if (c.vm().source().equals(Bench.VM)) {
                    throw new IllegalStateException("Always broken");
                  }
                  return PhaseOutcome.advance();
                }));
    bench.plan = Bench.plan(10);

    bench.turn();
    assertThat(bench.statuses())
        .filteredOn(status -> !status.vm().equals(Bench.VM))
        .hasSize(9)
        .allMatch(status -> status.state() == VmState.SUCCEEDED);

    VmStatus broken = bench.finish();
    assertThat(broken.state()).isEqualTo(VmState.FAILED);
    assertThat(broken.failure().message()).startsWith("Always broken (tried ");
  }

  @Test
  void anErrorIsThrownOnAndTheMachineIsFreeAgain() {
    AtomicInteger calls = new AtomicInteger();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  if (calls.incrementAndGet() == 1) {
                    throw new StackOverflowError("planted");
                  }
                  return PhaseOutcome.advance();
                }));

    assertThatThrownBy(bench::turn).isInstanceOf(StackOverflowError.class);
    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aListenerThatThrowsHasNoEffectOnAnybody() {
    List<MigrationEvent> others = new ArrayList<>();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder ->
                builder
                    .listener(
                        event -> {
                          throw new IllegalStateException("planted");
                        })
                    .listener(others::add));

    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(others).isEqualTo(bench.events).isNotEmpty();
  }

  @Test
  void migratorsAreMadeLateOnceAPlanAndClosedWhenForgotten() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")));
    assertThat(bench.migrator.calls).isEmpty();

    bench.turn();
    bench.turn();
    assertThat(bench.migrator.calls).containsOnlyOnce("create").containsOnlyOnce("init");

    bench.runner.forget("p");
    assertThat(bench.migrator.calls).containsOnlyOnce("close");

    bench.turn();
    assertThat(bench.migrator.calls.stream().filter("create"::equals)).hasSize(2);
    bench.runner.close();
    assertThat(bench.migrator.calls.stream().filter("close"::equals)).hasSize(2);
  }

  @Test
  void noMigratorIsMadeForAPlanThatIsDone() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.turn();
    bench.migrator.calls.clear();
    bench.restart();

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.migrator.calls).isEmpty();
  }

  @Test
  void aPlanThatIsChangedBeforeAnyMachineStartedIsTakenAsItIsNow() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")));
    List<String> validated = new ArrayList<>();
    bench.migrator.begin = () -> PhaseOutcome.await("trust", MINUTE, "Trust is exchanged");
    bench.runner.validate(bench.plan);
    bench.turn();
    assertThat(bench.migrator.calls.stream().filter("create"::equals)).hasSize(1);

    bench.plan = bench.plan.toBuilder().settings(java.util.Map.of("mended", "1")).build();
    bench.migrator.concerns =
        vm -> {
          validated.add(vm.name());
          return List.of();
        };
    bench.runner.validate(bench.plan);

    assertThat(validated).hasSize(1);
    assertThat(bench.migrator.calls).contains("close");
    assertThat(bench.migrator.calls.stream().filter("create"::equals)).hasSize(2);
  }

  @Test
  void aMachineJoinsLaterAndTheSettingsOfTheFirstSightStayInForce() {
    List<String> seen = new ArrayList<>();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  seen.add(c.vm().source().name() + " " + c.plan().settings());
                  return PhaseOutcome.await("w", MINUTE, "Waits");
                }));
    bench.turn();
    bench.clock.advance(MINUTE);

    bench.plan =
        bench.plan.toBuilder().vm("demo", "late").settings(java.util.Map.of("edited", "1")).build();
    bench.turn();

    assertThat(seen).containsExactly("vm-0 {}", "vm-0 {}", "late {}");
  }

  @Test
  void theMigratorGetsTheHostsConnectionsClockAndExecutor() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder ->
                builder
                    .connection("east", String.class, "named")
                    .connections((end, type) -> end.name().equals("west") ? "found" : null)
                    .requestExecutor(Runnable::run));
    bench.turn();
    var host = bench.migrator.host;

    assertThat(host.connection(Endpoint.of("x", "east"), String.class)).isEqualTo("named");
    assertThat(host.connection(Endpoint.of("x", "west"), String.class)).isEqualTo("found");
    assertThatThrownBy(() -> host.connection(Endpoint.of("x", "north"), String.class))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("no java.lang.String for endpoint 'north'")
        .hasMessageContaining("[east]");
    assertThatThrownBy(() -> host.connection(Endpoint.of("x", "west"), Integer.class))
        .hasMessageContaining("but a java.lang.String");
    assertThat(host.clock()).isSameAs(bench.clock);
    assertThat(host.executor()).isNotNull();
  }
}
