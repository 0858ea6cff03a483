package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a machine is looked at, and when not. */
class WaitingTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

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

  @Test
  void anUnchangedWaitIsNotSavedAgainYetNotLookedAtEarly() {
    AtomicInteger saves = new AtomicInteger();
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")));
    bench.store = new CountingStore(bench.store, saves);
    bench.restart();
    bench.turn();
    int before = saves.get();

    for (int i = 0; i < 5; i++) {
      bench.clock.advance(MINUTE);
      assertThat(bench.turn()).contains(bench.clock.instant().plus(MINUTE));
      assertThat(bench.turn()).contains(bench.clock.instant().plus(MINUTE));
    }

    assertThat(saves.get()).isEqualTo(before);
    assertThat(bench.migrator.calls.stream().filter("Work vm-0"::equals)).hasSize(6);
  }

  @Test
  void wordsThatKeepChangingAreSavedOnceASecondAndTheLastOfThemAlways() {
    AtomicInteger saves = new AtomicInteger();
    AtomicInteger looks = new AtomicInteger();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> PhaseOutcome.await("w", MINUTE, "Look " + looks.incrementAndGet())));
    bench.store = new CountingStore(bench.store, saves);
    bench.restart();
    bench.turn();
    int begun = saves.get();

    for (int i = 0; i < 4; i++) {
      bench.clock.advance(Duration.ofMillis(200));
      bench.migrator.host.wake("p", Bench.VM);
      assertThat(bench.turn()).contains(ManualClock.START.plusSeconds(1));
    }
    assertThat(saves.get()).isEqualTo(begun);
    assertThat(bench.status().waiting().reason()).isEqualTo("Look 1");

    bench.clock.advance(Duration.ofMillis(200));
    assertThat(bench.turn()).contains(bench.clock.instant().plus(MINUTE));
    assertThat(saves.get()).isEqualTo(begun + 1);
    assertThat(bench.status().waiting().reason()).isEqualTo("Look 6");
  }

  private record CountingStore(dev.migrator.spi.StatusStore store, AtomicInteger saves)
      implements dev.migrator.spi.StatusStore {
    @Override
    public List<VmStatus> load(String plan) {
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      saves.incrementAndGet();
      return store.save(status);
    }
  }

  @Test
  void aWokenMachineIsLookedAtAtOnceAndTheHostIsAskedOnce() {
    boolean[] ready = new boolean[1];
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> ready[0] ? PhaseOutcome.advance() : PhaseOutcome.await("w", MINUTE, "Waits")));
    bench.turn();

    ready[0] = true;
    bench.migrator.host.wake("p", Bench.VM);
    bench.migrator.host.wake("p", Bench.VM);

    assertThat(bench.wakes).containsExactly("p");
    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aWakeDuringTheMachinesOwnActionIsNotLost() {
    AtomicInteger calls = new AtomicInteger();
    Bench[] bench = new Bench[1];
    bench[0] =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  if (calls.incrementAndGet() == 1) {
                    bench[0].migrator.host.wake("p", Bench.VM);
                  }
                  return calls.get() < 2
                      ? PhaseOutcome.await("w", MINUTE, "Waits")
                      : PhaseOutcome.advance();
                }));

    assertThat(bench[0].turn()).as("seen to in the same turn").isEmpty();
    assertThat(bench[0].wakes).isEmpty();
  }

  @Test
  void wakingWhatNobodyKnowsHasNoEffect() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.runner.wake("p", Bench.VM);
    bench.turn();
    bench.runner.wake("p", Bench.VM);
    bench.runner.wake("p", new VmRef("demo", "other"));
    bench.runner.wake("q", Bench.VM);

    assertThat(bench.wakes).isEmpty();
  }

  @Test
  void aWakeDoesNotHurryAMachineThatBacksOff() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  throw MigrationException.transientFault("429", MINUTE, null);
                }));
    bench.turn();

    bench.runner.wake("p", Bench.VM);

    assertThat(bench.turn()).contains(ManualClock.START.plus(MINUTE));
    assertThat(bench.migrator.calls).containsOnlyOnce("Work vm-0");
    assertThat(bench.status().attempts()).isEqualTo(1);
  }

  @Test
  void aPhaseThatForeverAsksToBeRunAtOnceIsSlowedDown() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.recorded(Notes.none())));

    assertThat(bench.turn()).contains(ManualClock.START.plus(RetryPolicy.defaults().first()));
    assertThat(bench.migrator.calls.size()).isLessThan(50);
  }

  @Test
  void anInterruptStopsTheTurnAndCountsAsNothing() {
    AtomicInteger calls = new AtomicInteger();
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  if (calls.incrementAndGet() == 1) {
                    throw new InterruptedException();
                  }
                  return PhaseOutcome.advance();
                }));
    bench.plan = Bench.plan(2);

    assertThat(bench.turn()).contains(ManualClock.START);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(bench.statuses()).hasSize(1);
    assertThat(bench.status().attempts()).isZero();
    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aHostThatCannotBeWokenHasNoEffectOnTheMigration() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")),
            builder ->
                builder.wakeUp(
                    plan -> {
                      throw new IllegalStateException("planted");
                    }));
    bench.turn();

    bench.runner.wake("p", Bench.VM);

    assertThat(bench.turn()).contains(ManualClock.START.plus(MINUTE));
  }

  @Test
  void afterARestartAWaitIsLookedAtAtOnceBecauseNobodyWatchedItMeanwhile() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")));
    bench.turn();
    bench.restart();
    bench.clock.advance(Duration.ofSeconds(1));

    assertThat(bench.turn()).contains(ManualClock.START.plus(MINUTE).plusSeconds(1));
    assertThat(bench.migrator.calls.stream().filter("Work vm-0"::equals)).hasSize(2);
  }

  @Test
  void afterARestartABackOffIsStillHonoured() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  throw MigrationException.transientFault("429", MINUTE, null);
                }));
    bench.turn();
    bench.restart();

    assertThat(bench.turn()).contains(ManualClock.START.plus(MINUTE));
    assertThat(bench.status().attempts()).isEqualTo(1);
  }

  @Test
  void aHostThatWakesAMachineDuringATurnIsAskedForItsPlanAgain() {
    Bench[] bench = new Bench[1];
    bench[0] =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  bench[0].cancel();
                  bench[0].runner.wake("p", Bench.VM);
                  return PhaseOutcome.await("w", MINUTE, "Waits");
                }));

    assertThat(bench[0].turn()).contains(ManualClock.START);
    assertThat(bench[0].turn()).isEmpty();
    assertThat(bench[0].status().state()).isEqualTo(VmState.CANCELLED);
  }
}
