package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's catalogue (11.4), as far as the two halves have to find and trust each other. */
final class ContractMeetingTest {

  private static final String NOWHERE = "10.9.9.9:9185";

  @Test
  @DisplayName("S1 the receive half is made once the receiver's instance waits with all its disks")
  void s1() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      assertReceiverWaitsFirst(rig);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @DisplayName("S2 also when KubeVirt's controllers are late and leave the instance Pending")
  void s2(long seed) {
    try (MigrationRig rig = new MigrationRig(builder -> builder.seed(seed))) {
      assertReceiverWaitsFirst(rig);
    }
  }

  private static void assertReceiverWaitsFirst(MigrationRig rig) {
    List<String> phases = new ArrayList<>();
    List<Integer> volumes = new ArrayList<>();
    rig.booted();
    onCreated(
        rig,
        Side.TARGET,
        half -> {
          VmiView vmi =
              rig.get(Side.TARGET, Kind.INSTANCE, MigrationRig.NAME)
                  .map(VmiView::new)
                  .orElseThrow();
          phases.add(vmi.phase());
          volumes.add(
              Tree.maps(vmi.raw().getAdditionalProperties(), "status", "migratedVolumes").size());
        });

    MoveTest.assertMoved(rig, rig.run(), "Always");

    assertThat(phases).containsExactly("WaitingForSync");
    assertThat(volumes).containsExactly(disks(rig));
  }

