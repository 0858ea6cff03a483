package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** As {@link HeadToHeadTest}: what of one machine must arrive, and what must stop it. */
final class HeadToHeadVmTest {

  @Test
  void aMachineThatSaysRunningTrueIsRestoredAndItsSourceHalted() {
    Scenarios.play("halt_running");
  }

  @Test
  void aVolumeIsAsLargeAsItsClaimIsAndNotAsOnceRequested() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME).dataVolume("d0", "10Gi");
      rig.booted();
      rig.clusters
          .actorClient(Side.SOURCE)
          .persistentVolumeClaims()
          .inNamespace(MigrationRig.NAMESPACE)
          .withName("web-d0")
          .edit(
              claim -> {
                claim
                    .getSpec()
                    .getResources()
                    .getRequests()
                    .put("storage", new io.fabric8.kubernetes.api.model.Quantity("20Gi"));
                claim
                    .getStatus()
                    .getCapacity()
                    .put("storage", new io.fabric8.kubernetes.api.model.Quantity("20Gi"));
                return claim;
              });

      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(
              rig.get(Side.TARGET, Kind.DATA_VOLUME, "web-d0")
                  .flatMap(
                      made ->
                          Tree.text(
                              made.getAdditionalProperties(),
                              "spec",
                              "storage",
                              "resources",
                              "requests",
                              "storage")))
          .contains("20Gi");
    }
  }

  @Test
  void aPullSecretKeepsItsType() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample.volume(
          "os",
          Map.of(
              "containerDisk",
              Map.of("image", "registry.invalid/os:1", "imagePullSecret", "pull")));
      rig.clusters.createNamespace(MigrationRig.NAMESPACE);
      GenericKubernetesResource secret = Kind.SECRET.blank(MigrationRig.NAMESPACE, "pull");
      secret.setAdditionalProperty("type", "kubernetes.io/dockerconfigjson");
      secret.setAdditionalProperty("data", Map.of(".dockerconfigjson", "e30="));
      new Cluster(Side.SOURCE, rig.clusters.actorClient(Side.SOURCE)).create(secret);
      rig.booted();

      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(
              rig.get(Side.TARGET, Kind.SECRET, "pull")
                  .flatMap(made -> Tree.text(made.getAdditionalProperties(), "type")))
          .contains("kubernetes.io/dockerconfigjson");
    }
  }

  @Test
  void aMachineWithExplicitAddressesMovesBetweenTwoNamespacesOfOneCluster() {
    try (MigrationRig rig = new MigrationRig(builder -> builder.oneCluster())) {
      rig.oneCluster();
      rig.booted();
      rig.clusters.createNamespace("other");
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).to(new VmRef("other", "web")));
      List<String> before = rig.simulator.oracles().guests().get(0).macs();

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      assertThat(rig.simulator.guest(Side.SOURCE, "other", "web").isReady()).isTrue();
      assertThat(rig.simulator.oracles().guests())
          .singleElement()
          .satisfies(
              guest -> {
                assertThat(guest.namespace()).isEqualTo("other");
                assertThat(guest.macs()).isEqualTo(before);
              });
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void aForeignSecretOfThatNameWithOtherDataIsACollisionBeforeAnythingIsWritten() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "full")).build();
      GenericKubernetesResource secret = Kind.SECRET.blank(MigrationRig.NAMESPACE, "user-data");
      secret.setAdditionalProperty("data", Map.of("userdata", "b3RoZXI="));
      new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET)).create(secret);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().message()).contains("ContentDiffers", "user-data");
      assertThat(rig.clusters.requests(Side.TARGET).writes())
          .noneMatch(
              request -> request.namespace().equals(MigrationRig.NAMESPACE) && !request.dryRun());
    }
  }

  @Test
  void aSourceThatIsEditedBetweenPreparationAndHandOverIsFound() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      rig.edit(
          Side.SOURCE,
          vm ->
              Tree.put(
                  vm.getAdditionalProperties(), "changed", "spec", "template", "spec", "hostname"));

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().code()).isEqualTo("SourceChanged");
    }
  }

  @Test
  void aLabelThatAPersonWroteSurvives() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.edit(
          Side.SOURCE,
          vm -> {
            vm.getMetadata().getLabels().put("plan", "gold");
            Tree.put(
                vm.getAdditionalProperties(),
                "gold",
                "spec",
                "template",
                "metadata",
                "labels",
                "plan");
          });
      rig.idle(java.time.Duration.ofSeconds(5));

      MoveTest.assertMoved(rig, rig.run(), "Always");

      GenericKubernetesResource arrived =
          rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME).orElseThrow();
      assertThat(arrived.getMetadata().getLabels()).containsEntry("plan", "gold");
      assertThat(
              Tree.text(
                  arrived.getAdditionalProperties(),
                  "spec",
                  "template",
                  "metadata",
                  "labels",
                  "plan"))
          .contains("gold");
    }
  }
}
