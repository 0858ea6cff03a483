package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Moves that do not happen: everything is as before, or the source is brought back. */
final class RollBackTest {

  @ParameterizedTest
  @CsvSource({"Always", "Manual", "Once", "RerunOnFailure", "running"})
  void aFailedCopyLeavesTheSourceAsItWas(String strategy) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full().strategy(strategy);
      rig.booted();
      Set<String> before = rig.simulator.oracles().objects(Side.SOURCE, MigrationRig.NAMESPACE);
      String was = rig.strategy(Side.SOURCE);
      rig.world.source().hold(Switch.FAIL_SOURCE);

      VmStatus end = rig.run();

      assertUndone(rig, end, VmState.FAILED, was);
      assertThat(rig.simulator.oracles().objects(Side.SOURCE, MigrationRig.NAMESPACE))
          .isEqualTo(before);
    }
  }

  static Stream<String> phasesBeforeTheHandOver() {
    return Stream.of(
        "Started",
        "EnsureResources",
        "CreateEmptyDataVolumes",
        "CreateStandbyVM",
        "CreateVirtualMachineInstanceMigrations",
        "WaitForStateTransfer");
  }

  @ParameterizedTest
  @MethodSource("phasesBeforeTheHandOver")
  void aCancelInAnyPhaseUndoesEverything(String phase) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.stopAtPhase(phase);
      rig.cancel();

      VmStatus end = rig.run();

      assertUndone(rig, end, VmState.CANCELLED, "Always");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SOURCE, HOLD_START, TargetReady",
    "TARGET, POD_PENDING, Scheduling",
    "TARGET, TARGET_NOT_READY, PreparingTarget",
    "TARGET, HOLD_RUNNING, Running"
  })
  void aCancelWhileTheHalvesAreHeldUndoesEverything(Side side, Switch held, String phase) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.world.side(side).hold(held);
      rig.runUntil("send half " + phase, status -> rig.half(Side.SOURCE).equals(phase));
      rig.cancel();

      VmStatus end = rig.run();

      assertUndone(rig, end, VmState.CANCELLED, "Always");
    }
  }

  @Test
  void aWrongAddressFailsAtTheDeadlineInKubeVirtsWords() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.booted();
      rig.plan =
          rig.plan.toBuilder().settings(java.util.Map.of("connectUrl", "10.9.9.9:9185")).build();

      VmStatus end = rig.run();

      assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("no route to host");
    }
  }

  static void assertUndone(MigrationRig rig, VmStatus end, VmState state, String strategy) {
    assertThat(end.state()).as(rig::describe).isEqualTo(state);
    assertThat(end.ledger()).isEmpty();
    assertThat(rig.running()).containsExactly(Side.SOURCE);
    assertThat(rig.strategy(Side.SOURCE)).isEqualTo(strategy);
    assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
    assertThat(rig.half(Side.SOURCE)).isEqualTo("gone");
    assertThat(rig.simulator.oracles().violations()).isEmpty();
    assertThat(Optional.ofNullable(end.handedOver())).isEmpty();
  }
}
