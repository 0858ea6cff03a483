package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Concern;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Registry, init, validation and begin: errors there are in the status like any other. */
class BeforeTheFirstPhaseTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Concern concern(Severity severity, String code, VmRef vm) {
    return new Concern(code, severity, vm, "disk", "It is shared.", "Unshare it.");
  }

  private static Bench advancing() {
    return new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
  }

  @Test
  void criticalConcernsKeepAMachineFromStartingAndAreAllNamed() {
    Bench bench = advancing();
    bench.migrator.concerns =
        vm ->
            List.of(
                concern(Severity.CRITICAL, "SharedDisk", vm),
                concern(Severity.WARNING, "Slow", vm),
                concern(Severity.CRITICAL, "NoRight", vm));

    assertThat(bench.turn()).isEmpty();

    VmStatus status = bench.status();
    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().code()).isEqualTo("ValidationFailed");
    assertThat(status.failure().message()).contains("SharedDisk", "NoRight").doesNotContain("Slow");
    assertThat(status.phase()).isNull();
    assertThat(bench.migrator.calls)
        .as("neither begun nor executed nor undone")
        .containsExactly("create", "init", "validate vm-0");
    assertThat(bench.events(MigrationEvent.ConcernFound.class)).hasSize(3);
  }

  @Test
  void concernsOfOneMachineKeepOnlyThatOneFromStarting() {
    Bench bench = advancing();
    bench.plan = Bench.plan(3);
    bench.migrator.concerns =
        vm -> vm.equals(Bench.VM) ? List.of(concern(Severity.CRITICAL, "X", vm)) : List.of();

    bench.turn();

    assertThat(bench.statuses())
        .extracting(VmStatus::state)
        .containsExactlyInAnyOrder(VmState.FAILED, VmState.SUCCEEDED, VmState.SUCCEEDED);
  }

  @Test
  void otherConcernsAreWarningsAndAdviceIsOnlyTold() {
    Bench bench = advancing();
    bench.migrator.concerns =
        vm ->
            List.of(concern(Severity.WARNING, "Slow", vm), concern(Severity.ADVISORY, "Nice", vm));

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);

    assertThat(bench.status().warnings()).hasSize(1).first().asString().contains("Slow");
    assertThat(bench.events(MigrationEvent.ConcernFound.class)).hasSize(2);
  }

  @Test
  void aHostThatValidatedItselfMayTurnItOff() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.validate(false));
    bench.migrator.concerns = vm -> List.of(concern(Severity.CRITICAL, "X", vm));

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.migrator.calls).doesNotContain("validate vm-0");
  }

  @Test
  void hostsValidateWheneverTheyLikeWithoutAWrite() {
    Bench bench = advancing();
    bench.plan = Bench.plan(2).toBuilder().warm(true).build();
    bench.migrator.concerns = vm -> List.of(concern(Severity.CRITICAL, "X", vm));

    List<Concern> concerns = bench.runner.validate(bench.plan);

    assertThat(concerns)
        .extracting(Concern::code)
        .as("what is about the plan is said once")
        .containsExactly("MigrationTypeContradiction", "X", "X");
    assertThat(bench.statuses()).isEmpty();
    assertThat(bench.migrator.calls).doesNotContain("begin");
  }

  @Test
  void whatTheHostsOwnHookRunnerAndStoreLackIsFoundToo() {
    Hook hook = new Hook("backup", "i", List.of(), null, null, MINUTE, Hook.OnFailure.WARN);
    HookRunner hooks =
        new HookRunner() {
          @Override
          public PhaseOutcome run(PhaseContext context, HookStage stage, Hook asked) {
            throw new AssertionError("Nothing is run");
          }

          @Override
          public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
            return List.of(concern(Severity.CRITICAL, "NoJobs", vm.source()));
          }
        };
    StatusStore store =
        new StatusStore() {
          @Override
          public List<VmStatus> load(String plan) {
            return List.of();
          }

          @Override
          public boolean save(VmStatus status) {
            throw new AssertionError("Nothing is saved");
          }

          @Override
          public List<Concern> validate(String plan) {
            return List.of(
                new Concern("NoStatuses", Severity.WARNING, null, plan, "It is so.", "Mend it."));
          }
        };
    Bench bench =
        new Bench(
            ScriptedMigrator.of(
                dev.migrator.spi.Phase.shared("PreHook", "PreHook"),
                dev.migrator.spi.Phase.shared("PostHook", "PostHook")),
            builder -> builder.hooks(hooks).store(store));
    bench.plan =
        Bench.plan(1).toBuilder()
            .vm(PlannedVm.of(new VmRef("demo", "hooked")).withHooks(hook, null))
            .build();

    assertThat(bench.runner.validate(bench.plan))
        .extracting(Concern::code)
        .as("a machine without hooks needs none of it")
        .containsExactly("NoStatuses", "NoJobs");
  }

  @Test
  void aContradictionBetweenTypeAndWarmIsAWarning() {
    Bench bench = advancing();
    bench.plan = bench.plan.toBuilder().warm(true).build();

    assertThat(bench.finish().warnings()).first().asString().contains("the type wins");
  }

  @Test
  void aValidationThatFailsItselfIsTriedAgainAndShown() {
    AtomicInteger calls = new AtomicInteger();
    Bench bench = advancing();
    bench.migrator.concerns =
        vm -> {
          if (calls.incrementAndGet() < 3) {
            throw MigrationException.transientFault("API down", null);
          }
          return List.of();
        };
    bench.turn();

    VmStatus status = bench.status();
    assertThat(status.state()).isEqualTo(VmState.PENDING);
    assertThat(status.failure().message()).isEqualTo("API down");
    assertThat(status.failure().phase()).isNull();
    assertThat(status.failure().count()).isEqualTo(1);
    assertThat(status.due()).isAfter(ManualClock.START);

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(calls.get()).isEqualTo(3);
  }

  @Test
  void anInitThatFailsIsTriedAgainOnTheSameMigrator() {
    AtomicInteger calls = new AtomicInteger();
    Bench bench = advancing();
    bench.migrator.init =
        () -> {
          if (calls.incrementAndGet() < 4) {
            throw new IllegalStateException("No route to host");
          }
        };
    bench.turn();
    assertThat(bench.status().failure().message()).isEqualTo("No route to host");

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.migrator.calls).containsOnlyOnce("create");
  }

  @Test
  void anInitThatNeverSucceedsFailsTheMachinesWhenTheBudgetIsSpent() {
    Bench bench = advancing();
    bench.migrator.init =
        () -> {
          throw new IllegalStateException("No route to host");
        };

    VmStatus status = bench.finish();
    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().code()).isEqualTo("RetriesExhausted");
    assertThat(status.failure().count()).isGreaterThan(20);
  }

  @Test
  void aMachineOnItsWayIsNotRolledBackWhenItsProviderIsGone() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")));
    bench.turn();
    bench.migrator.init =
        () -> {
          throw MigrationException.permanent("Gone", "The provider is not what it was.");
        };
    bench.restart();
    bench.clock.advance(MINUTE);
    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.NEEDS_ATTENTION);

    bench.migrator.init = () -> {};
    assertThat(bench.runner.retry(bench.plan, Bench.VM)).isTrue();
    bench.turn();
    assertThat(bench.status().state()).isEqualTo(VmState.RUNNING);
  }

  @Test
  void whatBeginWaitsForIsSeenAtTheWakeAndNotAtTheNextRecheck() {
    Bench bench = advancing();
    boolean[] ready = new boolean[1];
    bench.migrator.begin =
        () ->
            ready[0]
                ? PhaseOutcome.advance()
                : PhaseOutcome.await("trust", MINUTE, "Waiting for the peer's CA.");
    bench.turn();
    bench.clock.advance(Duration.ofMillis(1));

    ready[0] = true;
    bench.migrator.host.wake("p", Bench.VM);

    assertThat(bench.turn()).as("well within the pause between two calls").isEmpty();
    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void beginIsDoneOnceForAllMachinesAndHoldsBackThoseThatWereNotStarted() {
    AtomicInteger calls = new AtomicInteger();
    Bench bench = advancing();
    bench.plan = Bench.plan(5);
    bench.migrator.begin =
        () ->
            calls.incrementAndGet() < 3
                ? PhaseOutcome.await("trust", Duration.ofSeconds(5), "Trust is exchanged")
                : PhaseOutcome.advance();
    bench.turn();

    assertThat(calls.get()).as("five machines, one call").isEqualTo(1);
    assertThat(bench.statuses())
        .hasSize(5)
        .allMatch(status -> status.state() == VmState.PENDING)
        .allMatch(status -> status.waiting().reason().equals("Trust is exchanged"));

    bench.finish();
    assertThat(calls.get()).isEqualTo(3);
    assertThat(bench.statuses()).allMatch(status -> status.state() == VmState.SUCCEEDED);
    assertThat(bench.migrator.calls.stream().filter(call -> call.startsWith("validate")))
        .as("what was validated is not validated again")
        .hasSize(5);
  }

  @Test
  void theDeadlineOfBeginSurvivesARestart() {
    Bench bench = advancing();
    bench.migrator.begin =
        () -> PhaseOutcome.await("trust", MINUTE, "Trust is exchanged").atMost(MINUTE);
    bench.turn();
    bench.restart();
    bench.clock.advance(MINUTE);
    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.FAILED);
    assertThat(bench.status().failure().code()).isEqualTo("DeadlineExceeded");
  }

  @Test
  void aBeginThatFailsForGoodFailsEveryMachineThatWasNotStarted() {
    Bench bench = advancing();
    bench.plan = Bench.plan(30);
    bench.migrator.begin = () -> PhaseOutcome.fail("NoTrust", "The peer's CA is garbage.");

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.statuses())
        .hasSize(30)
        .allMatch(status -> status.state() == VmState.FAILED)
        .allMatch(status -> status.failure().code().equals("NoTrust"));
    assertThat(bench.migrator.calls).containsOnlyOnce("begin");
  }

  @Test
  void afterARestartBeginIsSeenToAgainButHoldsNobodyBackWhoIsOnHisWay() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c ->
                    c.waited("w").isZero()
                        ? PhaseOutcome.await("w", MINUTE, "Waits")
                        : PhaseOutcome.advance()));
    bench.turn();
    bench.migrator.calls.clear();
    bench.migrator.begin = () -> PhaseOutcome.fail("NoTrust", "The peer's CA is garbage.");
    bench.restart();
    bench.clock.advance(MINUTE);

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.migrator.calls).contains("begin");
  }

  @Test
  void anUnknownTypeIsAClearErrorInTheStatus() {
    Bench bench = advancing();
    bench.plan = bench.plan.toBuilder().type("hot").build();

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().failure().code()).isEqualTo("UnknownMigrationType");
    assertThat(bench.status().failure().message()).contains("'hot'");
    assertThatThrownBy(() -> bench.runner.validate(bench.plan))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("'hot'");
  }

  @Test
  void aHookThatNobodyRunsIsAnErrorAtValidation() {
    Hook hook = new Hook("backup", "i", List.of(), null, null, MINUTE, Hook.OnFailure.WARN);
    MigrationPlan hooked =
        Bench.plan(0).toBuilder().vm(PlannedVm.of(Bench.VM).withHooks(hook, hook)).build();
    Bench bench = advancing();
    bench.plan = hooked;
    bench.turn();

    assertThat(bench.status().failure().message())
        .contains("HookNotInItinerary", "no phase PreHook", "no phase PostHook");

    Bench without =
        new Bench(
            ScriptedMigrator.of(
                dev.migrator.spi.Phase.shared("PreHook", "PreHook"),
                dev.migrator.spi.Phase.shared("PostHook", "PostHook")));
    without.plan = hooked;
    without.turn();

    assertThat(without.status().failure().message()).contains("NoHookRunner", "Hook backup");
  }
}
