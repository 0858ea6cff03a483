package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Concern;
import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.ExistingClusters;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * RBAC of real API servers judges the shipped roles: they suffice, and none of their rules is idle.
 */
@ExtendWith(ClustersExtension.class)
final class RightsIT {

  private static final Requester ANN = new Requester("ann", List.of("system:authenticated"));

  private static final Requester BOB = new Requester("bob", List.of("system:authenticated"));

  private static LiveRig rig;
  private static BoundRoles roles;

  @BeforeAll
  static void join(Clusters clusters) {
    assumeTrue(
        !(clusters instanceof ExistingClusters), "Roles of existing clusters are not touched");
    rig = new LiveRig(clusters);
    roles = new BoundRoles(clusters);
    roles.apply();
    rig.connections = roles::connection;
  }

  @AfterAll
  static void leave() {
    if (rig != null) {
      rig.close();
    }
  }

  @Test
  void aWholeMoveForARequesterPassesUnderTheRoles() {
    VmRef vm = machine("it-rights-move");
    roles.bindRequester(vm.namespace(), ANN.user());
    rig.boot(full(vm), "Always");

    VmStatus end = end(LiveRig.plan(vm, vm).toBuilder().requester(ANN).build());

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    assertThat(rig.runs(Side.TARGET, vm.namespace(), vm.name())).isTrue();
  }

  @Test
  void aRequesterWithoutRightsIsRefusedAndNothingIsWritten() {
    VmRef vm = machine("it-rights-ann");
    rig.boot(full(vm), "Always");

    VmStatus end = end(LiveRig.plan(vm, vm).toBuilder().requester(ANN).build());

    assertThat(end.state()).as(end::toString).isEqualTo(VmState.FAILED);
    assertThat(end.failure()).isNotNull();
    assertThat(end.failure().message()).contains("RequesterRefused", "virtualmachines.kubevirt.io");
    assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
  }

  @Test
  void aRollBackPassesUnderTheRoles() {
    VmRef vm = machine("it-rights-fails");
    rig.boot(full(vm), "Always");
    rig.world.source().hold(Switch.FAIL_SOURCE, vm.namespace());

    assertUndone(end(LiveRig.plan(vm, vm)), VmState.FAILED, vm);
  }

