package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Hook;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookPhasesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** A move with both hooks, whose runner does what is given in the stage under test. */
  private static Bench bench(HookStage stage, Hook.OnFailure onFailure, HookRunner runner) {
    Bench bench =
        new Bench(
            ScriptedMigrator.of(
                Phase.shared("Started", "Initialize"),
                Phase.shared("PreHook", "PreHook"),
                ScriptedMigrator.phase(
                    "Move", c -> PhaseOutcome.advance(Notes.none().withHandOver())),
                Phase.shared("PostHook", "PostHook"),
                Phase.shared("Completed", "Finalize")),
            builder ->
                builder.hooks(
                    new HookRunner() {
                      @Override
                      public PhaseOutcome run(PhaseContext context, HookStage at, Hook hook)
                          throws Exception {
                        return at == stage ? runner.run(context, at, hook) : PhaseOutcome.advance();
                      }

                      @Override
                      public PhaseOutcome stop(PhaseContext context, HookStage at, Hook hook)
                          throws Exception {
                        return runner.stop(context, at, hook);
                      }
                    }));
    Hook hook = new Hook("backup", "i", List.of(), null, null, MINUTE, onFailure);
    bench.plan = Bench.plan(0).toBuilder().vm(PlannedVm.of(Bench.VM).withHooks(hook, hook)).build();
    return bench;
  }

  private static VmStatus finish(HookStage stage, Hook.OnFailure onFailure, HookRunner runner) {
    return bench(stage, onFailure, runner).finish();
  }

  @Test
  void eachHookRunsInItsStage() {
    List<String> calls = new ArrayList<>();
    for (HookStage stage : HookStage.values()) {
      VmStatus status =
          finish(
              stage,
              Hook.OnFailure.ABORT,
              (context, at, hook) -> {
                calls.add(at + " " + hook.name() + " moved: " + context.status().isHandedOver());
                return PhaseOutcome.advance(Notes.none().fact("hook", "done"));
              });

      assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
      assertThat(status.fact("hook")).contains("done");
    }
    assertThat(calls).containsExactly("PRE backup moved: false", "POST backup moved: true");
  }

  @Test
  void aPreHookThatAbortsRollsBack() {
    VmStatus status =
        finish(
            HookStage.PRE,
            Hook.OnFailure.ABORT,
            (context, at, hook) -> PhaseOutcome.fail("Exit", "It exited with 1."));

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().code()).isEqualTo("HookFailed");
    assertThat(status.failure().message()).isEqualTo("Hook 'backup' failed: It exited with 1.");
  }

  @Test
  void everyOtherHookFailureIsAWarning() {
    List<HookRunner> failures =
        List.of(
            (context, at, hook) -> PhaseOutcome.fail("Exit", "It exited with 1."),
            (context, at, hook) -> PhaseOutcome.preserve("Exit", "It exited with 1."),
            (context, at, hook) -> {
              throw MigrationException.permanent("Forbidden", "No right to create a Job.");
            },
            (context, at, hook) -> {
              throw new IllegalStateException("API down");
            },
            (context, at, hook) -> PhaseOutcome.await("job", Duration.ofSeconds(7), "Runs"));

    for (HookRunner failure : failures) {
      for (VmStatus status :
          List.of(
              finish(HookStage.PRE, Hook.OnFailure.WARN, failure),
              finish(HookStage.POST, Hook.OnFailure.WARN, failure),
              finish(HookStage.POST, Hook.OnFailure.ABORT, failure))) {
        assertThat(status.state()).as("%s", status).isEqualTo(VmState.SUCCEEDED);
        assertThat(status.warnings()).hasSize(1).first().asString().contains("'backup' failed");
      }
    }
  }

  @Test
  void aHookThatOutlivesItsDeadlineHasFailed() {
    Bench bench =
        bench(
            HookStage.PRE,
            Hook.OnFailure.ABORT,
            (context, at, hook) -> PhaseOutcome.await("job", Duration.ofHours(1), "Runs"));

    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message()).contains("ran out of time: Runs");
    assertThat(bench.clock.instant()).isEqualTo(ManualClock.START.plus(MINUTE));
  }

  @Test
  void aHookThatCannotBeStartedForTheWholeBudgetHasFailed() {
    Bench bench =
        bench(
            HookStage.PRE,
            Hook.OnFailure.ABORT,
            (context, at, hook) -> {
              throw new IllegalStateException("API down");
            });

    assertThat(bench.finish().state()).isEqualTo(VmState.FAILED);
    assertThat(bench.clock.instant())
        .isEqualTo(ManualClock.START.plus(RetryPolicy.defaults().total()));
  }

  @Test
  void aHookOfManyMinutesDelaysNobodyElse() {
    Bench bench =
        bench(
            HookStage.PRE,
            Hook.OnFailure.ABORT,
            (context, at, hook) ->
                PhaseOutcome.await("job", Duration.ofSeconds(30), "Runs").atMost(MINUTE));
    bench.plan = bench.plan.toBuilder().vm("demo", "plain").build();
    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.RUNNING);
    assertThat(bench.status(new dev.migrator.model.VmRef("demo", "plain")).state())
        .isEqualTo(VmState.SUCCEEDED);
  }

  /** Runs for ever, and is stopped as it is told. */
  private record Endless(List<String> calls, List<PhaseOutcome> answers) implements HookRunner {
    @Override
    public PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) {
      calls.add("run " + stage);
      return PhaseOutcome.await("hook", MINUTE, "It runs.").atMost(MINUTE.multipliedBy(600));
    }

    @Override
    public PhaseOutcome stop(PhaseContext context, HookStage stage, Hook hook) {
      calls.add("stop " + stage);
      return answers.size() > 1 ? answers.remove(0) : answers.get(0);
    }
  }

  private static VmStatus cancelled(List<String> calls, PhaseOutcome... answers) {
    Bench bench =
        new Bench(
            ScriptedMigrator.of(
                Phase.shared("PreHook", "PreHook"), Phase.shared("Completed", "Finalize")),
            builder -> builder.hooks(new Endless(calls, new ArrayList<>(List.of(answers)))));
    bench.migrator.complete =
        (context, completion) -> {
          calls.add("complete");
          return calls.contains("again") ? PhaseOutcome.advance() : again(calls);
        };
    Hook hook = new Hook("backup", "i", List.of(), null, null, MINUTE, Hook.OnFailure.ABORT);
    bench.plan = Bench.plan(0).toBuilder().vm(PlannedVm.of(Bench.VM).withHooks(hook, null)).build();
    bench.turn();
    bench.cancel();
    return bench.finish();
  }

  private static PhaseOutcome again(List<String> calls) {
    calls.add("again");
    return PhaseOutcome.await("more", MINUTE, "There is more to undo.");
  }

  @Test
  void aCancelEndsTheHookOnceAndBeforeAnythingIsUndone() {
    List<String> calls = new ArrayList<>();

    VmStatus end =
        cancelled(
            calls,
            PhaseOutcome.await("hook-end", MINUTE, "It ends."),
            PhaseOutcome.retry("The cluster is away."),
            PhaseOutcome.advance());

    assertThat(end.state()).isEqualTo(VmState.CANCELLED);
    assertThat(end.warnings()).isEmpty();
    assertThat(calls)
        .containsExactly(
            "run PRE", "stop PRE", "stop PRE", "stop PRE", "complete", "again", "complete");
  }

  @Test
  void aHookThatCannotBeEndedHoldsNothingUp() {
    for (PhaseOutcome answer :
        List.of(
            PhaseOutcome.fail("Forbidden", "It may not be deleted."),
            PhaseOutcome.retry("It may not be deleted."),
            PhaseOutcome.await("hook-end", MINUTE, "It may not be deleted."))) {
      List<String> calls = new ArrayList<>();

      VmStatus end = cancelled(calls, answer);

      assertThat(end.state()).as("%s", answer).isEqualTo(VmState.CANCELLED);
      assertThat(end.warnings())
          .containsExactly("Hook 'backup' could not be ended: It may not be deleted.");
      assertThat(calls).as("%s", answer).endsWith("complete", "again", "complete");
    }
  }

  @Test
  void nobodyStopsTheHooksOfASuccess() {
    VmStatus end =
        finish(
            HookStage.POST,
            Hook.OnFailure.ABORT,
            new HookRunner() {
              @Override
              public PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) {
                return PhaseOutcome.fail("Exit", "It exited with 1.");
              }

              @Override
              public PhaseOutcome stop(PhaseContext context, HookStage stage, Hook hook) {
                throw new AssertionError("stopped after a success");
              }
            });

    assertThat(end.state()).isEqualTo(VmState.SUCCEEDED);
  }
}
