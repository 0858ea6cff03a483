package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole moves on clusters that are not of this process, in real time; the same on real API servers
 * with simulated controllers and on existing clusters with real KubeVirt.
 */
@ExtendWith(ClustersExtension.class)
final class LiveMigrationIT {

  private static LiveRig rig;

  @BeforeAll
  static void join(Clusters clusters) {
    rig = new LiveRig(clusters);
  }

  @AfterAll
  static void leave() {
    if (rig != null) {
      rig.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Always", "running", "Manual", "Once", "RerunOnFailure"})
  void aRunningMachineMovesWhateverItsRunStrategy(String strategy) {
    VmRef vm = machine("it-" + strategy.toLowerCase(java.util.Locale.ROOT));
    SampleVm sample = sample(vm).disk("root", "64Mi").strategy(strategy);
    rig.boot(sample, strategy);

    VmStatus end = move(LiveRig.plan(vm, vm));

    assertMoved(end, vm, vm, strategy.equals("running") ? "Always" : strategy);
  }

  @Test
  void aDiskThatManyMayMountMovesToo() {
    VmRef vm = machine("it-rwx");
    rig.boot(sample(vm).disk("root", "64Mi", "ReadWriteMany"), "Always");

    assertMoved(move(LiveRig.plan(vm, vm)), vm, vm, "Always");
  }

  @Test
  void whatTheMachineRefersToIsThereAndEqual() {
    VmRef vm = machine("it-refers");
    rig.boot(
        sample(vm)
            .dataVolume("root", "64Mi")
            .dataVolume("data", "128Mi")
            .cloudInit("user-data", "#cloud-config")
            .configMap("settings", "text"),
        "Always");

    VmStatus end = move(LiveRig.plan(vm, vm));

    assertMoved(end, vm, vm, "Always");
    for (Map.Entry<Kind, String> each :
        Map.of(Kind.SECRET, "user-data", Kind.CONFIG_MAP, "settings").entrySet()) {
      Map<?, ?> arrived = data(Side.TARGET, each.getKey(), vm, each.getValue());
      assertThat(arrived).isNotEmpty();
      assertThat(arrived).isEqualTo(data(Side.SOURCE, each.getKey(), vm, each.getValue()));
    }
  }

  @Test
  void aMachineArrivesUnderAnotherNameInAnotherNamespace() {
    VmRef vm = machine("it-rename");
    VmRef target = new VmRef(rig.clusters.newNamespace("it-other"), "renamed");
    rig.boot(sample(vm).disk("root", "64Mi"), "Always");

    assertMoved(move(LiveRig.plan(vm, target)), vm, target, "Always");
  }

  @Test
  void aMachineMovesToAnotherNamespaceOfItsCluster() {
    VmRef vm = machine("it-here");
    VmRef target = new VmRef(rig.clusters.newNamespace("it-there"), "renamed");
    rig.boot(
        sample(vm).dataVolume("root", "64Mi").cloudInit("user-data", "#cloud-config"), "Always");
    MigrationPlan plan =
        MigrationPlan.builder(
                "plan-" + vm.namespace(),
                Endpoint.of("kubevirt", "a"),
                Endpoint.of("kubevirt", "a"))
            .type(MigrationType.LIVE)
            .vm(PlannedVm.of(vm).to(target))
            .storage(StorageMapping.of("*", "local"))
            .build();

    VmStatus end = move(plan);

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.runs(Side.SOURCE, target.namespace(), target.name())).isTrue();
    assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, vm.namespace(), vm.name())).isEmpty();
    assertThat(strategy(Side.SOURCE, vm)).isEqualTo("Halted");
    assertThat(strategy(Side.SOURCE, target)).isEqualTo("Always");
    assertThat(uuid(Side.SOURCE, target)).isEqualTo(uuid(Side.SOURCE, vm));
    assertThat(rig.objects(Side.TARGET, target.namespace())).isEmpty();
  }

  @Test
  void aCopyThatFailsLeavesTheSourceAsItWas() {
    assumeTrue(rig.hasSwitches(), "Nobody here can make a copy fail");
    VmRef vm = machine("it-fails");
    rig.boot(sample(vm).dataVolume("root", "64Mi"), "RerunOnFailure");
    rig.world.source().hold(Switch.FAIL_SOURCE, vm.namespace());

    assertUndone(move(LiveRig.plan(vm, vm)), VmState.FAILED, vm, "Always");
  }

  @Test
  void aCancelWhileMemoryIsCopiedLeavesTheSourceAsItWas() {
    assumeTrue(rig.hasSwitches(), "Nobody here can hold a copy");
    VmRef vm = machine("it-cancel");
    rig.boot(sample(vm).disk("root", "64Mi"), "Always");
    rig.world.target().hold(Switch.HOLD_RUNNING, vm.namespace());
    MigrationPlan plan = LiveRig.plan(vm, vm);

    try (LiveRig.Run run = rig.start(plan)) {
      rig.await(
          Side.SOURCE,
          Kind.MIGRATION,
          vm.namespace(),
          Names.of(plan, plan.vms().get(0)).sendHalf(1),
          half -> new VmimView(half).phase().equals("Running"));
      run.cancel();

      assertUndone(run.end(), VmState.CANCELLED, vm, "Always");
    }
  }

  @Test
  void aGuestMovesBackOntoWhatItLeft() {
    VmRef vm = machine("it-back");
    rig.boot(sample(vm).disk("root", "64Mi"), "Always");
    assertMoved(move(LiveRig.plan(vm, vm)), vm, vm, "Always");

    VmStatus refused = move(LiveRig.back(vm, "refuse"));
    assertThat(refused.state()).isEqualTo(VmState.FAILED);
    assertThat(refused.failure()).as("%s", refused).asString().contains("haltedTarget");

    VmStatus end = move(LiveRig.back(vm, "adopt"));
    assertThat(end.state()).as("%s", end).isEqualTo(VmState.SUCCEEDED);
    rig.await(Side.SOURCE, Kind.INSTANCE, vm.namespace(), vm.name(), LiveRig::isReady);
    assertThat(
            rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, vm.namespace(), vm.name())
                .map(VmView::new)
                .map(VmView::isHalted))
        .contains(true);
  }

  private static VmRef machine(String prefix) {
    return new VmRef(rig.clusters.newNamespace(prefix), "web");
  }

  private static SampleVm sample(VmRef vm) {
    return SampleVm.of(vm.namespace(), vm.name());
  }

  private static VmStatus move(MigrationPlan plan) {
    try (LiveRig.Run run = rig.start(plan)) {
      return run.end();
    }
  }

  private static Map<?, ?> data(Side side, Kind kind, VmRef vm, String name) {
    return rig.get(side, kind, vm.namespace(), name)
        .<Map<?, ?>>map(found -> Tree.map(found.getAdditionalProperties(), "data"))
        .orElse(Map.of());
  }

  private static void assertMoved(VmStatus end, VmRef source, VmRef target, String strategy) {
    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.runs(Side.TARGET, target.namespace(), target.name())).isTrue();
    assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, source.namespace(), source.name())).isEmpty();
    assertThat(strategy(Side.SOURCE, source)).isEqualTo("Halted");
    assertThat(strategy(Side.TARGET, target)).isEqualTo(strategy);
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      String namespace = side == Side.SOURCE ? source.namespace() : target.namespace();
      assertThat(rig.objects(side, namespace))
          .noneMatch(name -> name.startsWith("VirtualMachineInstanceMigration/"));
    }
    assertThat(uuid(Side.TARGET, target)).isEqualTo(uuid(Side.SOURCE, source));
    assertThat(end.warnings()).noneMatch(warning -> warning.contains("The guest sees"));
  }

  private static void assertUndone(VmStatus end, VmState state, VmRef vm, String strategy) {
    assertThat(end.state()).as(end::toString).isEqualTo(state);
    assertThat(end.ledger()).isEmpty();
    assertThat(rig.runs(Side.SOURCE, vm.namespace(), vm.name())).isTrue();
    assertThat(strategy(Side.SOURCE, vm)).isEqualTo(strategy);
    rig.awaitNoClaim(Side.TARGET, vm.namespace(), vm.name() + "-root");
    assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
    assertThat(rig.objects(Side.SOURCE, vm.namespace()))
        .noneMatch(name -> name.startsWith("VirtualMachineInstanceMigration/"));
  }

  private static String strategy(Side side, VmRef vm) {
    return rig.get(side, Kind.VIRTUAL_MACHINE, vm.namespace(), vm.name())
        .map(VmView::new)
        .map(SourceStrategy::of)
        .map(SourceStrategy::text)
        .orElse("gone");
  }

  private static Object uuid(Side side, VmRef vm) {
    return rig.get(side, Kind.VIRTUAL_MACHINE, vm.namespace(), vm.name())
        .flatMap(
            found ->
                Tree.text(
                    found.getAdditionalProperties(),
                    "spec",
                    "template",
                    "spec",
                    "domain",
                    "firmware",
                    "uuid"))
        .orElse("none");
  }
}