  @Test
  void aCancelPassesUnderTheRoles() {
    VmRef vm = machine("it-rights-cancel");
    rig.boot(full(vm), "Always");
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

      assertUndone(run.end(), VmState.CANCELLED, vm);
    }
  }

  @Test
  void eachSingleRuleIsNamedByPreflightWhenItIsMissing() {
    VmRef vm = machine("it-rights-each");
    VmRef wide = machine("it-rights-wide");
    // A machine has instance types of its namespace or of the cluster, so it takes two.
    MigrationPlan narrowPlan = everything(vm, "");
    MigrationPlan widePlan = everything(wide, "Cluster");
    for (MigrationPlan plan : List.of(narrowPlan, widePlan)) {
      assertThat(validate(plan)).filteredOn(RightsIT::isRight).as("under all roles").isEmpty();
    }
    int before = writes();

    List<String> silent = new ArrayList<>();
    assertThat(roles.rules()).hasSizeGreaterThan(49).anyMatch(BoundRoles.Rule::isWide);
    for (BoundRoles.Rule rule : roles.rules()) {
      MigrationPlan plan = rule.isWide() ? widePlan : narrowPlan;
      try (BoundRoles.Rule taken = rule.take((rule.isWide() ? wide : vm).namespace())) {
        if (validate(plan).stream()
            .filter(RightsIT::isRight)
            .noneMatch(concern -> taken.isNamedBy(concern.subject()))) {
          silent.add(taken.toString());
        }
      }
    }

    assertThat(silent).isEmpty();
    assertThat(writes()).isEqualTo(before);
  }

  /** Where nobody may make ClusterRoles for the machines. */
  @Test
  void asRolesOfOneNamespaceTheySufficeAndEachRuleIsNamed() {
    BoundRoles narrow = BoundRoles.narrow(rig.clusters);
    narrow.apply();
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-rights-narrow"), "web");
    narrow.bind(vm.namespace());
    MigrationPlan plan = everything(vm, "");
    assertThat(validate(plan, narrow)).filteredOn(RightsIT::isRight).isEmpty();
    int before = writes();

    List<String> silent = new ArrayList<>();
    List<BoundRoles.Rule> rules =
        narrow.rules().stream().filter(BoundRoles.Rule::isOfMachines).toList();
    assertThat(rules).hasSizeGreaterThan(25);
    // The rules are those of the ClusterRoles, each of which is taken above; some do here.
    for (int i = 0; i < rules.size(); i += Fuzz.EXHAUSTIVE ? 1 : 5) {
      try (BoundRoles.Rule taken = rules.get(i).take(vm.namespace())) {
        if (validate(plan, narrow).stream()
            .filter(RightsIT::isRight)
            .noneMatch(concern -> taken.isNamedBy(concern.subject()))) {
          silent.add(taken.toString());
        }
      }
    }

    assertThat(silent).isEmpty();
    assertThat(writes()).isEqualTo(before);
    VmRef moved = new VmRef(rig.clusters.newNamespace("it-rights-roles"), "web");
    narrow.bind(moved.namespace());
    rig.boot(full(moved), "Always");
    rig.connections = narrow::connection;
    try {
      VmStatus end = end(LiveRig.plan(moved, moved));
      assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    } finally {
      rig.connections = roles::connection;
    }
  }

  @Test
  void theHostsRoleSufficesAndEachRuleIsNamed() {
    BoundRoles host = BoundRoles.host(rig.clusters);
    String namespace = rig.clusters.newNamespace("it-rights-host");
    host.bind(namespace);
    JobHookRunner hooks = new JobHookRunner(host.connection(Side.SOURCE), namespace);
    KubernetesStatusStore store =
        new KubernetesStatusStore(host.connection(Side.SOURCE), namespace);
    MigrationPlan plan = HookFixture.plan(HookStage.PRE, HookFixture.hook(OnFailure.ABORT));
    PlannedVm vm = plan.vms().get(0);
    assertThat(hooks.validate(plan, vm)).isEmpty();
    assertThat(store.validate(plan.id())).isEmpty();

    for (BoundRoles.Rule rule : host.rules()) {
      try (BoundRoles.Rule taken = rule.take(namespace)) {
        List<Concern> found = new ArrayList<>(hooks.validate(plan, vm));
        found.addAll(store.validate(plan.id()));
        assertThat(found).as("%s", taken).anyMatch(each -> taken.isNamedBy(each.subject()));
      }
    }

    VmStatus status = VmStatus.pending(plan, vm);
    assertThat(store.save(status)).isTrue();
    VmStatus stored = store.load(plan.id()).get(0);
    PhaseContext context = new PhaseContext(plan, vm, stored, ManualClock.START);
    assertThat(hooks.run(context, HookStage.PRE, HookFixture.hook(OnFailure.ABORT)))
        .isInstanceOf(PhaseOutcome.Await.class);
    assertThat(hooks.stop(context, HookStage.PRE, HookFixture.hook(OnFailure.ABORT))).isNotNull();
    store.delete(plan.id());
  }

  private static boolean isRight(Concern concern) {
    return concern.code().equals("RightMissing") || concern.code().equals("TrustNotRenewable");
  }

  private static int writes() {
    return rig.clusters.requests(Side.SOURCE).writes().size()
        + rig.clusters.requests(Side.TARGET).writes().size();
  }

  private static List<Concern> validate(MigrationPlan plan) {
    return validate(plan, roles);
  }

  private static List<Concern> validate(MigrationPlan plan, BoundRoles roles) {
    try (MigrationRunner runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of(new KubeVirtProvider()))
            .connection("a", KubernetesClient.class, roles.connection(Side.SOURCE))
            .connection("b", KubernetesClient.class, roles.connection(Side.TARGET))
            .build()) {
      return runner.validate(plan);
    }
  }

  /** A machine that refers to one of everything, under a plan that asks for everything. */
  private static MigrationPlan everything(VmRef vm, String scope) {
    SampleVm sample = full(vm).instancetype("small", "linux").network("lan", "02:00:00:00:00:01");
    rig.boot(sample, "Always");
    roles.bindRequesterEverywhere(BOB.user());
    rig.edit(
        Side.SOURCE,
        Kind.VIRTUAL_MACHINE,
        vm.namespace(),
        vm.name(),
        found -> {
          RightsMissingTest.refer(found);
          Map<String, Object> spec = found.getAdditionalProperties();
          Tree.put(spec, "VirtualMachine" + scope + "Instancetype", "spec", "instancetype", "kind");
          Tree.put(spec, "VirtualMachine" + scope + "Preference", "spec", "preference", "kind");
        });
    return LiveRig.plan(vm, vm).toBuilder()
        .requester(BOB)
        .network(new NetworkMapping(vm.namespace() + "/lan", vm.namespace() + "/elsewhere"))
        .settings(
            Map.of(
                "preflight", "full",
                "instancetypes", "copy",
                "serviceExports", "mcs",
                "createNamespace", "true"))
        .build();
  }

  private static VmRef machine(String prefix) {
    VmRef vm = new VmRef(rig.clusters.newNamespace(prefix), "web");
    roles.bind(vm.namespace());
    return vm;
  }

  private static SampleVm full(VmRef vm) {
    return SampleVm.of(vm.namespace(), vm.name())
        .dataVolume("root", "64Mi")
        .disk("data", "64Mi")
        .cloudInit("user-data", "#cloud-config")
        .configMap("settings", "text");
  }

  private static VmStatus end(MigrationPlan plan) {
    try (LiveRig.Run run = rig.start(plan)) {
      return run.end();
    }
  }

  private static void assertUndone(VmStatus end, VmState state, VmRef vm) {
    assertThat(end.state()).as(end::toString).isEqualTo(state);
    assertThat(end.ledger()).isEmpty();
    assertThat(rig.runs(Side.SOURCE, vm.namespace(), vm.name())).isTrue();
    rig.awaitNoClaim(Side.TARGET, vm.namespace(), vm.name() + "-root");
    assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
  }
}
