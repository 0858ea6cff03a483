package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import org.junit.jupiter.api.Test;

/** The whole move on embedded clusters with the simulator. */
final class MoveTest {

  @Test
  void movesARunningMachine() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      assertThat(rig.running()).containsExactly(Side.TARGET);
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(rig.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }
}
