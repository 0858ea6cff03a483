package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.spi.HookStage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HookWatchTest {

  private final HookFixture bench =
      new HookFixture(HookFixture.plan(HookStage.PRE, HookFixture.hook(OnFailure.ABORT)));

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  @DisplayName("A hook of 40 minutes delays nobody, and is hardly asked about while it is watched")
  void aLongHookDelaysNobody() {
    bench.plan = bench.plan.toBuilder().vm(PlannedVm.of(HookFixture.PLAIN)).build();
    bench.hooks.watch(bench.runner::wake);
    bench.turn();
    assertThat(bench.status(HookFixture.PLAIN).state()).isEqualTo(VmState.SUCCEEDED);
    bench.startJobs();
    bench.turn();
    Instant began = bench.clock.instant();
    bench.clusters.requests(Side.SOURCE).clear();

    while (bench.clock.instant().isBefore(began.plus(Duration.ofMinutes(40)))) {
      bench.clock.advanceTo(bench.turn().orElseThrow());
    }

    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.RUNNING);
    assertThat(bench.clusters.requests(Side.SOURCE).counts())
        .as(
            "one look for the last words, then one each 5 minutes until the 40th, in case the watch is deaf")
        .isEqualTo(Map.of("GET jobs", 8));
    bench.asked.set(false);
    bench.complete();
    assertThat(bench.asked).as("the watch woke the host").isTrue();
    assertThat(bench.turn()).isEmpty();
    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(bench.startedUids).hasSize(1);
  }

  @Test
  void whatIsStartedAgainIsFoundByItsWatchAtOnce() {
    bench.turn();
    bench.startJobs();
    bench.restart();
    bench.hooks.watch(bench.runner::wake);
    bench.turn();

    bench.complete();

    bench.turn();
    assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aClosedWatchWakesNobody() {
    bench.hooks.watch(bench.runner::wake);
    bench.turn();
    bench.hooks.close();
    bench.asked.set(false);

    bench.startJobs();

    assertThat(bench.asked).isFalse();
  }
}
