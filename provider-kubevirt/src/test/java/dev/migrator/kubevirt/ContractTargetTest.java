package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Guest;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract's catalogue (11.4), as far as the target has to be like the source. */
final class ContractTargetTest {

  @Test
  @DisplayName("S4 a Secret that is missing: preflight says so, or else the failure names it")
  void s4() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.delete(Side.SOURCE, Kind.SECRET, "user-data");

      VmStatus end = rig.run();

      assertRefused(rig, end, "SecretMissing", "user-data");
    }
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      rig.delete(Side.TARGET, Kind.SECRET, "user-data");

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("user-data");
    }
  }

  @Test
  @DisplayName("S5 no node takes the receiver: preflight says so, or else the scheduler's words")
  void s5() {
    try (MigrationRig rig = amd()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "full")).build();
      assertRefused(rig, rig.booted().run(), "NoSuitableNode", "cpu-vendor");
    }
    try (MigrationRig rig = amd()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "quick")).build();

      VmStatus end = rig.booted().run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message()).contains("0/2 nodes are available");
    }
  }

  private static MigrationRig amd() {
    World world = new World();
    world.target().nodes(NodeSpec.amd("b-node1"), NodeSpec.amd("b-node2"));
    return new MigrationRig(world, builder -> {});
  }

  @Test
  @DisplayName("S6 a smaller claim of that name is a collision")
  void s6() {
    Scenarios.play("pvc_smaller");
  }

  @Test
  @DisplayName("S24 templates of volumes do not go along")
  void s24() {
    Scenarios.play("templates");
  }

  @Test
  @DisplayName("S25 an instance type goes along as values; one that must be there is looked for")
  void s25() {
    Scenarios.play("instancetypes");
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample =
          SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME)
              .disk("d0", "1Gi")
              .instancetype("two", "linux");
      rig.booted();
      rig.plan =
          rig.plan.toBuilder()
              .settings(Map.of("instancetypes", "require", "preflight", "full"))
              .build();

      assertRefused(rig, rig.run(), "MatcherMissing", "two");
    }
  }

  @Test
  @DisplayName("S26 a machine without firmware UUID keeps the one that its guest sees")
  void s26() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.edit(
          Side.SOURCE,
          vm ->
              Tree.remove(
                  vm.getAdditionalProperties(), "spec", "template", "spec", "domain", "firmware"));
      Guest before = rig.simulator.oracles().guests().get(0);

      MoveTest.assertMoved(rig, rig.run(), "Always");
      assertThat(rig.simulator.oracles().guests().get(0).looksLike(before)).isTrue();

      rig.simulator.guest(Side.TARGET, MigrationRig.NAMESPACE, MigrationRig.NAME).restart();
      rig.idle(Duration.ofMinutes(1));
      assertThat(rig.simulator.oracles().guests())
          .singleElement()
          .matches(before::looksLike, "looks as before");
    }
  }

  @Test
  @DisplayName("S27 an image whose tag stands for another one on the target is pinned")
  void s27() {
    World world = new World();
    String image = "registry.invalid/fedora:41";
    world.source().digest(image, "sha256:" + "a".repeat(64));
    world.target().digest(image, "sha256:" + "b".repeat(64));
    try (MigrationRig rig = new MigrationRig(world, builder -> {})) {
      rig.sample.volume("os", Map.of("containerDisk", Map.of("image", image)));
      rig.booted();

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @ParameterizedTest
  @EnumSource(FirstConsumer.class)
  @DisplayName("S28 a class that waits for its first consumer is filled before, or by populators")
  void s28(FirstConsumer how) {
    World world = new World();
    world
        .target()
        .storage(
            StorageKind.immediate("late").waitingForFirstConsumer(how == FirstConsumer.POPULATOR));
    try (MigrationRig rig = new MigrationRig(world, builder -> {})) {
      rig.sample = SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME).dataVolume("d0", "1Gi");
      rig.booted();
      rig.plan = onto(rig.plan, "late");

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  private static MigrationPlan onto(MigrationPlan plan, String storageClass) {
    return MigrationPlan.builder(plan.id(), plan.source(), plan.target())
        .type(plan.type())
        .vms(plan.vms())
        .storage(StorageMapping.of("*", storageClass))
        .build();
  }

  /** Who fills a volume of such a class. */
  enum FirstConsumer {
    LEGACY,
    POPULATOR
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"VIRTUAL_MACHINE", "DATA_VOLUME", "SECRET"})
  @DisplayName("S31 a name that somebody else uses on the target is refused and left alone")
  void s31(Kind kind) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "full")).build();
      Cluster target = new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET));
      GenericKubernetesResource foreign = foreign(rig, kind);
      target.create(foreign);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().message()).contains(foreign.getMetadata().getName());
      assertThat(end.ledger()).isEmpty();
      assertThat(rig.running()).containsExactly(Side.SOURCE);
      assertThat(rig.get(Side.TARGET, kind, foreign.getMetadata().getName())).isPresent();
    }
  }

  private static GenericKubernetesResource foreign(MigrationRig rig, Kind kind) {
    String name =
        switch (kind) {
          case VIRTUAL_MACHINE -> MigrationRig.NAME;
          case DATA_VOLUME -> "web-root";
          default -> "user-data";
        };
    GenericKubernetesResource made = Tree.copy(rig.get(Side.SOURCE, kind, name).orElseThrow());
    GenericKubernetesResource blank = kind.blank(MigrationRig.NAMESPACE, name);
    blank.setAdditionalProperties(made.getAdditionalProperties());
    blank.getAdditionalProperties().remove("status");
    if (kind == Kind.VIRTUAL_MACHINE) {
      Tree.put(blank.getAdditionalProperties(), "Halted", "spec", "runStrategy");
    } else if (kind == Kind.SECRET) {
      blank.setAdditionalProperty("data", Map.of("userdata", "b3RoZXI="));
    }
    return blank;
  }

  @Test
  @DisplayName("S33 a receiver above KubeVirt's limits waits, and the status says for what")
  void s33() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      MigrationPlan.Builder three = rig.plan.toBuilder();
      for (String name : List.of("app", "db")) {
        SampleVm.of(MigrationRig.NAMESPACE, name).disk("d0", "1Gi").boot(rig.simulator);
        three.vm(MigrationRig.NAMESPACE, name);
      }
      rig.plan = three.build();
      rig.world.target().hold(Switch.POD_PENDING);
      rig.runUntil(
          "one is queued",
          status ->
              rig.store.load(rig.plan.id()).stream()
                  .anyMatch(
                      each ->
                          each.waiting() != null
                              && each.waiting().reason().contains("parallel migrations")));

      rig.world.target().release(Switch.POD_PENDING);
      rig.run();
      rig.runUntil(
          "all have moved",
          status ->
              rig.store.load(rig.plan.id()).stream()
                  .allMatch(each -> each.state() == VmState.SUCCEEDED));
      assertThat(rig.running()).hasSize(3).containsOnly(Side.TARGET);
    }
  }

  @Test
  @DisplayName("S34 a target that rolls changes out in stages is refused")
  void s34() {
    Scenarios.play("stage");
  }

  private static void assertRefused(MigrationRig rig, VmStatus end, String... words) {
    assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains(words);
    assertThat(rig.running()).containsExactly(Side.SOURCE);
    assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
  }
}
