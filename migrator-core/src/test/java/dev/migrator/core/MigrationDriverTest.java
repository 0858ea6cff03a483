package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MigrationDriverTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private static PhaseOutcome waits() {
    return PhaseOutcome.await("w", HOUR, "Waits");
  }

  @Test
  void runsAPlanToItsEndOnAManualClock() throws Exception {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> c.waited("w").compareTo(HOUR) >= 0 ? PhaseOutcome.advance() : waits()));
    bench.plan = Bench.plan(3);
    MigrationDriver driver = new MigrationDriver(bench.runner, bench.clock::advanceTo);

    List<VmStatus> statuses = driver.run(bench.plan);

    assertThat(statuses)
        .extracting(status -> status.vm().name())
        .containsExactly("vm-0", "vm-1", "vm-2");
    assertThat(statuses).allMatch(status -> status.state() == VmState.SUCCEEDED);
    assertThat(bench.clock.instant()).isEqualTo(ManualClock.START.plus(HOUR));
  }

  /** A real clock: the driver really sleeps, for an hour if nobody wakes it. */
  private static Bench real(ScriptedMigrator migrator) {
    return new Bench(migrator, builder -> builder.clock(java.time.Clock.systemUTC()));
  }

  @Test
  void isWokenByTheMigrator() throws Exception {
    AtomicBoolean ready = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    Bench bench =
        real(
            ScriptedMigrator.doing(
                c -> {
                  if (ready.get()) {
                    return PhaseOutcome.advance();
                  }
                  waiting.countDown();
                  return waits();
                }));
    Future<List<VmStatus>> run =
        pool.submit(() -> new MigrationDriver(bench.runner).run(bench.plan));
    waiting.await();
    ready.set(true);
    bench.migrator.host.wake("q", Bench.VM);
    bench.migrator.host.wake("p", Bench.VM);

    assertThat(run.get(30, TimeUnit.SECONDS).get(0).state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void sleepsUntilAMachineIsDue() throws Exception {
    Bench bench =
        real(
            ScriptedMigrator.doing(
                c ->
                    c.waited("w").compareTo(Duration.ofMillis(30)) >= 0
                        ? PhaseOutcome.advance()
                        : PhaseOutcome.await("w", Duration.ofMillis(30), "Waits")));

    assertThat(new MigrationDriver(bench.runner).run(bench.plan).get(0).state())
        .isEqualTo(VmState.SUCCEEDED);
  }

  private static ScriptedMigrator waitsAndTells(CountDownLatch waiting) {
    return ScriptedMigrator.doing(
        c -> {
          waiting.countDown();
          return waits();
        });
  }

  @Test
  void seesACancelBecauseItAsksForThePlanBeforeEveryTurn() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    Bench bench = real(waitsAndTells(waiting));
    AtomicReference<MigrationPlan> plan = new AtomicReference<>(bench.plan);
    Future<List<VmStatus>> run =
        pool.submit(() -> new MigrationDriver(bench.runner).run(plan::get));
    waiting.await();
    plan.set(bench.plan.cancel(List.of(Bench.VM)));
    bench.runner.wake("p", Bench.VM);

    assertThat(run.get(30, TimeUnit.SECONDS).get(0).state()).isEqualTo(VmState.CANCELLED);
  }

  @Test
  void anInterruptEndsItAndNothingIsLost() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    Bench bench = real(waitsAndTells(waiting));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                new MigrationDriver(bench.runner).run(bench.plan);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    thread.start();
    waiting.await();
    thread.interrupt();
    thread.join(30_000);

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(bench.status().state()).isEqualTo(VmState.RUNNING);
  }

  @Test
  void anInterruptOfAnActionEndsItToo() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  throw new InterruptedException();
                }));
    MigrationDriver driver = new MigrationDriver(bench.runner, bench.clock::advanceTo);

    assertThatThrownBy(() -> driver.run(bench.plan)).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).as("the flag became the exception").isFalse();
  }
}
