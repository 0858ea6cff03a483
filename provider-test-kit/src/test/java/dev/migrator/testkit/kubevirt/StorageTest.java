package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Claims, DataVolumes and what migratedVolumes says of them (contract 4.2, S24, S28, S34). */
class StorageTest {

  private static Thing blank(String name, String storageClass) {
    return Thing.create(Kind.DATA_VOLUME, Bed.NAMESPACE, name)
        .set("spec.source", Json.object("blank", Json.object()))
        .set(
            "spec.storage",
            Json.object(
                "storageClassName",
                storageClass,
                "resources",
                Json.object("requests", Json.object("storage", "1Gi"))));
  }

  private static String phase(Bed bed, String name) {
    return bed.get(Side.TARGET, Kind.DATA_VOLUME, name).text("status.phase");
  }

  @Test
  void aBlankDataVolumeGetsAClaimFromTheProfileAndSucceeds() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.create(Side.TARGET, Kind.DATA_VOLUME, blank("x", ""));
      assertThat(phase(bed, "x")).isEqualTo("Pending");
      bed.pass();
      assertThat(phase(bed, "x")).isEqualTo("Succeeded");
      Thing claim = bed.get(Side.TARGET, Kind.CLAIM, "x");
      assertThat(claim.text("spec.storageClassName")).isEqualTo("local");
      assertThat(claim.text("status.phase")).isEqualTo("Bound");
      assertThat(Long.parseLong(claim.text("status.capacity.storage"))).isGreaterThan(1L << 30);
      assertThat(claim.owner("DataVolume"))
          .isEqualTo(bed.get(Side.TARGET, Kind.DATA_VOLUME, "x").uid());
      bed.delete(Side.TARGET, Kind.DATA_VOLUME, "x");
      bed.pass();
      assertThat(bed.get(Side.TARGET, Kind.CLAIM, "x")).isNull();
    }
  }

  @Test
  void aClassThatWaitsForItsConsumerWaits() {
    try (Bed bed = new Bed()) {
      bed.world
          .target()
          .storage(StorageKind.immediate("populated").waitingForFirstConsumer(true))
          .storage(StorageKind.immediate("legacy").waitingForFirstConsumer(false));
      bed.simulator.install();
      bed.create(Side.TARGET, Kind.DATA_VOLUME, blank("x", "populated"));
      bed.create(Side.TARGET, Kind.DATA_VOLUME, blank("y", "legacy"));
      bed.create(
          Side.TARGET,
          Kind.DATA_VOLUME,
          blank("z", "legacy").annotation("cdi.kubevirt.io/storage.bind.immediate.requested", ""));
      bed.pass();
      assertThat(phase(bed, "x")).isEqualTo("PendingPopulation");
      assertThat(phase(bed, "y")).isEqualTo("WaitForFirstConsumer");
      assertThat(phase(bed, "z")).isEqualTo("Succeeded");
    }
  }

  @Test
  void aReceiverOnAPopulatedClassMoves() {
    try (Bed bed = new Bed()) {
      bed.world.target().storage(StorageKind.immediate("populated").waitingForFirstConsumer(true));
      bed.simulator.install();
      bed.trust().sample.boot(bed.simulator);
      bed.create(Side.TARGET, Kind.DATA_VOLUME, blank("web-d0", "populated"));
      bed.receiver(
          vm ->
              vm.set(
                  "spec.template.spec.volumes",
                  List.of(Json.object("name", "d0", "dataVolume", Json.object("name", "web-d0")))));
      bed.go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(phase(bed, "web-d0")).isEqualTo("Succeeded");
    }
  }

  @Test
  void anUnknownClassIsExplainedByAnEvent() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.create(Side.TARGET, Kind.DATA_VOLUME, blank("x", "nowhere"));
      bed.pass();
      assertThat(bed.get(Side.TARGET, Kind.CLAIM, "x")).isNull();
      assertThat(bed.events(Side.TARGET, "ErrClaimNotValid")).isNotEmpty();
    }
  }

  @Test
  void theDestinationIsToldToTheSource() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.trust().sample.boot(bed.simulator);
      bed.claim("else-d0", "1Gi");
      bed.receiver(
          vm ->
              vm.set(
                  "spec.template.spec.volumes",
                  List.of(
                      Json.object(
                          "name",
                          "d0",
                          "persistentVolumeClaim",
                          Json.object("claimName", "else-d0")))));
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        Map<String, Object> entry = bed.vmiOf(side).maps("status.migratedVolumes").get(0);
        assertThat(Json.text(entry, "sourcePVCInfo.claimName")).isEqualTo("web-d0");
        assertThat(Json.text(entry, "destinationPVCInfo.claimName")).isEqualTo("else-d0");
      }
    }
  }

  @Test
  void underStageTheDestinationBecomesTheSourcesOwnClaim() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.edit(
          Side.TARGET,
          Kind.KUBEVIRT,
          "kubevirt",
          it -> it.set("spec.configuration.vmRolloutStrategy", "Stage"));
      bed.pass();
      bed.trust().sample.boot(bed.simulator);
      bed.claim("web-d0", "1Gi").receiver(vm -> {});
      assertThat(bed.vmiOf(Side.TARGET).maps("status.migratedVolumes")).isEmpty();
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      Map<String, Object> entry = bed.vmiOf(Side.TARGET).maps("status.migratedVolumes").get(0);
      assertThat(entry.get("destinationPVCInfo")).isEqualTo(entry.get("sourcePVCInfo"));
    }
  }
}
