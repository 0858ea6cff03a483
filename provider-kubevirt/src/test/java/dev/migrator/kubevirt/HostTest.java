package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hosts and people do meanwhile. */
final class HostTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 10, 12, 14, 16, 18, 20})
  void aStatusOfTheSaveBeforeLastIsEnough(int lost) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full().strategy("RerunOnFailure");
      rig.booted();
      rig.store.forgetAt = lost;

      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");
    }
  }

  @Test
  void aPersonsRunStrategyIsNotOverwrittenByARollBack() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample.strategy("RerunOnFailure");
      rig.booted();
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.setStrategy(Side.SOURCE, "Always");
      rig.world.source().hold(Switch.FAIL_SOURCE);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("somebody changed it"));
    }
  }

  @Test
  void aPersonsRunStrategyAfterTheHandOverAsksForAPerson() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample.strategy("Manual");
      rig.booted();
      rig.world.target().hold(Switch.HOLD_COMPLETE);
      rig.runUntil("hand-over", VmStatus::isHandedOver);
      rig.setStrategy(Side.SOURCE, "Once");

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(end.failure().message()).contains("Set it to Halted");
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Once");
      rig.world.target().release(Switch.HOLD_COMPLETE);
      rig.idle(Duration.ofMinutes(1));
      assertThat(rig.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void aSettingThatIsEditedMidRunHasNoEffect() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("WaitForStateTransfer");
      rig.plan = rig.plan.toBuilder().settings(Map.of("restoreRunStrategy", "Manual")).build();

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void theVolumesStayWhereThePlanSaysSo() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.plan = rig.plan.toBuilder().settings(Map.of("volumes.keepOnRollback", "true")).build();
      rig.world.source().hold(Switch.FAIL_SOURCE);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE))
          .contains("DataVolume/web-root", "DataVolume/web-data")
          .noneMatch(name -> name.startsWith("VirtualMachine/") || name.startsWith("Secret/"));
      rig.again();
      rig.world.source().release(Switch.FAIL_SOURCE);
      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void theTargetsStrategyIsRepairedWhereKubeVirtForgetsIt() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      rig.edit(
          Side.TARGET, vm -> vm.getMetadata().getAnnotations().remove(VmView.RESTORE_RUN_STRATEGY));

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void aPodThatNeverStartsIsReportedInTheSchedulersWords() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.POD_UNSCHEDULABLE);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("Unschedulable");
    }
  }

  @Test
  void aCancelBeforeTheStartWritesNothing() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.cancel();

      VmStatus end = rig.run();

      assertThat(end.state()).isEqualTo(VmState.CANCELLED);
      assertThat(rig.clusters.requests(Side.TARGET).writes()).isEmpty();
      assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
    }
  }

  @Test
  void nobodyAsksTheServersWhileItWaits() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      var until = rig.clock.instant().plus(Duration.ofSeconds(20));
      rig.runUntil("settled", status -> rig.clock.instant().isAfter(until));
      int before = requests(rig);
      var later = rig.clock.instant().plus(Duration.ofMinutes(30));
      rig.runUntil("half an hour", status -> rig.clock.instant().isAfter(later));

      assertThat(requests(rig)).isEqualTo(before);
    }
  }

  private static int requests(MigrationRig rig) {
    return rig.clusters.requests(Side.SOURCE).all().size()
        + rig.clusters.requests(Side.TARGET).all().size();
  }
}
