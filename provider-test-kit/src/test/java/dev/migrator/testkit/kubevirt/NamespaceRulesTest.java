package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a namespace, its nodes and its policies make of pods, claims and instances. */
class NamespaceRulesTest {

  private static void quota(Bed bed, String resource, String most) {
    bed.create(
        Side.TARGET,
        Kind.RESOURCE_QUOTA,
        Thing.create(Kind.RESOURCE_QUOTA, Bed.NAMESPACE, "small")
            .set("spec.hard", Json.object(resource, most)));
  }

  @Test
  void aTargetPodAboveTheQuotaIsSaidOnTheHalfAndComesWhenThereIsRoom() {
    try (Bed bed = new Bed().prepared()) {
      quota(bed, "requests.memory", "64Mi");
      bed.go().pass(Duration.ofMinutes(1));
      assertThat(bed.half(Side.TARGET)).isEqualTo("Pending");
      assertThat(Conditions.status(bed.halfOf(Side.TARGET), "migrationRejectedByResourceQuota"))
          .isEqualTo("True");
      assertThat(bed.events(Side.TARGET, "FailedCreate"))
          .anyMatch(text -> text.contains("exceeded quota: small"));
      bed.edit(
          Side.TARGET,
          Kind.RESOURCE_QUOTA,
          "small",
          quota -> quota.set("spec.hard", Json.object("requests.memory", "8Gi")));
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(Conditions.find(bed.halfOf(Side.TARGET), "migrationRejectedByResourceQuota"))
          .isNull();
    }
  }

  @Test
  void aDataVolumeAboveTheQuotaGetsNoClaim() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      quota(bed, "requests.storage", "512Mi");
      bed.create(
          Side.TARGET,
          Kind.DATA_VOLUME,
          Thing.create(Kind.DATA_VOLUME, Bed.NAMESPACE, "x")
              .set("spec.source", Json.object("blank", Json.object()))
              .set(
                  "spec.storage",
                  Json.object(
                      "resources", Json.object("requests", Json.object("storage", "1Gi")))));
      bed.pass();
      assertThat(bed.get(Side.TARGET, Kind.DATA_VOLUME, "x").text("status.phase"))
          .isEqualTo("Pending");
      assertThat(bed.get(Side.TARGET, Kind.CLAIM, "x")).isNull();
      assertThat(bed.events(Side.TARGET, "ErrExceededQuota")).hasSize(1);
    }
  }

  @Test
  void aClaimAboveTheQuotaIsRefused() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      quota(bed, "persistentvolumeclaims", "1");
      bed.claim("one", "1Gi");
      assertThatThrownBy(() -> bed.claim("two", "1Gi"))
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403))
          .hasMessageContaining("exceeded quota: small");
    }
  }

  @Test
  void whatOthersWriteIntoAnInstancesStatusIsTakenBack() {
    try (Bed bed = new Bed().prepared()) {
      var stranger =
          bed.clusters
              .client(Side.SOURCE)
              .genericKubernetesResources(Kind.VMI.context())
              .inNamespace(Bed.NAMESPACE)
              .withName(Bed.VM);
      Thing answer =
          Thing.of(
              stranger.edit(
                  found ->
                      Thing.of(found).set("status.phase", "Failed").label("mine", "yes").raw()));
      assertThat(answer.text("status.phase")).isEqualTo("Running");
      assertThat(answer.label("mine")).isEqualTo("yes");
      assertThatThrownBy(
              () -> stranger.edit(found -> Thing.of(found).set("spec.hostname", "other").raw()))
          .hasMessageContaining("restricted");
    }
  }

  @Test
  void theLabelOfAHalfThatIsInFlightIsFrozen() {
    try (Bed bed = new Bed().prepared().receive()) {
      assertThatThrownBy(
              () ->
                  bed.edit(
                      Side.TARGET,
                      Kind.VMIM,
                      "web-in",
                      half -> half.label("kubevirt.io/vmi-name", "x")))
          .hasMessageContaining("in-flight");
    }
  }

  @Test
  void aPresetFillsWhatAnInstanceLeavesOpen() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      preset(bed, "ioThreads", Json.object("ioThreadsPolicy", "auto"));
      preset(bed, "other", Json.object("memory", Json.object("guest", "4Gi")));
      bed.sample.boot(bed.simulator);
      Thing vmi = bed.vmiOf(Side.SOURCE);
      assertThat(vmi.text("spec.domain.ioThreadsPolicy")).isEqualTo("auto");
      assertThat(vmi.annotation("virtualmachinepreset.kubevirt.io/iothreads")).isNotEmpty();
      assertThat(vmi.text("spec.domain.memory.guest")).as("contradicted").isEqualTo("128Mi");
    }
  }

  private static void preset(Bed bed, String name, Map<String, Object> domain) {
    bed.create(
        Side.SOURCE,
        Kind.PRESET,
        Thing.create(Kind.PRESET, Bed.NAMESPACE, name.toLowerCase(java.util.Locale.ROOT))
            .set("spec.selector.matchLabels", Json.object("app", Bed.VM))
            .set("spec.domain", domain));
  }

  @Test
  void thePolicyOfTheTargetDecidesForTheSourceToo() {
    try (Bed bed = new Bed().prepared()) {
      policy(bed, "general", Json.object(), "128Mi");
      policy(bed, "closer", Json.object("app", Bed.VM), "1Mi");
      bed.go().pass(Duration.ofSeconds(5));
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        assertThat(bed.state(side, "migrationPolicyName")).isEqualTo("closer");
        assertThat(bed.state(side, "migrationConfiguration.bandwidthPerMigration"))
            .isEqualTo("1Mi");
      }
    }
  }

  private static void policy(Bed bed, String name, Map<String, Object> labels, String bandwidth) {
    Thing policy =
        Thing.create(Kind.MIGRATION_POLICY, null, name)
            .set("spec.selectors.virtualMachineInstanceSelector", labels)
            .set("spec.bandwidthPerMigration", bandwidth);
    bed.clusters
        .actorClient(Side.TARGET)
        .genericKubernetesResources(Kind.MIGRATION_POLICY.context())
        .resource(policy.raw())
        .create();
  }

  @Test
  void aNodeThatIsFullTakesNoMore() {
    try (Bed bed = new Bed()) {
      bed.world.target().nodes(NodeSpec.plain("b-node1").withMemory("256Mi"));
      bed.prepared().go().pass(Duration.ofSeconds(30));
      assertThat(bed.half(Side.TARGET)).isEqualTo("Scheduling");
      assertThat(bed.events(Side.TARGET, "FailedScheduling"))
          .anyMatch(text -> text.contains("Insufficient memory"));
    }
  }

  @Test
  void aMissingServiceAccountKeepsThePodPending() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.sample.volume(
          "account", Json.object("serviceAccount", Json.object("serviceAccountName", "robot")));
      bed.sample.create(bed.clusters, Side.SOURCE);
      bed.pass();
      assertThat(bed.guest(Side.SOURCE).podPhases()).containsExactly("Pending");
      bed.create(
          Side.SOURCE,
          Kind.SERVICE_ACCOUNT,
          Thing.create(Kind.SERVICE_ACCOUNT, Bed.NAMESPACE, "robot"));
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }
}
