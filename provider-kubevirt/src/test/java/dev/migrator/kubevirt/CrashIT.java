package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationDriver;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample of crashes, and of a cancel after one, on clusters that are not of this process. */
@ExtendWith(ClustersExtension.class)
final class CrashIT {

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

  /** Each save but a few is lost together with the process that made it, one after the other. */
  @ParameterizedTest
  @CsvSource({"Always, 2", "RerunOnFailure, 3"})
  void aProcessThatDiesAtEveryFewSavesMovesTheMachine(String strategy, int every)
      throws InterruptedException {
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-crash"), "web");
    rig.boot(
        SampleVm.of(vm.namespace(), vm.name()).dataVolume("root", "64Mi").strategy(strategy),
        strategy);

    VmStatus end = runWithCrashes(LiveRig.plan(vm, vm), every);

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.runs(Side.TARGET, vm.namespace(), vm.name())).isTrue();
    assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, vm.namespace(), vm.name())).isEmpty();
    assertLedger(end);
  }

  @Test
  void aProcessThatDiesAtEveryOtherSaveUndoesAFailedCopy() throws InterruptedException {
    assumeTrue(rig.hasSwitches(), "Nobody here can make a copy fail");
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-crash-undo"), "web");
    rig.boot(SampleVm.of(vm.namespace(), vm.name()).dataVolume("root", "64Mi"), "Always");
    rig.world.source().hold(Switch.FAIL_SOURCE, vm.namespace());

    VmStatus end = runWithCrashes(LiveRig.plan(vm, vm), 2);

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.FAILED);
    assertThat(rig.runs(Side.SOURCE, vm.namespace(), vm.name())).isTrue();
    assertThat(end.ledger()).isEmpty();
    rig.awaitNoClaim(Side.TARGET, vm.namespace(), vm.name() + "-root");
    assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
  }

  /** The status is lost while the receiver waits, and the machine is cancelled before a turn. */
  @Test
  void aCancelAfterTheStatusWasLostUndoesWhatStandsInTheClusters() throws InterruptedException {
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-lost"), "web");
    rig.boot(SampleVm.of(vm.namespace(), vm.name()).dataVolume("root", "64Mi"), "Always");
    MigrationPlan plan = LiveRig.plan(vm, vm);
    RecordingStore store = new RecordingStore(new InMemoryStatusStore());
    store.stopAt = "CreateVirtualMachineInstanceMigrations";
    KubernetesClient source = rig.clusters.client(Side.SOURCE);
    KubernetesClient target = rig.clusters.client(Side.TARGET);
    try (MigrationRunner runner = runner(store, source, target)) {
      MigrationDriver driver = new MigrationDriver(runner);
      assertThatThrownBy(() -> driver.run(() -> plan)).isInstanceOf(MigrationRig.Stopped.class);
    }
    MigrationPlan cancelled = plan.cancel(List.of(vm));
    try (MigrationRunner runner = runner(new InMemoryStatusStore(), source, target)) {
      VmStatus end = new MigrationDriver(runner).run(() -> cancelled).get(0);

      assertThat(end.state()).as(end::toString).isEqualTo(VmState.CANCELLED);
      assertThat(end.ledger()).isEmpty();
      assertThat(rig.runs(Side.SOURCE, vm.namespace(), vm.name())).isTrue();
      rig.awaitNoClaim(Side.TARGET, vm.namespace(), vm.name() + "-root");
      assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
    }
  }

  private static VmStatus runWithCrashes(MigrationPlan plan, int every)
      throws InterruptedException {
    RecordingStore store = new RecordingStore(new InMemoryStatusStore());
    store.before =
        () -> {
          if (store.saves % every == 0) {
            throw new MigrationRig.Stopped();
          }
        };
    while (true) {
      try (MigrationRunner runner =
          runner(store, rig.clusters.client(Side.SOURCE), rig.clusters.client(Side.TARGET))) {
        return new MigrationDriver(runner).run(() -> plan).get(0);
      } catch (MigrationRig.Stopped stopped) {
        // The process has died; the next one begins with what was stored.
        continue;
      }
    }
  }

  private static MigrationRunner runner(
      StatusStore store, KubernetesClient source, KubernetesClient target) {
    return MigrationRunner.builder()
        .registry(MigratorRegistry.of(new KubeVirtProvider()))
        .store(store)
        .connection("a", KubernetesClient.class, source)
        .connection("b", KubernetesClient.class, target)
        .build();
  }

  private static void assertLedger(VmStatus end) {
    assertThat(end.ledger())
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(
                        rig.get(entry.side(), Kind.of(entry), entry.namespace(), entry.name())
                            .map(found -> found.getMetadata().getUid()))
                    .contains(entry.uid()));
  }
}
