package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What KubeVirt's webhooks fill in and refuse, and what they let through (contract 3). */
class AdmissionTest {

  static Thing receiver(Consumer<Thing> change) {
    Thing vm = Thing.of(SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "1Gi").manifest());
    vm.set("spec.runStrategy", "WaitAsReceiver");
    change.accept(vm);
    return vm;
  }

  static KubernetesClientException refusal(Bed bed, Side side, Kind kind, Thing thing) {
    return catchThrowableOfType(
        KubernetesClientException.class, () -> bed.create(side, kind, thing));
  }

  private static Thing half(String name, String role, Object... part) {
    return Thing.create(Kind.VMIM, Bed.NAMESPACE, name)
        .set("spec.vmiName", Bed.VM)
        .set("spec." + role, Json.object(part));
  }

  @Test
  void aReceiverNeedsTheGate() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.gate(Side.TARGET, false);
      KubernetesClientException refused = refusal(bed, Side.TARGET, Kind.VM, receiver(vm -> {}));
      assertThat(refused.getCode()).isEqualTo(422);
      assertThat(refused).hasMessageContaining("DecentralizedLiveMigration");
      bed.gate(Side.TARGET, true);
      bed.create(Side.TARGET, Kind.VM, receiver(vm -> {}));
    }
  }

  @Test
  void runningAndRunStrategyExcludeEachOther() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      assertThat(refusal(bed, Side.TARGET, Kind.VM, receiver(vm -> vm.set("spec.running", true))))
          .hasMessageContaining("mutually exclusive");
      assertThat(
              refusal(bed, Side.TARGET, Kind.VM, receiver(vm -> vm.set("spec.runStrategy", "No"))))
          .hasMessageContaining("Invalid RunStrategy");
    }
  }

  @Test
  void reservedLabelsAndBadAddressesAreRefused() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      assertThat(
              refusal(
                  bed,
                  Side.TARGET,
                  Kind.VM,
                  receiver(
                      vm ->
                          vm.set(
                              "spec.template.metadata.labels",
                              Json.object("kubevirt.io/nodeName", "x")))))
          .hasMessageContaining("reserved");
      assertThat(
              refusal(
                  bed,
                  Side.TARGET,
                  Kind.VM,
                  receiver(
                      vm ->
                          vm.maps("spec.template.spec.domain.devices.interfaces")
                              .get(0)
                              .put("macAddress", "xx"))))
          .hasMessageContaining("malformed MAC");
    }
  }

  @Test
  void anIdentityIsDrawnWhereThereIsNone() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.create(
          Side.SOURCE,
          Kind.VM,
          receiver(
              vm ->
                  vm.set("spec.runStrategy", "Halted")
                      .set("spec.template.spec.domain.firmware", null)));
      Thing vm = bed.get(Side.SOURCE, Kind.VM, Bed.VM);
      assertThat(vm.text("spec.template.spec.domain.firmware.uuid")).hasSize(36);
      assertThat(vm.text("spec.template.spec.domain.firmware.serial")).hasSize(36);
      assertThat(vm.text("spec.template.spec.domain.machine.type")).isEqualTo("q35");
      assertThat(vm.map("spec.template.metadata.annotations"))
          .containsEntry("kubevirt.io/pci-topology-version", "v3");
    }
  }

  @Test
  void olderKubeVirtDerivesTheUuidFromTheName() {
    try (Bed bed = new Bed(Steps.both(KubeVirtVersion.V1_6))) {
      bed.simulator.install();
      bed.sample.create(bed.clusters, Side.SOURCE);
      bed.edit(
          Side.SOURCE, Kind.VM, Bed.VM, vm -> vm.set("spec.template.spec.domain.firmware", null));
      bed.pass();
      assertThat(
              bed.get(Side.SOURCE, Kind.VM, Bed.VM).has("spec.template.spec.domain.firmware.uuid"))
          .isFalse();
      assertThat(bed.vmiOf(Side.SOURCE).text("spec.domain.firmware.uuid")).hasSize(36);
    }
  }

  @Test
  void aHalfNeedsItsVmi() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      KubernetesClientException refused =
          refusal(bed, Side.TARGET, Kind.VMIM, half("in", "receive", "migrationID", "1"));
      assertThat(refused.getCode()).isEqualTo(400);
      assertThat(refused).hasMessageContaining("does not exist");
    }
  }

  @Test
  void aSecondHalfIsRefusedWhileOneIsInFlight() {
    try (Bed bed = new Bed().prepared()) {
      bed.receive();
      KubernetesClientException refused =
          refusal(bed, Side.TARGET, Kind.VMIM, half("other", "receive", "migrationID", "2"));
      assertThat(refused.getCode()).isEqualTo(400);
      assertThat(refused).hasMessageContaining("in-flight migration");
    }
  }

  @Test
  void aHalfIsMarkedAndItsSpecFrozen() {
    try (Bed bed = new Bed().prepared()) {
      bed.create(Side.TARGET, Kind.VMIM, half("in", "receive", "migrationID", ""));
      Thing half = bed.get(Side.TARGET, Kind.VMIM, "in");
      assertThat(half.label("kubevirt.io/vmi-name")).isEqualTo(Bed.VM);
      assertThat(half.hasFinalizer("kubevirt.io/migrationJobFinalize")).isTrue();
      assertThatThrownBy(
              () ->
                  bed.edit(
                      Side.TARGET, Kind.VMIM, "in", it -> it.set("spec.receive.migrationID", "2")))
          .hasMessageContaining("restricted");
    }
  }

  @Test
  void onlyTheDisksMayStandAgainstADecentralizedMove() {
    try (Bed bed = new Bed().prepared()) {
      Thing local = Thing.create(Kind.VMIM, Bed.NAMESPACE, "local").set("spec.vmiName", Bed.VM);
      assertThat(refusal(bed, Side.SOURCE, Kind.VMIM, local))
          .hasMessageContaining("DisksNotLiveMigratable");
      bed.send(bed.address());
      assertThat(bed.half(Side.SOURCE)).isNotEqualTo("gone");
    }
  }

  @Test
  void priorityIsForTheControllerAlone() {
    try (Bed bed = new Bed().prepared()) {
      assertThat(
              refusal(
                  bed,
                  Side.TARGET,
                  Kind.VMIM,
                  half("in", "receive", "migrationID", "1").set("spec.priority", "user-triggered")))
          .hasMessageContaining("priority");
    }
  }

  @Test
  void aDataVolumesSpecIsFrozen() {
    try (Bed bed = new Bed()) {
      bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).dataVolume("d0", "1Gi");
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      assertThatThrownBy(
              () ->
                  bed.edit(
                      Side.SOURCE,
                      Kind.DATA_VOLUME,
                      "web-d0",
                      it -> it.set("spec.storage.volumeMode", "Block")))
          .hasMessageContaining("Cannot update DataVolume Spec");
    }
  }

  @Test
  void aMissingInstancetypeIsAdmittedAndGivesNoVmi() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.create(
          Side.TARGET,
          Kind.VM,
          receiver(
              vm ->
                  vm.set(
                      "spec.instancetype",
                      Json.object("kind", "VirtualMachineInstancetype", "name", "t"))));
      bed.pass();
      Thing vm = bed.get(Side.TARGET, Kind.VM, Bed.VM);
      assertThat(Conditions.reason(vm, "Failure")).isEqualTo("FailedFindInstancetype");
      assertThat(vm.text("status.printableStatus")).isEqualTo("Stopped");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("gone");
    }
  }

  @Test
  void anInstancetypeIsAppliedAndItsRevisionNoted() {
    try (Bed bed = new Bed()) {
      bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "1Gi").instancetype("t", "p");
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      Thing vm = bed.get(Side.SOURCE, Kind.VM, Bed.VM);
      String revision = vm.text("status.instancetypeRef.controllerRevisionRef.name");
      assertThat(bed.get(Side.SOURCE, Kind.CONTROLLER_REVISION, revision)).isNotNull();
      assertThat(vm.text("status.preferenceRef.name")).isEqualTo("p");
      assertThat(bed.vmiOf(Side.SOURCE).text("spec.domain.cpu.sockets")).isEqualTo("2");
      assertThat(bed.vmiOf(Side.SOURCE).text("spec.domain.memory.guest")).isEqualTo("256Mi");
    }
  }

  @Test
  void aTemplateLeftOnTheReceiverKeepsItFromWaiting() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.world.target().hold(dev.migrator.testkit.kubevirt.world.Switch.DATA_VOLUME_STUCK);
      Thing template = Thing.create(Kind.DATA_VOLUME, Bed.NAMESPACE, "web-d0");
      bed.create(
          Side.TARGET,
          Kind.VM,
          receiver(
              vm ->
                  vm.set(
                          "spec.dataVolumeTemplates",
                          List.of(
                              Json.object(
                                  "metadata", Json.object("name", template.name()),
                                  "spec",
                                      Json.object(
                                          "source", Json.object("blank", Json.object()),
                                          "storage",
                                              Json.object(
                                                  "resources",
                                                  Json.object(
                                                      "requests",
                                                      Json.object("storage", "1Gi")))))))
                      .set(
                          "spec.template.spec.volumes",
                          List.of(
                              Json.object(
                                  "name",
                                  "d0",
                                  "dataVolume",
                                  Json.object("name", template.name()))))));
      bed.pass();
      assertThat(bed.printable(Side.TARGET)).isEqualTo("Provisioning");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("gone");
      bed.world.target().release(dev.migrator.testkit.kubevirt.world.Switch.DATA_VOLUME_STUCK);
      bed.pass();
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
    }
  }

  private static int put(Bed bed, Side side, String subresource) {
    try {
      bed.clusters
          .actorClient(side)
          .raw(
              "/apis/subresources.kubevirt.io/v1/namespaces/ns/virtualmachines/web/" + subresource,
              "PUT",
              java.util.Map.of());
      bed.pass();
      return 202;
    } catch (KubernetesClientException e) {
      return e.getCode();
    }
  }

  @Test
  void subresourcesOfAReceiverDoNothing() {
    try (Bed bed = new Bed().prepared()) {
      assertThat(put(bed, Side.TARGET, "start")).isEqualTo(409);
      assertThat(put(bed, Side.TARGET, "stop")).isEqualTo(202);
      assertThat(put(bed, Side.TARGET, "restart")).isEqualTo(202);
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
    }
  }

  @Test
  void subresourcesStopStartAndRestartAVm() {
    try (Bed bed = new Bed().prepared()) {
      String first = bed.vmiOf(Side.SOURCE).uid();
      assertThat(put(bed, Side.SOURCE, "restart")).isEqualTo(202);
      assertThat(bed.vmiOf(Side.SOURCE).uid()).isNotEqualTo(first);
      assertThat(put(bed, Side.SOURCE, "stop")).isEqualTo(202);
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(put(bed, Side.SOURCE, "start")).isEqualTo(202);
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void expandSpecAppliesTheInstancetype() {
    try (Bed bed = new Bed()) {
      bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "1Gi").instancetype("t", "p");
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      String expanded =
          bed.clusters
              .actorClient(Side.SOURCE)
              .raw(
                  "/apis/subresources.kubevirt.io/v1/namespaces/ns/virtualmachines/web/expand-spec");
      assertThat(expanded).contains("\"sockets\":2").doesNotContain("instancetype\":{");
    }
  }
}
