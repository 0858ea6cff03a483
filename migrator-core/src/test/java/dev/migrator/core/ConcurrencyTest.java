package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines on other threads than the one that calls turn. */
@Timeout(60)
class ConcurrencyTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** An executor whose tasks run when the test says so. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void aTurnDoesNotWaitForAMachineAtWorkAndIsWokenWhenItHasFinished() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.executor(tasks::add));

    assertThat(bench.turn()).contains(ManualClock.START.plus(VmTurn.SAFETY));
    assertThat(bench.statuses()).isEmpty();
    assertThat(bench.wakes).isEmpty();

    runTasks();
    assertThat(bench.wakes).containsExactly("p");
    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aMachineThatFinishesWhileTheStatusesAreReadIsLookedAtAtOnce() {
    InMemoryStatusStore kept = new InMemoryStatusStore();
    StatusStore slow =
        new StatusStore() {
          @Override
          public List<VmStatus> load(String plan) {
            List<VmStatus> before = kept.load(plan);
            Thread work = new Thread(ConcurrencyTest.this::runTasks);
            work.start();
            uninterrupted(work::join);
            return before;
          }

          @Override
          public boolean save(VmStatus status) {
            return kept.save(status);
          }
        };
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.executor(tasks::add).store(slow));
    bench.turn();

    assertThat(bench.turn()).as("come back").contains(ManualClock.START);
    assertThat(bench.turn()).as("all is final").isEmpty();
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  private static void uninterrupted(Interruptible waiting) {
    try {
      waiting.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aMachineAtWorkIsNotHandedOutAgain() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.executor(tasks::add));
    bench.turn();
    bench.runner.wake("p", Bench.VM);
    bench.cancel();
    bench.turn();
    bench.turn();

    assertThat(tasks).hasSize(1);
  }

  @Test
  void aCancelThatComesWhileAMachineIsAtWorkIsSeenAtItsNextStep() {
    Bench[] bench = new Bench[1];
    bench[0] =
        new Bench(
            ScriptedMigrator.of(
                ScriptedMigrator.phase(
                    "Slow",
                    c -> {
                      bench[0].cancel();
                      bench[0].turn();
                      return PhaseOutcome.advance();
                    }),
                ScriptedMigrator.phase("Next", c -> PhaseOutcome.advance())),
            builder -> builder.executor(tasks::add));
    bench[0].turn();
    runTasks();

    assertThat(bench[0].status().state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench[0].migrator.calls).doesNotContain("Next vm-0");
  }

  @Test
  void aWakeDuringAnExecutionLeadsToAnother() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.await("w", MINUTE, "Waits")),
            builder -> builder.executor(tasks::add));
    bench.turn();
    bench.runner.wake("p", Bench.VM);
    runTasks();
    bench.turn();
    runTasks();

    assertThat(bench.migrator.calls.stream().filter("Work vm-0"::equals)).hasSize(2);
  }

  @Test
  void aMachineThatFinishesWhileTheTurnGoesOnIsLookedAtByTheNextOneAtOnce() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder ->
                builder.executor(
                    task -> {
                      tasks.add(task);
                      if (tasks.size() == 2) {
                        elsewhere(tasks.remove());
                      }
                    }));
    bench.plan = Bench.plan(2);

    assertThat(bench.turn()).as("the first one finished meanwhile").contains(ManualClock.START);
  }

  private static void elsewhere(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    uninterrupted(thread::join);
  }

  @Test
  void machinesThatFindTheirPlanBeingOpenedGoOnAsSoonAsItIs() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch mayOpen = new CountDownLatch(1);
    Semaphore woken = new Semaphore(0);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      Bench bench =
          new Bench(
              ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
              builder -> builder.executor(pool).wakeUp(plan -> woken.release()));
      bench.plan = Bench.plan(4);
      bench.migrator.init =
          () -> {
            opening.countDown();
            uninterrupted(mayOpen::await);
          };
      bench.turn();
      opening.await();
      mayOpen.countDown();
      for (Optional<Instant> next = bench.turn(); next.isPresent(); next = bench.turn()) {
        assertThat(!next.get().isAfter(ManualClock.START) || woken.tryAcquire(20, TimeUnit.SECONDS))
            .as("due at once or woken, no clock moved")
            .isTrue();
      }

      assertThat(bench.statuses()).hasSize(4).allMatch(s -> s.state() == VmState.SUCCEEDED);
      assertThat(bench.migrator.calls).containsOnlyOnce("init").containsOnlyOnce("begin");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void manyThreadsTurningAndWakingRunNoMachineTwiceAtATime() throws Exception {
    Map<VmRef, AtomicInteger> atWork = new ConcurrentHashMap<>();
    List<String> overlaps = java.util.Collections.synchronizedList(new ArrayList<>());
    ExecutorService pool = Executors.newFixedThreadPool(4);
    ExecutorService hosts = Executors.newFixedThreadPool(3);
    try {
      Bench bench =
          new Bench(
              ScriptedMigrator.doing(
                  c -> {
                    AtomicInteger count =
                        atWork.computeIfAbsent(c.vm().source(), vm -> new AtomicInteger());
                    if (count.incrementAndGet() > 1) {
                      overlaps.add(c.vm().toString());
                    }
                    Thread.yield();
                    int n = Integer.parseInt(c.fact("n").orElse("0"));
                    count.decrementAndGet();
                    return n < 20
                        ? PhaseOutcome.await("w" + n, MINUTE, "Waits " + n)
                            .with(Notes.none().fact("n", "" + (n + 1)))
                        : PhaseOutcome.advance();
                  }),
              builder -> builder.executor(pool));
      bench.plan = Bench.plan(20);
      List<java.util.concurrent.Future<?>> done = new ArrayList<>();
      for (int h = 0; h < 3; h++) {
        done.add(
            hosts.submit(
                () -> {
                  while (bench.runner.turn(bench.plan).isPresent()) {
                    bench.plan.vms().forEach(vm -> bench.runner.wake("p", vm.source()));
                    Thread.yield();
                  }
                }));
      }
      for (var each : done) {
        each.get(50, TimeUnit.SECONDS);
      }

      assertThat(overlaps).isEmpty();
      assertThat(bench.statuses()).hasSize(20).allMatch(s -> s.state() == VmState.SUCCEEDED);
      assertThat(bench.events(MigrationEvent.SaveRefused.class))
          .as("nobody worked on a stale status")
          .isEmpty();
    } finally {
      hosts.shutdownNow();
      pool.shutdownNow();
    }
  }

  @Test
  void anExecutorThatTakesNothingIsAskedAgainLater() {
    boolean[] full = {true};
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder ->
                builder.executor(
                    task -> {
                      if (full[0]) {
                        throw new RejectedExecutionException("full");
                      }
                      task.run();
                    }));

    assertThat(bench.turn()).contains(ManualClock.START.plus(RetryPolicy.defaults().first()));
    full[0] = false;
    assertThat(bench.finish().state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aPlanIsClosedWhenItsLastMachineAtWorkHasFinished() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(c -> PhaseOutcome.advance()),
            builder -> builder.executor(tasks::add));
    bench.turn();
    bench.runner.forget("p");
    assertThat(bench.migrator.calls).doesNotContain("close");

    runTasks();
    assertThat(bench.migrator.calls).endsWith("close");
    assertThat(bench.turn()).isEmpty();
  }

  @Test
  void twoRunnersOnOneStoreEndTheMigrationOnceAndOneGivesWay() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c ->
                    c.waited("w").compareTo(MINUTE) >= 0
                        ? PhaseOutcome.advance()
                        : PhaseOutcome.await("w", Duration.ofSeconds(20), "Waits")));
    MigrationRunner other = bench.start();
    // Both read the statuses, then one after the other acts on what it read.
    StaleStore stale = new StaleStore(bench.store);
    bench.store = stale;
    MigrationRunner reader = bench.start();
    for (int i = 0; i < 50; i++) {
      stale.freeze();
      other.turn(bench.plan);
      reader.turn(bench.plan);
      bench.clock.advance(Duration.ofSeconds(5));
    }

    assertThat(bench.status().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.events(MigrationEvent.SaveRefused.class)).isNotEmpty();
    assertThat(bench.events(MigrationEvent.Started.class)).hasSize(1);
    assertThat(bench.events(MigrationEvent.Ended.class)).hasSize(1);
  }

  /** Answers a load with what was there when it was frozen. */
  private static final class StaleStore implements StatusStore {
    private final StatusStore store;
    private List<VmStatus> frozen = List.of();

    StaleStore(StatusStore store) {
      this.store = store;
    }

    void freeze() {
      frozen = store.load("p");
    }

    @Override
    public List<VmStatus> load(String plan) {
      return frozen;
    }

    @Override
    public boolean save(VmStatus status) {
      return store.save(status);
    }
  }
}
