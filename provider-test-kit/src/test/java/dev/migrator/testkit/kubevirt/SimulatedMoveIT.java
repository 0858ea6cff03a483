package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The simulator on real API servers, in real time: what it writes is valid, and a move ends. */
@ExtendWith(ClustersExtension.class)
class SimulatedMoveIT {
  private static final String VM = "web";

  private final Clusters clusters;
  private final String namespace = "sim-" + UUID.randomUUID().toString().substring(0, 8);

  SimulatedMoveIT(Clusters clusters) {
    this.clusters = clusters;
  }

  @Test
  void aMoveByHandEndsOnTheTarget() {
    if (clusters instanceof ExistingClusters) {
      return; // real KubeVirt is at work there
    }
    World world = new World().timing(Timing.INSTANT);
    try (KubeVirtSimulator simulator =
        KubeVirtSimulator.builder(clusters).world(world).build().install().start()) {
      trust(simulator);
      SampleVm sample =
          SampleVm.of(namespace, VM)
              .disk("d0", "1Gi")
              .dataVolume("d1", "1Gi")
              .cloudInit("web-user", "#cloud-config")
              .configMap("web-settings", "a=b")
              .boot(simulator);
      Guest before = guest(simulator, Side.SOURCE);
      sample.createReferences(clusters, Side.TARGET);
      Thing receiver = Thing.of(sample.manifest());
      receiver.set("spec.runStrategy", "WaitAsReceiver");
      receiver.annotation("kubevirt.io/restore-run-strategy", "Always");
      create(Side.TARGET, Kind.VM, receiver);
      simulator.runUntil(
          "the receiver waits",
          () -> simulator.guest(Side.TARGET, namespace, VM).phase().equals("WaitingForSync"));
      String id = UUID.randomUUID().toString();
      create(Side.TARGET, Kind.VMIM, half("in", "receive", Json.object("migrationID", id)));
      create(
          Side.SOURCE,
          Kind.VMIM,
          half("out", "sendTo", Json.object("migrationID", id, "connectURL", address())));
      simulator.runUntil(
          "the guest runs on the target",
          () -> simulator.guest(Side.TARGET, namespace, VM).isReady());
      simulator.runUntil(
          "the source has ended",
          () -> simulator.guest(Side.SOURCE, namespace, VM).phase().isEmpty());

      assertThat(guest(simulator, Side.TARGET).looksLike(before)).isTrue();
      assertThat(simulator.oracles().violations()).isEmpty();
    }
  }

  private Guest guest(KubeVirtSimulator simulator, Side side) {
    return simulator.oracles().guests().stream()
        .filter(guest -> guest.namespace().equals(namespace) && guest.side() == side)
        .findFirst()
        .orElseThrow();
  }

  private Thing half(String name, String role, Map<String, Object> part) {
    return Thing.create(Kind.VMIM, namespace, name)
        .set("spec.vmiName", VM)
        .set("spec." + role, part);
  }

  private void create(Side side, Kind kind, Thing thing) {
    clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace(thing.namespace())
        .resource(thing.raw())
        .create();
  }

  private Thing kubevirts(Side side, Kind kind, String name) {
    return Thing.of(
        clusters
            .actorClient(side)
            .genericKubernetesResources(kind.context())
            .inNamespace("kubevirt")
            .withName(name)
            .get());
  }

  private String address() {
    List<String> addresses =
        Json.texts(
            kubevirts(Side.TARGET, Kind.KUBEVIRT, "kubevirt")
                .at("status.synchronizationAddresses"));
    return addresses.get(0);
  }

  private void trust(KubeVirtSimulator simulator) {
    String a = bundle(Side.SOURCE, "kubevirt-ca");
    String b = bundle(Side.TARGET, "kubevirt-ca");
    offer(Side.SOURCE, b);
    offer(Side.TARGET, a);
    simulator.runUntil(
        "trust",
        () ->
            bundle(Side.SOURCE, "kubevirt-external-ca").isEmpty()
                && bundle(Side.TARGET, "kubevirt-external-ca").isEmpty());
  }

  private String bundle(Side side, String name) {
    return Json.text(kubevirts(side, Kind.CONFIG_MAP, name).map("data"), "ca-bundle");
  }

  private void offer(Side side, String bundle) {
    GenericKubernetesResource external =
        kubevirts(side, Kind.CONFIG_MAP, "kubevirt-external-ca")
            .set("data", new LinkedHashMap<>(Map.of("ca-bundle", bundle)))
            .raw();
    clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.CONFIG_MAP.context())
        .inNamespace("kubevirt")
        .resource(external)
        .update();
  }
}
