package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same in many orders of the controllers, with a cancel at any instant, and with two hosts. */
final class SeedTest {

  private static final List<String> STRATEGIES =
      List.of("Always", "Manual", "Once", "RerunOnFailure", "running");

  static IntStream seeds() {
    return IntStream.rangeClosed(1, Integer.getInteger("migrator.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aCancelAtAnyInstantEitherUndoesEverythingOrComesTooLate(int seed) {
    Random random = new Random(seed);
    String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
    try (MigrationRig rig = new MigrationRig(builder -> builder.seed(seed))) {
      rig.sample = MoveTest.full().strategy(strategy);
      rig.booted();
      String was = rig.strategy(Side.SOURCE);
      var when = rig.clock.instant().plus(Duration.ofMillis(random.nextInt(40_000)));
      rig.runUntil(
          "the instant", status -> status.state().isFinal() || rig.clock.instant().isAfter(when));
      rig.cancel();

      VmStatus end = rig.run();

      if (end.isHandedOver()) {
        MoveTest.assertMoved(rig, end, strategy.equals("running") ? "Always" : strategy);
      } else {
        RollBackTest.assertUndone(rig, end, VmState.CANCELLED, was);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whateverBreaksWhereverTheGuestRunsOnceAndIsFoundByTheStatus(int seed) {
    Random random = new Random(1000L + seed);
    String strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
    try (MigrationRig rig = new MigrationRig(builder -> builder.seed(seed))) {
      rig.sample = MoveTest.full().strategy(strategy);
      rig.booted();
      var when = rig.clock.instant().plus(Duration.ofMillis(random.nextInt(40_000)));
      rig.runUntil(
          "the instant", status -> status.state().isFinal() || rig.clock.instant().isAfter(when));
      breakSomething(rig, random.nextInt(7));

      VmStatus end = rig.run();
      rig.world.cutLink(false);
      rig.idle(Duration.ofMinutes(10));

      assertThat(rig.simulator.oracles().violations()).as(rig::describe).isEmpty();
      assertThat(end.state()).as(rig::describe).isIn(VmState.SUCCEEDED, VmState.FAILED);
      assertThat(rig.running())
          .as(rig::describe)
          .isSubsetOf(List.of(end.state() == VmState.SUCCEEDED ? Side.TARGET : Side.SOURCE));
    }
  }

  @Test
  void ofTwoHostsOneMovesTheMachineAndNothingIsMadeTwice() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      MigrationRunner other =
          MigrationRunner.builder()
              .registry(MigratorRegistry.of(new KubeVirtProvider(WatchedView::open)))
              .store(rig.store)
              .clock(rig.clock)
              .connection("a", KubernetesClient.class, rig.clusters.client(Side.SOURCE))
              .connection("b", KubernetesClient.class, rig.clusters.client(Side.TARGET))
              .build();

      rig.runUntil(
          "the end",
          status -> {
            if (!status.state().isFinal()) {
              other.turn(rig.plan);
            }
            return rig.status().state().isFinal();
          });

      MoveTest.assertMoved(rig, rig.status(), "Always");
      other.close();
    }
  }

  private static void breakSomething(MigrationRig rig, int what) {
    var source = rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME);
    var target = rig.simulator.guest(Side.TARGET, MigrationRig.NAMESPACE, MigrationRig.NAME);
    switch (what) {
      case 0 -> rig.world.source().hold(Switch.FAIL_SOURCE);
      case 1 -> rig.world.cutLink(true);
      case 2 -> rig.world.source().restartSync();
      case 3 -> rig.world.target().restartSync();
      case 4 -> rig.deleteHalf(Side.TARGET);
      case 5 -> rig.deleteHalf(Side.SOURCE);
      default -> {
        if (source.phase().equals("Running") && !rig.status().isHandedOver()) {
          target.killPods();
        }
      }
    }
  }
}
