package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A plan that is executed again. */
class RunsTest {

  private static final ObjectRef DISK =
      new ObjectRef(Side.TARGET, "v1", "PersistentVolumeClaim", "demo", "disk", "u");

  private final AtomicReference<PhaseOutcome> outcome =
      new AtomicReference<>(PhaseOutcome.advance());
  private final List<String> runs = new ArrayList<>();
  private final Bench bench =
      new Bench(
          ScriptedMigrator.doing(
              c -> {
                runs.add(c.plan().run() + "/" + c.status().run());
                return outcome.get();
              }));

  private void nextRun() {
    bench.plan = bench.plan.toBuilder().run("2").build();
  }

  @Test
  void aNewRunStartsFromTheBeginning() {
    outcome.set(PhaseOutcome.fail("C", "m").with(Notes.none().fact("k", "old")));
    assertThat(bench.finish().state()).isEqualTo(VmState.FAILED);

    outcome.set(PhaseOutcome.advance());
    nextRun();
    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(status.run()).isEqualTo("2");
    assertThat(status.fact("k")).as("facts belong to their run").isEmpty();
    assertThat(runs).containsExactly("1/1", "2/2");
    assertThat(bench.migrator.calls).as("the old run's migrator is closed").contains("close");
  }

  @Test
  void whatAnEarlierRunFailedToRemoveIsNotForgotten() {
    outcome.set(PhaseOutcome.preserve("C", "m").with(Notes.none().created(DISK)));
    assertThat(bench.finish().state()).isEqualTo(VmState.NEEDS_ATTENTION);

    outcome.set(PhaseOutcome.fail("C", "m"));
    bench.migrator.complete =
        (context, completion) -> {
          assertThat(context.status().ledger()).containsExactly(DISK);
          return PhaseOutcome.advance(Notes.none().removed(context.status().ledger()));
        };
    nextRun();
    VmStatus status = bench.finish();

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.ledger()).isEmpty();
  }

  @Test
  void whatASuccessMadeIsNoLeftOver() {
    outcome.set(PhaseOutcome.advance(Notes.none().created(DISK)));
    bench.finish();

    outcome.set(PhaseOutcome.fail("C", "m"));
    nextRun();

    assertThat(bench.finish().ledger()).isEmpty();
  }

  @Test
  void anEarlierRunOnItsWayIsFinishedFirst() {
    outcome.set(PhaseOutcome.await("w", Duration.ofMinutes(1), "Waits"));
    bench.turn();
    nextRun();
    bench.clock.advance(Duration.ofMinutes(1));
    bench.turn();
    assertThat(bench.status().run()).isEqualTo("1");

    bench.restart();
    outcome.set(PhaseOutcome.advance());
    VmStatus status = bench.finish();

    assertThat(status.run()).isEqualTo("2");
    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(runs).containsExactly("1/1", "1/1", "1/1", "2/2");
    assertThat(bench.events(MigrationEvent.Ended.class)).hasSize(2);
  }

  @Test
  void aCancelReachesAnEarlierRunOnItsWay() {
    outcome.set(PhaseOutcome.await("w", Duration.ofMinutes(1), "Waits"));
    bench.turn();
    nextRun();
    bench.cancel();

    assertThat(bench.finish().state()).isEqualTo(VmState.CANCELLED);
    assertThat(bench.migrator.calls).contains(Completion.CANCELLED + " vm-0");
    assertThat(bench.status().run()).isEqualTo("2");
  }

  @Test
  void aNewRunDoesNotStartOnAMachineThatMovedAndNeedsAttention() {
    outcome.set(PhaseOutcome.preserve("C", "m").with(Notes.none().withHandOver()));
    bench.finish();
    nextRun();

    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status().run()).isEqualTo("1");
    assertThat(bench.status().state()).isEqualTo(VmState.NEEDS_ATTENTION);

    outcome.set(PhaseOutcome.advance());
    assertThat(bench.runner.retry(bench.plan, Bench.VM)).isTrue();
    bench.turn();
    assertThat(runs).endsWith("1/1");
  }
}
