package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Objects that more than one machine uses, and objects that somebody else made. */
final class SharingTest {

  @Test
  void twoMachinesShareASecretAndOneIsRolledBack() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample =
          SampleVm.of(MigrationRig.NAMESPACE, "web").disk("d0", "1Gi").cloudInit("users", "x");
      rig.booted();
      SampleVm other = SampleVm.of(MigrationRig.NAMESPACE, "db").disk("d0", "1Gi");
      other.volume(
          "cloudinit", Map.of("cloudInitNoCloud", Map.of("secretRef", Map.of("name", "users"))));
      other.boot(rig.simulator);
      MigrationPlan.Builder both = rig.plan.toBuilder().vm(MigrationRig.NAMESPACE, "db");
      rig.plan = both.build();
      rig.world.source().hold(Switch.FAIL_SOURCE, MigrationRig.NAMESPACE + "/web");

      rig.runUntil("both end", status -> ended(rig, "web") && ended(rig, "db"));

      assertThat(of(rig, "web").state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(of(rig, "db").state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      GenericKubernetesResource secret = rig.get(Side.TARGET, Kind.SECRET, "users").orElseThrow();
      assertThat(Labels.annotations(secret).keySet())
          .filteredOn(key -> key.startsWith("migrator.dev/used-by-"))
          .hasSize(1);
    }
  }

  @Test
  void theLastUserTakesTheSecretAway() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.world.source().hold(Switch.FAIL_SOURCE);

      rig.run();

      assertThat(rig.get(Side.TARGET, Kind.SECRET, "user-data")).isEmpty();
    }
  }

  @Test
  void aForeignSecretWithEqualContentPassesAndStays() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      foreign(rig, true);
      rig.world.source().hold(Switch.FAIL_SOURCE);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(rig.get(Side.TARGET, Kind.SECRET, "user-data")).isPresent();
    }
  }

  @Test
  void aForeignSecretWithOtherContentIsACollisionAndStays() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      GenericKubernetesResource secret = foreign(rig, false);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().message()).contains("user-data");
      assertThat(
              rig.get(Side.TARGET, Kind.SECRET, "user-data").orElseThrow().getMetadata().getUid())
          .isEqualTo(secret.getMetadata().getUid());
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE))
          .containsExactly("Secret/user-data");
    }
  }

  private static GenericKubernetesResource foreign(MigrationRig rig, boolean equal) {
    GenericKubernetesResource secret = Kind.SECRET.blank(MigrationRig.NAMESPACE, "user-data");
    secret.setAdditionalProperty("type", "Opaque");
    Object data =
        Tree.map(
            rig.get(Side.SOURCE, Kind.SECRET, "user-data").orElseThrow().getAdditionalProperties(),
            "data");
    secret.setAdditionalProperty("data", equal ? data : Map.of("userdata", "b3RoZXI="));
    return new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
        .create(secret)
        .orElseThrow();
  }

  private static boolean ended(MigrationRig rig, String name) {
    return of(rig, name).state().isFinal();
  }

  private static VmStatus of(MigrationRig rig, String name) {
    Optional<VmStatus> found =
        rig.store.load(rig.plan.id()).stream()
            .filter(status -> status.vm().equals(new VmRef(MigrationRig.NAMESPACE, name)))
            .findFirst();
    return found.orElseGet(() -> VmStatus.pending(rig.plan, rig.plan.vms().get(0)));
  }
}
