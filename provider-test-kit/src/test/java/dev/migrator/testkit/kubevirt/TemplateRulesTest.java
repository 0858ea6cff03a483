package dev.migrator.testkit.kubevirt;

import static dev.migrator.testkit.kubevirt.AdmissionTest.receiver;
import static dev.migrator.testkit.kubevirt.AdmissionTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What virt-api's validation refuses in a VM's template (contract 3.1). */
class TemplateRulesTest {

  static Stream<Arguments> brokenTemplates() {
    return Stream.of(
        broken("'d0' not found", vm -> vm.set("spec.template.spec.volumes", List.of())),
        broken(
            "exactly one binding",
            vm -> first(vm, "domain.devices.interfaces").put("bridge", Json.object())),
        broken(
            "reserved for the in-pod bridge",
            vm -> first(vm, "domain.devices.interfaces").put("macAddress", "02:00:00:00:00:00")),
        broken(
            "maximum sockets",
            vm ->
                vm.set(
                    "spec.template.spec.domain.cpu", Json.object("sockets", 4, "maxSockets", 2))),
        broken(
            "HostDisk feature gate",
            vm -> first(vm, "volumes").put("hostDisk", Json.object("path", "/disk"))),
        broken(
            "sidecar feature gate",
            vm ->
                vm.set(
                    "spec.template.metadata.annotations",
                    Json.object("hooks.kubevirt.io/hookSidecars", "[]"))),
        broken(
            "must be referenced",
            vm ->
                vm.set(
                    "spec.dataVolumeTemplates",
                    List.of(Json.object("metadata", Json.object("name", "x"))))));
  }

  private static Arguments broken(String words, Consumer<Thing> change) {
    return Arguments.of(words, change);
  }

  private static Map<String, Object> first(Thing vm, String path) {
    return vm.maps("spec.template.spec." + path).get(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenTemplates")
  void aTemplateThatCannotRunIsRefused(String words, Consumer<Thing> change) {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      KubernetesClientException refused = refusal(bed, Side.TARGET, Kind.VM, receiver(change));
      assertThat(refused.getCode()).isEqualTo(422);
      assertThat(refused).hasMessageContaining(words);
    }
  }

  @Test
  void nothingMovesUnderASnapshot() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.create(Side.SOURCE, Kind.VM, receiver(vm -> vm.set("spec.runStrategy", "Halted")));
      Thing vm = bed.get(Side.SOURCE, Kind.VM, Bed.VM).set("status.snapshotInProgress", "nightly");
      bed.api(Side.SOURCE, Kind.VM).resource(vm.raw()).updateStatus();
      assertThatThrownBy(() -> Steps.strategy(bed, Side.SOURCE, "Always"))
          .hasMessageContaining("until snapshot nightly completes");
    }
  }
}
