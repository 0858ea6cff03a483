package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Statuses and hooks on real API servers")
@ExtendWith(ClustersExtension.class)
final class HostClusterIT {

  @Test
  void ofTwoWritersOneIsRefused(Clusters clusters) {
    String namespace = clusters.newNamespace("status");
    KubernetesStatusStore store =
        new KubernetesStatusStore(clusters.client(Side.SOURCE), namespace);
    KubernetesStatusStore other =
        new KubernetesStatusStore(clusters.client(Side.SOURCE), namespace);
    VmStatus status = SampleStatus.full().toBuilder().version(0).build();

    assertThat(store.save(status)).isTrue();
    assertThat(other.save(status)).isFalse();
    VmStatus read = other.load(status.plan()).get(0);
    assertThat(read).isEqualTo(status.toBuilder().version(1).build());
    assertThat(store.save(read)).isTrue();
    assertThat(other.save(read)).isFalse();
    store.delete(status.plan());
    assertThat(store.load(status.plan())).isEmpty();
  }

  @Test
  void aHookIsRecordedThenResumedAndNeverMadeTwice(Clusters clusters) {
    String namespace = clusters.newNamespace("hooks");
    JobHookRunner hooks = new JobHookRunner(clusters.client(Side.SOURCE), namespace);
    MigrationPlan plan = HookFixture.plan(HookStage.PRE, HookFixture.hook(OnFailure.ABORT));
    PlannedVm vm = plan.vms().get(0);
    VmStatus status = VmStatus.pending(plan, vm);

    Map<String, String> facts = run(hooks, plan, vm, status).notes().facts();
    assertThat(run(hooks, plan, vm, status).notes().facts())
        .as("a crash before the save finds the same Job")
        .isEqualTo(facts);
    assertThat(job(clusters, namespace).getSpec().getSuspend()).isTrue();

    VmStatus recorded = status.toBuilder().facts(facts).build();
    PhaseOutcome started = run(hooks, plan, vm, recorded);
    assertThat(started.notes().facts()).containsKey("hook.pre.started");
    assertThat(run(hooks, plan, vm, recorded)).isInstanceOf(PhaseOutcome.Await.class);
    assertThat(job(clusters, namespace).getSpec().getSuspend()).isFalse();
    assertThat(
            clusters
                .actorClient(Side.SOURCE)
                .configMaps()
                .inNamespace(namespace)
                .withName(job(clusters, namespace).getMetadata().getName())
                .get()
                .getData())
        .containsKeys("facts.json", "playbook.yml");
  }

  @Test
  void aHookThatIsStoppedIsGone(Clusters clusters) {
    String namespace = clusters.newNamespace("hooks");
    JobHookRunner hooks = new JobHookRunner(clusters.client(Side.SOURCE), namespace);
    MigrationPlan plan = HookFixture.plan(HookStage.PRE, HookFixture.hook(OnFailure.ABORT));
    PlannedVm vm = plan.vms().get(0);
    VmStatus status = VmStatus.pending(plan, vm);
    Map<String, String> facts = run(hooks, plan, vm, status).notes().facts();
    VmStatus recorded = status.toBuilder().facts(facts).build();
    run(hooks, plan, vm, recorded);

    PhaseOutcome stopped =
        hooks.stop(
            new PhaseContext(plan, vm, recorded, Instant.EPOCH),
            HookStage.PRE,
            vm.preHook().orElseThrow());

    assertThat(stopped).isInstanceOf(PhaseOutcome.Advance.class);
    assertThat(stopped.notes().removed()).hasSize(2);
    assertThat(jobs(clusters, namespace)).isEmpty();
  }

  private static PhaseOutcome run(
      JobHookRunner hooks, MigrationPlan plan, PlannedVm vm, VmStatus status) {
    return hooks.run(
        new PhaseContext(plan, vm, status, Instant.EPOCH),
        HookStage.PRE,
        vm.preHook().orElseThrow());
  }

  private static Job job(Clusters clusters, String namespace) {
    return jobs(clusters, namespace).get(0);
  }

  private static List<Job> jobs(Clusters clusters, String namespace) {
    return clusters
        .actorClient(Side.SOURCE)
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .list()
        .getItems();
  }
}
