package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.VmScheduler.Line;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VmSchedulerTest {

  private static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");
  private static final Line A = new Line("a", "east", "west");
  private static final Line B = new Line("b", "east", "north");

  @Property
  void neverMoreThanTheLimitsAreOnTheirWay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int perSource,
      @ForAll @IntRange(min = 1, max = 5) int perTarget) {
    Random random = new Random(seed);
    VmScheduler scheduler = new VmScheduler(new Limits(perSource, perTarget));
    List<Line> lines =
        List.of(A, B, new Line("c", "south", "west"), new Line("d", "south", "north"));
    List<Line> taken = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(3) > 0) {
        Line line = lines.get(random.nextInt(lines.size()));
        if (scheduler.tryTake(line, NOON.plusSeconds(i))) {
          taken.add(line);
        }
      } else if (!taken.isEmpty()) {
        scheduler.release(taken.remove(random.nextInt(taken.size())));
      }
      counts.clear();
      taken.forEach(line -> counts.merge("from " + line.source(), 1, Integer::sum));
      taken.forEach(line -> counts.merge("to " + line.target(), 1, Integer::sum));
      counts.forEach(
          (end, count) ->
              assertThat(count)
                  .as(end)
                  .isLessThanOrEqualTo(end.startsWith("from") ? perSource : perTarget));
    }
  }

  @Property
  void whoeverIsNamedNextMayTakeThePlace(@ForAll long seed) {
    Random random = new Random(seed);
    VmScheduler scheduler = new VmScheduler(Limits.of(3));
    List<Line> lines =
        List.of(A, B, new Line("c", "south", "west"), new Line("d", "south", "north"));
    List<Line> taken = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Instant now = NOON.plusSeconds(i);
      if (random.nextInt(3) > 0) {
        Line line = lines.get(random.nextInt(lines.size()));
        if (scheduler.tryTake(line, now)) {
          taken.add(line);
        }
      } else if (!taken.isEmpty()) {
        scheduler.release(taken.remove(random.nextInt(taken.size())));
      }
      Optional<String> next = scheduler.next(now);
      if (next.isPresent()) {
        Line line = lines.stream().filter(l -> l.plan().equals(next.get())).findFirst().get();
        assertThat(scheduler.tryTake(line, now)).as("%s at %s", next, i).isTrue();
        taken.add(line);
      }
    }
  }

  @Test
  void aPlanThatHoldsMoreGivesWayToOneThatWaits() {
    VmScheduler scheduler = new VmScheduler(Limits.of(2));
    assertThat(scheduler.tryTake(A, NOON)).isTrue();
    assertThat(scheduler.tryTake(A, NOON)).isTrue();
    assertThat(scheduler.tryTake(B, NOON)).isFalse();

    scheduler.release(A);

    assertThat(scheduler.next(NOON)).contains("b");
    assertThat(scheduler.tryTake(A, NOON)).isFalse();
    assertThat(scheduler.tryTake(B, NOON)).isTrue();
  }

  @Test
  void aPlanWhoseHostWentAwayBlocksNobodyForLong() {
    VmScheduler scheduler = new VmScheduler(Limits.of(2));
    scheduler.tryTake(A, NOON);
    scheduler.tryTake(A, NOON);
    scheduler.tryTake(B, NOON);
    scheduler.release(A);

    Instant later = NOON.plus(VmScheduler.PATIENCE);
    assertThat(scheduler.next(later)).isEmpty();
    assertThat(scheduler.tryTake(A, later)).isTrue();
  }

  @Test
  void ofEqualPlansTheOneThatWaitedLongestIsNext() {
    VmScheduler scheduler = new VmScheduler(Limits.of(1));
    Line other = new Line("c", "east", "north");
    scheduler.tryTake(A, NOON);
    scheduler.tryTake(other, NOON);
    scheduler.tryTake(B, NOON.plusSeconds(1));
    scheduler.tryTake(other, NOON.plusSeconds(2));
    scheduler.release(A);

    assertThat(scheduler.next(NOON.plusSeconds(3))).contains("c");
    scheduler.keep("c", java.util.Set.of());
    assertThat(scheduler.next(NOON.plusSeconds(3))).contains("b");
  }

  @Test
  void machinesFoundOnTheirWayAreCountedAndNeverRefused() {
    VmScheduler scheduler = new VmScheduler(Limits.of(1));
    scheduler.take(A);
    scheduler.take(A);

    assertThat(scheduler.tryTake(A, NOON)).isFalse();
    scheduler.release(A);
    assertThat(scheduler.tryTake(A, NOON)).isFalse();
    scheduler.release(A);
    assertThat(scheduler.tryTake(A, NOON)).isTrue();
  }

  /** A phase that takes five minutes. */
  private static PhaseOutcome fiveMinutes(dev.migrator.spi.PhaseContext context) {
    Duration left = Duration.ofMinutes(5).minus(context.waited("copy"));
    return left.isZero() || left.isNegative()
        ? PhaseOutcome.advance()
        : PhaseOutcome.await("copy", left, "Copies");
  }

  private static long inFlight(Bench bench, String plan) {
    return bench.store.load(plan).stream().filter(status -> status.state().isInFlight()).count();
  }

  @Test
  void twoHundredMachinesWithALimitOfTwentyMoveTwentyAtATimeInThePlansOrder() {
    Bench bench = new Bench(ScriptedMigrator.doing(VmSchedulerTest::fiveMinutes));
    bench.plan = Bench.plan(200);
    long most = 0;
    for (Optional<Instant> next = bench.turn(); next.isPresent(); next = bench.turn()) {
      most = Math.max(most, inFlight(bench, "p"));
      bench.clock.advanceTo(next.get());
      if (bench.clock.instant().getEpochSecond() % 7 == 0) {
        bench.restart();
      }
    }

    assertThat(most).isEqualTo(20);
    assertThat(bench.statuses()).hasSize(200).allMatch(s -> s.state() == VmState.SUCCEEDED);
    assertThat(bench.clock.instant())
        .as("ten waves of five minutes")
        .isEqualTo(ManualClock.START.plus(Duration.ofMinutes(50)));
    assertThat(bench.events(MigrationEvent.Started.class))
        .extracting(started -> started.vm().name())
        .isSortedAccordingTo(Comparator.comparingInt(name -> Integer.parseInt(name.substring(3))));
  }

  @Test
  void afterARestartThoseOnTheirWayAreCountedBeforeAnybodyStarts() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(VmSchedulerTest::fiveMinutes),
            builder -> builder.limits(Limits.of(1)));
    MigrationPlan all = Bench.plan(2);
    bench.plan = all.toBuilder().cancelled(List.of()).build();
    MigrationPlan.Builder later =
        MigrationPlan.builder("p", all.source(), all.target()).type("live").vm("demo", "vm-1");
    bench.runner.turn(later.build());
    bench.restart();

    bench.runner.turn(all);

    assertThat(bench.statuses())
        .as("vm-0, the plan's first, is not started beside vm-1")
        .hasSize(1);
  }

  @Test
  void theLimitHoldsOverAllPlansAndAFreedPlaceWakesTheOtherPlansHost() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(VmSchedulerTest::fiveMinutes),
            builder -> builder.limits(Limits.of(3)));
    MigrationPlan first = Bench.plan(6);
    MigrationPlan second =
        MigrationPlan.builder("q", Endpoint.of("x", "north"), Endpoint.of("x", "west"))
            .type("live")
            .vm("demo", "q-0")
            .vm("demo", "q-1")
            .build();
    bench.runner.turn(first);
    bench.runner.turn(second);
    assertThat(inFlight(bench, "p")).isEqualTo(3);
    assertThat(bench.store.load("q")).as("nothing was written for those that wait").isEmpty();

    bench.clock.advance(Duration.ofMinutes(4));
    bench.runner.turn(second);
    bench.clock.advance(Duration.ofMinutes(1));
    bench.wakes.clear();
    bench.runner.turn(first);

    assertThat(bench.wakes).contains("q");
    bench.runner.turn(second);
    assertThat(inFlight(bench, "q")).isPositive();
    assertThat(inFlight(bench, "p") + inFlight(bench, "q")).isLessThanOrEqualTo(3);

    for (int i = 0; i < 20; i++) {
      bench.clock.advance(Duration.ofMinutes(1));
      bench.runner.turn(first);
      bench.runner.turn(second);
      assertThat(inFlight(bench, "p") + inFlight(bench, "q")).isLessThanOrEqualTo(3);
    }
    List<VmStatus> all = new ArrayList<>(bench.store.load("p"));
    all.addAll(bench.store.load("q"));
    assertThat(all).hasSize(8).allMatch(status -> status.state() == VmState.SUCCEEDED);
  }
}
