package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole status is lost: what the deterministic names alone recover. */
final class LostStatusTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Started",
        "EnsureResources",
        "CreateEmptyDataVolumes",
        "CreateStandbyVM",
        "CreateVirtualMachineInstanceMigrations",
        "WaitForStateTransfer",
        "HaltSource",
        "VerifyTarget",
        "RemoveMigrations"
      })
  void aLostStatusIsMadeAnew(String phase) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.stopAtPhase(phase);
      rig.loseStatus();

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.migrator.kubevirt.RollBackTest#phasesBeforeTheHandOver")
  void aCancelAfterTheLossUndoesWhatStandsInTheClusters(String phase) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.stopAtPhase(phase);
      rig.loseStatus();
      rig.cancel();

      RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "RerunOnFailure");
    }
  }

  @Test
  void aCancelAfterTheLossEndsACopy() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.loseStatus();
      rig.cancel();

      RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "RerunOnFailure");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HaltSource", "VerifyTarget", "AwaitSourceEnd", "RemoveMigrations"})
  void aCancelAfterTheLossIsTooLateWhenTheGuestHasMoved(String phase) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.stopAtPhase(phase);
      rig.loseStatus();
      rig.cancel();

      CancelTest.assertTooLate(rig, rig.run(), "RerunOnFailure");
    }
  }

  @Test
  void aCancelAfterTheLossFindsTheNamesOfASecondAttempt() {
    try (MigrationRig rig = secondAttempt()) {
      rig.loseStatus();
      rig.cancel();

      RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "RerunOnFailure");
    }
  }

  /** The second attempt copies. */
  static MigrationRig secondAttempt() {
    MigrationRig rig = Shape.FULL.boot();
    Flow.SECOND_ATTEMPT.arrange(rig);
    Flow.SECOND_ATTEMPT.act(rig);
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runUntil(
        "copying again",
        status ->
            status.fact(Facts.ATTEMPT).isPresent() && rig.half(Side.SOURCE).equals("Running"));
    return rig;
  }

  @Test
  void aMachineThatWasNeverStartedIsCancelledWithoutAWrite() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.cancel();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.CANCELLED, "RerunOnFailure");
      assertThat(end.warnings()).isEmpty();
      assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
      assertThat(rig.clusters.requests(Side.TARGET).writes()).isEmpty();
    }
  }

  @Test
  void aMachineThatIsNotThereIsCancelled() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.replaceVm(PlannedVm.of(new VmRef(MigrationRig.NAMESPACE, "other")));
      rig.cancel();

      assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.CANCELLED);
    }
  }

  @Test
  void aRunAfterASuccessThatIsCancelledAtOnceTouchesNothing() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");
      rig.again();
      rig.cancel();
      rig.clusters.requests(Side.SOURCE).clear();
      rig.clusters.requests(Side.TARGET).clear();

      assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.CANCELLED);

      assertThat(rig.running()).containsExactly(Side.TARGET);
      assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
      assertThat(rig.clusters.requests(Side.TARGET).writes()).isEmpty();
    }
  }

  @Test
  void aStatusLostWhileCopyingIsMadeAnew() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full().strategy("RerunOnFailure");
      rig.booted();
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.loseStatus();
      rig.runUntil("taken up", status -> "WaitForStateTransfer".equals(status.phase()));
      rig.world.target().release(Switch.HOLD_RUNNING);

      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");
    }
  }
}
