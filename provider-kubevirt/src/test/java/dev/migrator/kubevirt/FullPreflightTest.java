package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With {@code preflight: full} the target is asked before anything is written to it. */
final class FullPreflightTest {

  @Test
  void aMachineForWhichTheTargetHasEverythingMoves() {
    try (MigrationRig rig = full()) {
      rig.booted();
      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void whatTheTargetLacksRefusesTheMachineAndNothingIsWritten() {
    try (MigrationRig rig = full()) {
      rig.plan = rig.plan.toBuilder().storage(StorageMapping.of("local", "platinum")).build();
      rig.booted();
      VmStatus end = rig.run();
      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message()).contains("StorageClassMissing", "platinum");
      assertThat(rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)).isEmpty();
      assertThat(end.ledger()).isEmpty();
    }
  }

  @Test
  void aNameThatIsTakenIsFoundByTheDryRun() {
    try (MigrationRig rig = full()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.clusters
          .actorClient(Side.TARGET)
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withNamespace(MigrationRig.NAMESPACE)
                  .withName("settings")
                  .endMetadata()
                  .withData(Map.of("other", "content"))
                  .build())
          .create();
      VmStatus end = rig.run();
      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message()).contains("ContentDiffers", "settings");
      assertThat(rig.get(Side.TARGET, Kind.DATA_VOLUME, "web-root")).isEmpty();
      assertThat(rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)).isEmpty();
    }
  }

  private static MigrationRig full() {
    MigrationRig rig = new MigrationRig();
    rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "full")).build();
    return rig;
  }
}
