package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.SampleVm;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole move, where nothing goes wrong. */
final class MoveTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void movesARunningMachine(boolean direct) {
    try (MigrationRig rig = new MigrationRig()) {
      if (direct) {
        rig.direct();
      }
      rig.booted();

      VmStatus end = rig.run();

      assertMoved(rig, end, "Always");
      assertThat(end.warnings()).noneMatch(warning -> warning.contains("The guest sees"));
      assertThat(end.ledger())
          .extracting(entry -> entry.kind() + "/" + entry.name())
          .containsExactlyInAnyOrder("PersistentVolumeClaim/web-d0", "VirtualMachine/web");
    }
  }

  @ParameterizedTest
  @CsvSource({"Always", "Manual", "Once", "RerunOnFailure", "running"})
  void haltsTheSourceWhateverItsRunStrategy(String strategy) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample.strategy(strategy);
      rig.booted();

      VmStatus end = rig.run();

      assertMoved(rig, end, strategy.equals("running") ? "Always" : strategy);
      assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, MigrationRig.NAME)).isEmpty();
    }
  }

  @Test
  void movesAMachineWithoutADiskThatStays() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME);
      rig.booted();

      assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void takesAlongWhatTheMachineRefersTo() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = full();
      rig.booted();

      VmStatus end = rig.run();

      assertMoved(rig, end, "Always");
      assertThat(end.ledger())
          .extracting(entry -> entry.kind() + "/" + entry.name())
          .containsExactlyInAnyOrder(
              "Secret/user-data",
              "ConfigMap/settings",
              "DataVolume/web-root",
              "DataVolume/web-data",
              "VirtualMachine/web");
    }
  }

  @Test
  void aClaimIsGoneOnWithAsSoonAsItIsBound() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.booted();
      rig.runToPhase("CreateEmptyDataVolumes");
      Instant made = rig.clock.instant();

      rig.runToPhase("CreateStandbyVM");

      assertThat(Duration.between(made, rig.clock.instant()))
          .isLessThanOrEqualTo(rig.world.target().timing().claimBound());
    }
  }

  @Test
  void movesToAnotherNameAndNamespace() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.booted();
      rig.clusters.createNamespace("other");
      VmRef target = new VmRef("other", "renamed");
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).to(target));

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      assertThat(rig.simulator.guest(Side.TARGET, "other", "renamed").isReady()).isTrue();
      assertThat(rig.running()).containsExactly(Side.TARGET);
    }
  }

  static SampleVm full() {
    return SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME)
        .dataVolume("root", "1Gi")
        .dataVolume("data", "2Gi")
        .cloudInit("user-data", "#cloud-config")
        .configMap("settings", "text");
  }

  static void assertMoved(MigrationRig rig, VmStatus end, String strategy) {
    assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.running()).containsExactly(Side.TARGET);
    assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
    assertThat(rig.strategy(Side.TARGET)).isEqualTo(strategy);
    assertThat(rig.simulator.oracles().violations()).isEmpty();
    assertThat(rig.simulator.oracles().objects(Side.SOURCE, MigrationRig.NAMESPACE))
        .noneMatch(name -> name.startsWith("VirtualMachineInstance/"))
        .noneMatch(name -> name.startsWith("VirtualMachineInstanceMigration/"));
    assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE))
        .noneMatch(name -> name.startsWith("VirtualMachineInstanceMigration/"));
  }
}
