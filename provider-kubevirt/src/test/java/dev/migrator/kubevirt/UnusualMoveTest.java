package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves under what a namespace, a guest or a cluster may have that a plain one has not. */
final class UnusualMoveTest {

  @Test
  void kubeVirtMayBeInstalledAnywhere() {
    World world = new World();
    world.source().kubevirtNamespace("virtualization");
    world.target().kubevirtNamespace("openshift-cnv");
    try (MigrationRig rig = new MigrationRig(world, builder -> {}).booted()) {
      rig.rights = side -> question -> true; // the shipped roles name one namespace
      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void aHotPluggedVolumeMoves() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample =
          SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME)
              .disk("d0", "1Gi")
              .hotplugged("extra", "1Gi");
      rig.booted();

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  /** A guest that KubeVirt holds for the end of its copy is not Ready, and nobody may give up. */
  @ParameterizedTest
  @ValueSource(strings = {"allowPostCopy", "allowWorkloadDisruption"})
  void aGuestThatNeverSitsStillMovesAsItsTargetAllows(String allowed) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.world.source().dirtyRate("", 1L << 40);
      allow(rig, allowed);
      rig.booted();

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
    }
  }

  private static void allow(MigrationRig rig, String allowed) {
    rig.clusters
        .actorClient(Side.TARGET)
        .genericKubernetesResources(Kind.KUBEVIRT.context())
        .inNamespace("kubevirt")
        .withName("kubevirt")
        .edit(
            found -> {
              Tree.put(
                  found.getAdditionalProperties(),
                  Map.of(allowed, true, "completionTimeoutPerGiB", 100),
                  "spec",
                  "configuration",
                  "migrations");
              return found;
            });
    rig.simulator.settle();
  }

  @Test
  void aGuestThatSomebodyPausesWhileItIsCopiedArrivesPaused() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).pause();
      rig.idle(Duration.ofSeconds(30));
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("paused on the target"));
    }
  }

  @Test
  void aQuotaThatIsUsedUpAfterTheValidationIsNamedAndTheMoveUndone() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.setting("deadline.prepare", "2m");
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      rig.clusters
          .actorClient(Side.TARGET)
          .resourceQuotas()
          .inNamespace(MigrationRig.NAMESPACE)
          .resource(
              new ResourceQuotaBuilder()
                  .withMetadata(new ObjectMetaBuilder().withName("small").build())
                  .withNewSpec()
                  .withHard(Map.of("pods", new Quantity("0")))
                  .endSpec()
                  .build())
          .create();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("migrationRejectedByResourceQuota");
    }
  }
}