  private static int disks(MigrationRig rig) {
    return (int)
        rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE).stream()
            .filter(name -> name.startsWith("PersistentVolumeClaim/"))
            .count();
  }

  @Test
  @DisplayName("S3 the halves go before the receiver")
  void s3() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.cancel();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.CANCELLED, "Always");
      List<String> deleted =
          rig.clusters.requests(Side.TARGET).writes().stream()
              .filter(request -> request.verb() == Verb.DELETE)
              .map(request -> request.resource())
              .toList();
      assertThat(deleted.indexOf("virtualmachineinstancemigrations"))
          .isNotNegative()
          .isLessThan(deleted.indexOf("virtualmachines"));
    }
  }

  @Test
  @DisplayName("S7 a wrong address: our own deadline, KubeVirt's words, both halves gone")
  void s7() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("connectUrl", NOWHERE)).build();
      Instant before = rig.clock.instant();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("no route to host", NOWHERE);
      assertThat(Duration.between(before, rig.clock.instant()))
          .isBetween(Duration.ofMinutes(2), Duration.ofMinutes(4));
    }
  }

  @Test
  @DisplayName("S8 a callback that does not get through: both sides are looked at and told")
  void s8() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().unreachable("", true);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message())
          .contains("send half Synchronizing", "receive half", "target WaitingForSync");
    }
  }

  @Test
  @DisplayName("S9 the source's CA is missing on the target: exchanged, the same halves go on")
  void s9() {
    trustIsMadeGood(Side.TARGET);
  }

  @Test
  @DisplayName("S10 the target's CA is missing on the source: exchanged, the same halves go on")
  void s10() {
    trustIsMadeGood(Side.SOURCE);
  }

  /** One side forgets the other before the halves have met. */
  private static void trustIsMadeGood(Side forgetful) {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.cutLink(true);
      rig.runUntil("send half", status -> rig.half(Side.SOURCE).equals("Synchronizing"));
      GenericKubernetesResource bundle =
          new Cluster(forgetful, rig.clusters.actorClient(forgetful))
              .get(Kind.CONFIG_MAP, "kubevirt", Trust.BUNDLE)
              .orElseThrow();
      String all = Tree.text(bundle.getAdditionalProperties(), "data", "ca-bundle").orElseThrow();
      String own = all.substring(0, all.indexOf("-----END CERTIFICATE-----") + 26);
      Tree.put(bundle.getAdditionalProperties(), own, "data", "ca-bundle");
      rig.clusters
          .actorClient(forgetful)
          .genericKubernetesResources(Kind.CONFIG_MAP.context())
          .inNamespace("kubevirt")
          .resource(bundle)
          .update();
      rig.world.cutLink(false);

      MoveTest.assertMoved(rig, rig.run(), "Always");

      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        assertThat(
                rig.clusters
                    .requests(side)
                    .matching(
                        request ->
                            request.verb() == Verb.CREATE
                                && !request.dryRun()
                                && request.resource().equals("virtualmachineinstancemigrations")))
            .hasSize(1);
      }
    }
  }

  @Test
  @DisplayName("S11 a CA that is dropped while memory is copied does no harm")
  void s11() {
    Scenarios.play("ca_lost_midway");
  }

  @ParameterizedTest
  @EnumSource(names = {"SOURCE", "TARGET"})
  @DisplayName("S12 a gate that is off is found before anything is written")
  void s12(Side side) {
    try (EmbeddedStage stage = new EmbeddedStage()) {
      stage.boot();
      SeenClusters.gate(stage, side, false);

      VmStatus end = stage.end();

      StageAssert.assertUndone(stage, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("FeatureGateOff", side.name().toLowerCase());
    }
  }

  @Test
  @DisplayName("S13 a gate that goes off while memory is copied: the guest arrives, source halted")
  void s13() {
    Scenarios.play("gate_off_midway");
  }

  @Test
  @DisplayName("S22 every attempt has a fresh migration id")
  void s22() {
    Scenarios.play("failed_copy_same_id");
  }

  @Test
  @DisplayName("S23 another orchestrator's migration is told, in KubeVirt's words if need be")
  void s23() {
    Scenarios.play("second_orchestrator");
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      GenericKubernetesResource other = Kind.MIGRATION.blank(MigrationRig.NAMESPACE, "other");
      other.setAdditionalProperty(
          "spec",
          Map.of(
              "vmiName",
              MigrationRig.NAME,
              "sendTo",
              Map.of("migrationID", "somebody-elses", "connectURL", NOWHERE)));
      new Cluster(Side.SOURCE, rig.clusters.actorClient(Side.SOURCE)).create(other);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().message()).contains("in-flight migration");
      assertThat(rig.running()).containsExactly(Side.SOURCE);
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
    }
  }

  @Test
  @DisplayName("S35 what is exported is called after its cluster, so no names merge")
  void s35() {
    try (MigrationRig there = new MigrationRig();
        MigrationRig here = new MigrationRig(builder -> builder.oneCluster())) {
      here.oneCluster();
      here.replaceVm(
          dev.migrator.model.PlannedVm.of(MigrationRig.VM)
              .to(new dev.migrator.model.VmRef("other", MigrationRig.NAME)));
      here.clusters.createNamespace("other");

      assertThat(exported(there, Side.TARGET)).isNotEqualTo(exported(here, Side.SOURCE));
    }
  }

  /** What the plan's target cluster is exported as. */
  private static String exported(MigrationRig rig, Side where) {
    rig.booted();
    rig.plan = rig.plan.toBuilder().settings(Map.of("serviceExports", "mcs")).build();
    Cluster target = new Cluster(where, rig.clusters.actorClient(where));
    rig.runUntil(
        "export", status -> !target.list(Kind.SERVICE_EXPORT, "kubevirt", Map.of()).isEmpty());
    return target.list(Kind.SERVICE_EXPORT, "kubevirt", Map.of()).get(0).getMetadata().getName();
  }

  /** Looks at the moment at which a half is made. */
  static void onCreated(MigrationRig rig, Side side, Consumer<GenericKubernetesResource> look) {
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.MIGRATION.context())
        .inAnyNamespace()
        .watch(
            new Watcher<GenericKubernetesResource>() {
              @Override
              public void eventReceived(Action action, GenericKubernetesResource half) {
                if (action == Action.ADDED) {
                  look.accept(half);
                }
              }

              @Override
              public void onClose(WatcherException cause) {
                // It ends with the rig.
              }
            });
  }
}
