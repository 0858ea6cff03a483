package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Cancels, roll-backs and what is left of them. */
class EndingTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ObjectRef DISK =
      new ObjectRef(Side.TARGET, "v1", "PersistentVolumeClaim", "demo", "disk", "u");

  private static PhaseOutcome waits() {
    return PhaseOutcome.await("w", MINUTE, "Waits");
  }

  @Test
  void aCancelOfAMachineThatIsKnownToWaitAsksNobody() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.migrator.begin = EndingTest::waits;
    bench.turn();
    bench.migrator.calls.clear();
    bench.cancel();

    assertThat(bench.turn()).isEmpty();

    assertThat(bench.status().state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench.migrator.calls).isEmpty();
  }

  @Test
  void aCancelOfAMachineThatTheStoreDoesNotKnowCarriesItsEndingOut() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    AtomicInteger left = new AtomicInteger(2);
    bench.migrator.complete =
        (context, completion) -> {
          assertThat(context.status().phase()).isNull();
          return left.getAndDecrement() > 0 ? waits() : PhaseOutcome.advance();
        };
    bench.cancel();

    VmStatus end = bench.finish();

    assertThat(end.state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench.migrator.calls)
        .containsExactly("create", "init", "CANCELLED vm-0", "CANCELLED vm-0", "CANCELLED vm-0");
  }

  @Test
  void whatALostStatusLeftAndCannotBeRemovedIsNotCalledCancelled() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.migrator.complete =
        (context, completion) ->
            PhaseOutcome.fail("Stuck", "It stays.").with(Notes.none().created(List.of(DISK)));
    bench.cancel();

    VmStatus end = bench.finish();

    assertThat(end.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(end.failure().message()).contains("It stays.").contains("disk");
  }

  @Test
  void aCancelledMachineWhoseStatusWasLostAndWhoseGuestHasMovedIsFinished() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.limits(Limits.of(1)));
    bench.plan = Bench.plan(2);
    bench.migrator.complete =
        (context, completion) ->
            completion == Completion.CANCELLED
                ? waits().with(Notes.none().fact("found", "yes").withHandOver())
                : PhaseOutcome.advance();
    bench.cancel();

    VmStatus end = bench.finish();

    assertThat(end.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(end.fact("found")).contains("yes");
    assertThat(end.warnings()).hasSize(1).first().asString().contains("too late");
    assertThat(bench.migrator.calls).contains("Prepare vm-0", "Work vm-0");
    assertThat(bench.events(MigrationEvent.HandedOver.class))
        .extracting(MigrationEvent.HandedOver::vm)
        .containsOnlyOnce(Bench.VM);
  }

  @Test
  void aMachineThatHasMovedAndCannotBeStartedNeedsAttention() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.migrator.complete = (context, completion) -> waits().with(Notes.none().withHandOver());
    bench.migrator.begin = () -> PhaseOutcome.fail("NoTrust", "The clusters do not trust.");
    bench.cancel();

    VmStatus end = bench.finish();

    assertThat(end.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(end.isHandedOver()).isTrue();
  }

  @Test
  void aCancelIsSeenAtTheNextTurnAlthoughTheMachineIsNotDue() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> waits()));
    bench.turn();
    bench.cancel();

    assertThat(bench.turn()).isEmpty();

    assertThat(bench.status().state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench.migrator.calls).endsWith("CANCELLED vm-0").containsOnlyOnce("Work vm-0");
  }

  @Test
  void aCancelCutsABackOffShort() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  throw MigrationException.transientFault("busy", MINUTE, null);
                }));
    bench.turn();
    bench.cancel();

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().state()).isEqualTo(VmState.CANCELLED);
  }

  @Test
  void aCancelOfOneMachineLeavesTheOthersAlone() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> waits()));
    bench.plan = Bench.plan(3);
    bench.turn();
    bench.cancel();
    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench.status(new VmRef("demo", "vm-1")).state()).isEqualTo(VmState.RUNNING);
  }

  @Test
  void aCancelAfterTheHandOverIsRefusedOnceAndTheMachineFinishes() {
    AtomicBoolean done = new AtomicBoolean();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c ->
                    done.get()
                        ? PhaseOutcome.advance()
                        : waits().with(Notes.none().withHandOver())));
    bench.turn();
    bench.cancel();
    bench.turn();
    bench.turn();

    assertThat(bench.status().state()).isEqualTo(VmState.RUNNING);
    assertThat(bench.events(MigrationEvent.CancelTooLate.class)).hasSize(1);
    assertThat(bench.migrator.calls).as("not due, not executed").containsOnlyOnce("Work vm-0");

    done.set(true);
    VmStatus status = bench.finish();
    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(status.warnings()).hasSize(1).first().asString().contains("too late");
  }

  @Test
  void aRollBackThatFindsTheGuestMovedGoesOnWhereItStood() {
    AtomicBoolean moved = new AtomicBoolean();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  if (c.status().isHandedOver()) {
                    return PhaseOutcome.advance();
                  }
                  moved.set(true);
                  return PhaseOutcome.fail("LostSight", "The source does not answer.");
                }));
    bench.migrator.complete =
        (context, completion) ->
            moved.get() && !context.status().isHandedOver()
                ? PhaseOutcome.advance(Notes.none().withHandOver())
                : PhaseOutcome.advance();

    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(status.warnings()).first().asString().contains("The source does not answer.");
    assertThat(bench.migrator.calls)
        .endsWith("Work vm-0", "FAILED vm-0", "Work vm-0", "SUCCEEDED vm-0");
    assertThat(bench.events(MigrationEvent.Resumed.class)).hasSize(1);
  }

  @Test
  void aRollBackIsRetriedUntilItIsDone() {
    AtomicInteger left = new AtomicInteger(3);
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> PhaseOutcome.fail("Broken", "It broke.").with(Notes.none().created(DISK))));
    bench.migrator.complete =
        (context, completion) -> {
          if (left.decrementAndGet() > 0) {
            throw new java.io.IOException("Target does not answer");
          }
          return PhaseOutcome.advance(Notes.none().removed(DISK));
        };

    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message()).isEqualTo("It broke.");
    assertThat(status.ledger()).isEmpty();
    assertThat(bench.events(MigrationEvent.RetryScheduled.class)).hasSize(2);
  }

  @Test
  void aRollBackThatCannotFinishEndsVisiblyAndIsTakenUpByTheHost() {
    AtomicBoolean repaired = new AtomicBoolean();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> PhaseOutcome.fail("Broken", "It broke.").with(Notes.none().created(DISK))));
    bench.migrator.complete =
        (context, completion) -> {
          if (!repaired.get()) {
            throw new java.io.IOException("A finalizer holds it");
          }
          return PhaseOutcome.advance(Notes.none().removed(DISK));
        };

    VmStatus stuck = bench.finish();
    assertThat(stuck.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(stuck.failure().message())
        .contains("A finalizer holds it", "It broke.", "target PersistentVolumeClaim demo/disk");
    assertThat(bench.clock.instant())
        .as("the whole budget was used")
        .isEqualTo(ManualClock.START.plus(RetryPolicy.defaults().total()));
    assertThat(bench.turn()).as("nothing is touched any more").isEmpty();

    repaired.set(true);
    assertThat(bench.runner.retry(bench.plan, Bench.VM)).isTrue();
    assertThat(bench.wakes).isNotEmpty();
    VmStatus status = bench.finish();
    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message()).isEqualTo("It broke.");
    assertThat(status.ledger()).isEmpty();
  }

  @Test
  void aPhaseThatNeedsAttentionIsTakenUpWhereItStood() {
    AtomicBoolean looked = new AtomicBoolean();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c ->
                    looked.get()
                        ? PhaseOutcome.advance()
                        : PhaseOutcome.preserve("Two", "Two guests.")));
    assertThat(bench.finish().state()).isEqualTo(VmState.NEEDS_ATTENTION);

    assertThat(bench.runner.retry(bench.plan, new VmRef("demo", "other"))).isFalse();
    looked.set(true);
    assertThat(bench.runner.retry(bench.plan, Bench.VM)).isTrue();
    assertThat(bench.runner.retry(bench.plan, Bench.VM)).as("it is under way").isFalse();

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.migrator.calls.stream().filter("Prepare vm-0"::equals)).hasSize(1);
  }

  @Test
  void aPermanentExceptionAfterTheHandOverIsNeverSkipped() {
    Bench bench =
        new Bench(
            ScriptedMigrator.of(
                ScriptedMigrator.phase(
                    "Move", c -> PhaseOutcome.advance(Notes.none().withHandOver())),
                ScriptedMigrator.phase(
                    "HaltSource",
                    c -> {
                      throw MigrationException.permanent("Forbidden", "No right to halt it.");
                    }),
                ScriptedMigrator.phase("Rest", c -> PhaseOutcome.advance())));

    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(status.phase()).isEqualTo("HaltSource");
    assertThat(bench.migrator.calls).doesNotContain("Rest vm-0");
  }

  @Test
  void completeIsCalledForEveryEnding() {
    for (Completion completion : Completion.values()) {
      Bench bench =
          new Bench(
              ScriptedMigrator.doing(
                  c ->
                      completion == Completion.SUCCEEDED
                          ? PhaseOutcome.advance()
                          : completion == Completion.FAILED
                              ? PhaseOutcome.fail("C", "m")
                              : waits()));
      bench.turn();
      if (completion == Completion.CANCELLED) {
        bench.cancel();
      }

      assertThat(bench.finish().state().name()).isEqualTo(completion.name());
      assertThat(bench.migrator.calls).containsOnlyOnce(completion + " vm-0");
    }
  }
}
