package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.world.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
