package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StatusStoreTest {

  private static final VmStatus STATUS = VmStatus.builder("p", "1", Bench.VM).build();

  @Test
  void theFirstSaveIsOfVersionZeroAndEveryOtherOfTheVersionRead() {
    InMemoryStatusStore store = new InMemoryStatusStore();

    assertThat(store.load("p")).isEmpty();
    assertThat(store.save(STATUS.toBuilder().version(3).build())).isFalse();
    assertThat(store.save(STATUS)).isTrue();
    assertThat(store.save(STATUS)).as("somebody was first").isFalse();
    assertThat(store.load("p")).containsExactly(STATUS.toBuilder().version(1).build());

    VmStatus next = store.load("p").get(0).toBuilder().state(VmState.RUNNING).build();
    assertThat(store.save(next)).isTrue();
    assertThat(store.save(next)).isFalse();
    assertThat(store.load("p").get(0).version()).isEqualTo(2);
    assertThat(store.load("q")).isEmpty();
  }

  @Test
  void machinesAndPlansHaveVersionsOfTheirOwn() {
    InMemoryStatusStore store = new InMemoryStatusStore();

    assertThat(store.save(STATUS)).isTrue();
    assertThat(store.save(VmStatus.builder("p", "1", new VmRef("demo", "b")).build())).isTrue();
    assertThat(store.save(VmStatus.builder("q", "1", Bench.VM).build())).isTrue();
    assertThat(store.load("p")).hasSize(2);
  }

  @Test
  void ofManyWhoSaveUnderOneVersionOneWins() throws Exception {
    InMemoryStatusStore store = new InMemoryStatusStore();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        VmStatus read = round == 0 ? STATUS : store.load("p").get(0);
        List<java.util.concurrent.Callable<Boolean>> tries =
            java.util.Collections.nCopies(4, () -> store.save(read));
        long wins = 0;
        for (var won : pool.invokeAll(tries)) {
          wins += won.get() ? 1 : 0;
        }
        assertThat(wins).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** A store whose calls fail while a counter is positive. */
  private static final class Failing implements StatusStore {
    private final StatusStore store;
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger saves = new AtomicInteger();
    final AtomicInteger refusals = new AtomicInteger();
    RuntimeException thrown = MigrationException.transientFault("Store is down", null);

    Failing(StatusStore store) {
      this.store = store;
    }

    @Override
    public List<VmStatus> load(String plan) {
      if (loads.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw thrown;
      }
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      if (saves.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw thrown;
      }
      return refusals.getAndUpdate(n -> Math.max(0, n - 1)) == 0 && store.save(status);
    }
  }

  private final Failing failing = new Failing(new InMemoryStatusStore());

  private Bench bench() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.store = failing;
    bench.restart();
    return bench;
  }

  @Test
  void aStoreThatIsDownIsAskedAgainWithGrowingDelays() {
    Bench bench = bench();
    failing.loads.set(4);

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);

    List<MigrationEvent.StoreUnavailable> told =
        bench.events(MigrationEvent.StoreUnavailable.class);
    assertThat(told).hasSize(4);
    assertThat(told).allSatisfy(event -> assertThat(event.message()).isEqualTo("Store is down"));
    assertThat(Duration.between(told.get(3).at(), told.get(3).next()))
        .isGreaterThan(Duration.between(told.get(0).at(), told.get(0).next()));
  }

  @Test
  void theStoresOwnDelayIsHonoured() {
    Bench bench = bench();
    failing.loads.set(1);
    failing.thrown = MigrationException.transientFault("429", Duration.ofMinutes(3), null);

    assertThat(bench.turn()).contains(ManualClock.START.plus(Duration.ofMinutes(3)));
  }

  @Test
  void aStoreThatWillNeverAnswerIsTheHostsToHear() {
    Bench bench = bench();
    failing.loads.set(1);
    failing.thrown = MigrationException.permanent("Corrupt", "The status cannot be read.");

    assertThatThrownBy(bench::turn).isSameAs(failing.thrown);
  }

  @Test
  void whatWasDoneUnderARefusedSaveIsThrownAwayAndDoneAgain() {
    Bench bench = bench();
    failing.refusals.set(1);
    bench.turn();

    assertThat(bench.statuses()).isEmpty();
    assertThat(bench.events).hasSize(1).first().isInstanceOf(MigrationEvent.SaveRefused.class);
    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.events(MigrationEvent.Started.class)).hasSize(1);
  }

  @Test
  void aSaveOfUnknownFateIsLookedAtAgainFromTheStore() {
    Bench bench = bench();
    failing.saves.set(2);

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.events(MigrationEvent.StoreUnavailable.class)).hasSize(2);
  }

  /** A store that has room for so many facts a machine. */
  private record Small(StatusStore store, int facts, AtomicInteger refused) implements StatusStore {
    @Override
    public List<VmStatus> load(String plan) {
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      if (status.facts().size() > facts) {
        refused.incrementAndGet();
        throw MigrationException.permanent("StatusTooLarge", "The status is too large.");
      }
      return store.save(status);
    }
  }

  @Test
  void aStatusThatCanNeverBeSavedStopsItsMachineAtOnce() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> PhaseOutcome.advance(Notes.none().fact("a", "1").fact("b", "2"))));
    Small small = new Small(new InMemoryStatusStore(), 1, new AtomicInteger());
    bench.store = small;
    bench.restart();

    VmStatus end = bench.finish();

    assertThat(end.state()).isEqualTo(VmState.NEEDS_ATTENTION);
    assertThat(end.failure())
        .satisfies(it -> assertThat(it.code()).isEqualTo("StatusTooLarge"))
        .satisfies(it -> assertThat(it.message()).startsWith("The status is too large."));
    assertThat(small.refused()).as("saves that were refused").hasValue(1);
    assertThat(bench.events(MigrationEvent.StoreUnavailable.class)).isEmpty();
  }

  @Test
  void theHandOverIsKeptOfAStatusThatCanNeverBeSaved() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> PhaseOutcome.advance(Notes.none().fact("a", "1").withHandOver())));
    bench.store = new Small(new InMemoryStatusStore(), 0, new AtomicInteger());
    bench.restart();

    assertThat(bench.finish())
        .matches(VmStatus::isHandedOver)
        .matches(it -> it.state() == VmState.NEEDS_ATTENTION);
  }

  @Test
  void aStoreThatRefusesEverythingIsAskedAgainWithGrowingDelays() {
    Bench bench = bench();
    failing.thrown = MigrationException.permanent("Forbidden", "configmaps is forbidden");
    failing.saves.set(6);

    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.events(MigrationEvent.StoreUnavailable.class)).hasSize(3);
  }
}
