package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A guest that dies on the source is started again, one that a person stopped is not: whichever of
 * KubeVirt's writes the look at both sides falls between.
 */
final class SourceDeathTest {

  private static final int ROUNDS = Boolean.getBoolean("migrator.exhaustive") ? 12 : 5;

  @ParameterizedTest
  @CsvSource({"Always", "RerunOnFailure", "running"})
  void aGuestThatDiesIsBroughtBackWheneverItIsSeen(String strategy) {
    for (int rounds = 0; rounds < ROUNDS; rounds++) {
      try (MigrationRig rig = copying(strategy)) {
        rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();
        lookAfter(rig, rounds);

        VmStatus end = rig.run();

        String was = strategy.equals("running") ? "running: true" : strategy;
        RollBackTest.assertUndone(rig, end, VmState.FAILED, was);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Always", "RerunOnFailure"})
  void aGuestThatAPersonStoppedStaysStoppedWheneverItIsSeen(String strategy) {
    for (int rounds = 0; rounds < ROUNDS; rounds++) {
      try (MigrationRig rig = copying(strategy)) {
        rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).stop();
        lookAfter(rig, rounds);

        VmStatus end = rig.run();

        assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
        assertThat(rig.strategy(Side.SOURCE))
            .as(rig::describe)
            .isEqualTo(strategy.equals("Always") ? "Halted" : "Manual");
        assertThat(rig.running()).isEmpty();
        assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
      }
    }
  }

  /** One look of the runner after each of so many rounds of the controllers. */
  private static void lookAfter(MigrationRig rig, int rounds) {
    for (int round = 0; round < rounds; round++) {
      rig.simulator.round();
    }
    for (int look = 0; look < 3; look++) {
      rig.runner().wake(rig.plan.id(), MigrationRig.VM);
      rig.runner().turn(rig.plan);
      rig.clock.advance(java.time.Duration.ofSeconds(2));
    }
  }

  private static MigrationRig copying(String strategy) {
    MigrationRig rig = new MigrationRig();
    rig.sample.strategy(strategy);
    rig.booted();
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runUntil(
        "both halves copy",
        status ->
            rig.half(Side.SOURCE).equals("Running") && rig.half(Side.TARGET).equals("Running"));
    return rig;
  }
}
