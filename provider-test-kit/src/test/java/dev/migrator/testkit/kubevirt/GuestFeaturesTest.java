package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Guests that are not plain: hot-plugged, backed up, paused, busy, with a TPM (contract 2.2, 8).
 */
class GuestFeaturesTest {

  private static Bed hotplugged() {
    Bed bed = new Bed();
    bed.sample.hotplugged("extra", "1Gi");
    bed.simulator.install();
    bed.trust().sample.boot(bed.simulator);
    bed.pass();
    bed.claim("web-d0", "1Gi").claim("web-extra", "1Gi").receiver(vm -> {});
    return bed;
  }

  private static List<Thing> attachments(Bed bed, Side side) {
    return bed.api(side, Kind.POD).list().getItems().stream()
        .map(Thing::of)
        .filter(pod -> pod.label("kubevirt.io").equals("hotplug-disk"))
        .toList();
  }

  @Test
  void aHotPluggedVolumeMovesThroughAPodOfItsOwnOnBothSides() {
    try (Bed bed = hotplugged()) {
      assertThat(attachments(bed, Side.SOURCE)).hasSize(1);
      assertThat(bed.guest(Side.SOURCE).podPhases()).containsExactly("Running");
      assertThat(plugged(bed, Side.SOURCE)).containsKey("attachPodUID");
      bed.go().pass();

      Thing attachment = attachments(bed, Side.TARGET).get(0);
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.state(Side.TARGET, "targetState.attachmentPodUID"))
          .isEqualTo(attachment.uid());
      assertThat(plugged(bed, Side.TARGET)).containsEntry("attachPodName", attachment.name());
      assertThat(attachments(bed, Side.SOURCE)).isEmpty();
    }
  }

  private static Map<String, Object> plugged(Bed bed, Side side) {
    return Json.map(
        Json.find(bed.vmiOf(side).maps("status.volumeStatus"), "name", "extra")
            .get("hotplugVolume"));
  }

  @Test
  void withoutItsAttachmentTheTargetStaysPending() {
    try (Bed bed = hotplugged()) {
      bed.delete(Side.TARGET, Kind.CLAIM, "web-extra");
      bed.go().pass(Duration.ofSeconds(30));
      assertThat(bed.half(Side.TARGET)).isEqualTo("Pending");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Scheduling");
      bed.claim("web-extra", "1Gi").pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void anAttachmentThatGoesDownFailsTheHalf() {
    try (Bed bed = hotplugged()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.delete(Side.TARGET, Kind.POD, attachments(bed, Side.TARGET).get(0).name());
      bed.pass();
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.events(Side.TARGET, "FailedMigration"))
          .anyMatch(text -> text.contains("attachment pod"));
    }
  }

  @Test
  void aBackupHoldsBothHalvesBack() {
    try (Bed bed = new Bed().prepared()) {
      backup(bed, false);
      bed.go().pass(Duration.ofMinutes(20));
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Pending");
      assertThat(bed.halfCondition(Side.SOURCE, "migrationBlockedByBackup")).contains("nightly");
      assertThat(bed.half(Side.TARGET)).isEqualTo("WaitingForSync");
      backup(bed, true);
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  private static void backup(Bed bed, boolean completed) {
    bed.edit(
        Side.SOURCE,
        Kind.VMI,
        Bed.VM,
        vmi ->
            vmi.set(
                "status.changedBlockTracking.backupStatus",
                Json.object("backupName", "nightly", "completed", completed)));
  }

  @Test
  void utilityVolumesFailTheHalfAfterTheirTimeout() {
    try (Bed bed = new Bed().prepared()) {
      utilityVolume(bed);
      bed.go().pass(Duration.ofSeconds(100));
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Pending");
      assertThat(bed.halfCondition(Side.SOURCE, "migrationBlockedByUtilityVolumes"))
          .contains("150 seconds");
      bed.pass(Duration.ofSeconds(100));
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).as("nobody tells it").isEqualTo("WaitingForSync");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void olderKubeVirtKnowsNoUtilityVolumes() {
    try (Bed bed = new Bed(Steps.both(KubeVirtVersion.V1_7))) {
      bed.prepared();
      utilityVolume(bed);
      bed.go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  private static void utilityVolume(Bed bed) {
    bed.edit(
        Side.SOURCE,
        Kind.VMI,
        Bed.VM,
        vmi -> vmi.set("spec.utilityVolumes", List.of(Json.object("name", "dump"))));
  }

  @Test
  void aPausedGuestIsNotReadyAndArrivesPaused() {
    try (Bed bed = new Bed().prepared()) {
      bed.guest(Side.SOURCE).pause();
      bed.simulator.settle();
      assertThat(bed.printable(Side.SOURCE)).isEqualTo("Paused");
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
      bed.go().pass();
      assertThat(Conditions.reason(bed.vmiOf(Side.TARGET), "Paused")).isEqualTo("PausedByUser");
      assertThat(bed.ready(Side.TARGET)).isEqualTo("False");
      bed.guest(Side.TARGET).unpause();
      bed.simulator.settle();
      assertThat(bed.ready(Side.TARGET)).isEqualTo("True");
    }
  }

  private static Bed busy(String allowed) {
    Bed bed = new Bed();
    bed.world.source().dirtyRate(Bed.SCOPE, 1L << 40);
    bed.simulator.install();
    Steps.configure(
        bed,
        Side.TARGET,
        "spec.configuration.migrations",
        Json.object(allowed, true, "completionTimeoutPerGiB", 20));
    bed.pass();
    bed.trust().booted("Always").go();
    return bed;
  }

  @Test
  void aBusyGuestMovesByPostCopyWhereTheTargetAllowsIt() {
    try (Bed bed = busy("allowPostCopy")) {
      bed.simulator.runUntil("post-copy", () -> bed.state(Side.SOURCE, "mode").equals("PostCopy"));
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void aBusyGuestIsPausedForItsMoveWhereTheTargetAllowsThat() {
    try (Bed bed = busy("allowWorkloadDisruption")) {
      bed.simulator.runUntil("pause", () -> bed.state(Side.SOURCE, "mode").equals("Paused"));
      assertThat(Conditions.reason(bed.vmiOf(Side.SOURCE), "Paused"))
          .isEqualTo("PausedByMigrationMonitor");
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.ready(Side.TARGET)).isEqualTo("True");
    }
  }

  @Test
  void aCopyThatFailsGivesThePausedGuestBack() {
    try (Bed bed = busy("allowWorkloadDisruption")) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.simulator.runUntil("pause", () -> bed.state(Side.SOURCE, "mode").equals("Paused"));
      bed.world.source().hold(Switch.FAIL_SOURCE);
      bed.pass();
      assertThat(bed.state(Side.SOURCE, "failed")).isEqualTo("true");
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("True");
    }
  }

  @Test
  void theStateOfATpmIsLostWhereBothItsClaimsAreShared() {
    try (Bed bed = new Bed()) {
      for (var cluster : List.of(bed.world.source(), bed.world.target())) {
        cluster.storage(
            StorageKind.immediate("shared").modes("Filesystem", "ReadWriteMany").asDefault());
      }
      bed.sample.tpm();
      bed.prepared().go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).anyMatch(text -> text.contains("TPM state"));
    }
  }

  @Test
  void theStateOfATpmIsCopiedFromAClaimOfOneNode() {
    try (Bed bed = new Bed()) {
      bed.sample.tpm();
      bed.prepared().go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }
}
