package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The roles are the least that pass: each of their verbs is used by a run. */
final class RightsUsedTest {

  /** What no run of this test uses, each with the reason why it is declared all the same. */
  private static final Map<String, String> UNUSED =
      Map.ofEntries(
          Map.entry(
              "SOURCE SOURCE MACHINE get virtualmachineinstancetypes",
              "read where KubeVirt recorded no revision, which the simulator always does"),
          Map.entry("SOURCE SOURCE MACHINE get virtualmachinepreferences", "the same"),
          Map.entry("SOURCE SOURCE CLUSTER get virtualmachineclusterinstancetypes", "the same"),
          Map.entry("SOURCE SOURCE CLUSTER get virtualmachineclusterpreferences", "the same"),
          Map.entry(
              "TARGET TARGET MACHINE update virtualmachines/finalizers",
              "no request, but what OwnerReferencesPermissionEnforcement asks for"),
          Map.entry(
              "TARGET TARGET MACHINE patch virtualmachineinstancemigrations",
              "the receive half is touched where it is silent, and freed where it is stuck"),
          Map.entry(
              "TARGET TARGET MACHINE patch virtualmachineinstancetypes",
              "as for a Secret that two machines use"),
          Map.entry("TARGET TARGET MACHINE patch virtualmachinepreferences", "the same"),
          Map.entry(
              "TARGET TARGET CLUSTER list storageclasses",
              "where neither claim nor plan names a class"),
          Map.entry(
              "TARGET TARGET KUBEVIRT get kubevirts",
              "where the receive half does not show the synchronization address"));

  private final Set<String> used = new TreeSet<>();

  @Test
  void everyVerbOfEveryRoleIsUsedByARun() {
    wholeMove();
    rollBack();
    sharing();
    clusterWide();
    exports();
    stuck();
    crashed();
    kept();
    bundles();
    thereAndBack();

    Set<String> declared = new LinkedHashSet<>();
    for (Right right : Rights.all()) {
      for (Side side : right.grant().sides()) {
        if (side != Side.HOST) {
          right.verbs().forEach(verb -> declared.add(line(side, right, verb)));
        }
      }
    }
    declared.removeAll(used);
    assertThat(declared).containsExactlyInAnyOrderElementsOf(UNUSED.keySet());
  }

  private void wholeMove() {
    try (MigrationRig rig = rich("RerunOnFailure")) {
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).to(new VmRef("fresh", "web")));
      rig.plan = rig.plan.toBuilder().network(new NetworkMapping("ns/lan", "ns/lan")).build();
      settings(rig, "createNamespace", "true");
      rig.run();
      note(rig);
    }
  }

  private void rollBack() {
    try (MigrationRig rig = rich("Always")) {
      settings(rig, "instancetypes", "copy");
      rig.world.source().hold(Switch.FAIL_SOURCE);
      rig.run();
      note(rig);
    }
  }

  private void sharing() {
    try (MigrationRig rig = rich("Always")) {
      settings(rig, "instancetypes", "copy");
      twin(rig);
      rig.world.source().hold(Switch.FAIL_SOURCE);
      rig.runUntil("both end", status -> ended(rig) == 2);
      note(rig);
    }
  }

  private void clusterWide() {
    for (String kinds : List.of("Cluster", "")) {
      try (MigrationRig rig = rich("Always")) {
        rig.edit(
            Side.SOURCE,
            vm -> {
              Map<String, Object> spec = vm.getAdditionalProperties();
              Tree.put(
                  spec, "VirtualMachine" + kinds + "Instancetype", "spec", "instancetype", "kind");
              Tree.put(spec, "VirtualMachine" + kinds + "Preference", "spec", "preference", "kind");
              RightsMissingTest.refer(vm);
            });
        settings(rig, "instancetypes", "require");
        rig.runner().validate(rig.plan);
        note(rig);
      }
    }
  }

  private void exports() {
    try (MigrationRig rig = rich("Always")) {
      settings(rig, "serviceExports", "mcs");
      twin(rig);
      rig.runUntil("both end", status -> ended(rig) == 2);
      note(rig);
    }
  }

  /** A receiver's pod that does not start, and a send half that somebody deletes meanwhile. */
  private void stuck() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.POD_PENDING);
      rig.runUntil("scheduling", status -> rig.half(Side.SOURCE).equals("Scheduling"));
      rig.deleteHalf(Side.SOURCE);
      rig.run();
      note(rig);
    }
  }

  /** The source's launcher ends while it copies, and its pod stays. */
  private void crashed() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.world.source().hold(Switch.SOURCE_POD_STAYS);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).crash();
      rig.run();
      note(rig);
    }
  }

  /** There and back again, onto the halted machine. */
  private void thereAndBack() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.run();
      Endpoint from = rig.plan.target();
      MigrationPlan.Builder back = MigrationPlan.builder("back", from, rig.plan.source());
      rig.plan =
          back.type(MigrationType.LIVE)
              .vm(MigrationRig.NAMESPACE, MigrationRig.NAME)
              .storage(StorageMapping.of("*", "local"))
              .settings(Map.of("haltedTarget", "adopt"))
              .build();
      rig.clusters.requests(Side.SOURCE).clear();
      rig.clusters.requests(Side.TARGET).clear();
      rig.run();
      note(rig);
    }
  }

  /** A roll-back that leaves the volumes, which the receiver owned. */
  private void kept() {
    try (MigrationRig rig = rich("Always")) {
      settings(rig, "volumes.keepOnRollback", "true");
      own(rig);
      rig.world.source().hold(Switch.FAIL_SOURCE);
      rig.run();
      note(rig);
    }
  }

  /** Without watches, with an external bundle that has no text, and with trust that is lost. */
  private void bundles() {
    try (MigrationRig rig = new MigrationRig().direct().booted()) {
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        replace(rig, side, Kind.CONFIG_MAP, Trust.EXTERNAL, map -> map.remove("data"));
      }
      rig.world.target().hold(Switch.POD_PENDING);
      rig.runUntil("scheduling", status -> rig.half(Side.SOURCE).equals("Scheduling"));
      replace(
          rig,
          Side.TARGET,
          Kind.KUBEVIRT,
          "kubevirt",
          map ->
              Tree.put(
                  map, 7, "spec", "configuration", "migrations", "parallelMigrationsPerCluster"));
      rig.idle(Duration.ofSeconds(30));
      rig.world.target().release(Switch.POD_PENDING);
      rig.run();
      note(rig);
    }
  }

  private static void replace(
      MigrationRig rig, Side side, Kind kind, String name, Consumer<Map<String, Object>> change) {
    GenericKubernetesResource found =
        new Cluster(side, rig.clusters.actorClient(side)).get(kind, "kubevirt", name).orElseThrow();
    change.accept(found.getAdditionalProperties());
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace("kubevirt")
        .resource(found)
        .update();
  }

  /** The machine owns its claims, so that deleting it would delete the disks. */
  private static void own(MigrationRig rig) {
    GenericKubernetesResource vm =
        rig.get(Side.SOURCE, Kind.VIRTUAL_MACHINE, MigrationRig.NAME).orElseThrow();
    Map<String, Object> owner =
        Map.of(
            "apiVersion", vm.getApiVersion(),
            "kind", vm.getKind(),
            "name", vm.getMetadata().getName(),
            "uid", vm.getMetadata().getUid());
    Cluster cluster = new Cluster(Side.SOURCE, rig.clusters.actorClient(Side.SOURCE));
    for (Kind kind : List.of(Kind.DATA_VOLUME, Kind.PVC)) {
      String name = kind == Kind.PVC ? "web-d0" : "web-root";
      JsonPatch patch =
          JsonPatch.of(rig.get(Side.SOURCE, kind, name).orElseThrow().getMetadata().getUid())
              .add("/metadata/ownerReferences", List.of(owner));
      assertThat(cluster.patch(kind, MigrationRig.NAMESPACE, name, patch)).isPresent();
    }
  }

  private static MigrationRig rich(String strategy) {
    MigrationRig rig = new MigrationRig();
    rig.sample =
        MoveTest.full()
            .disk("d0", "1Gi")
            .instancetype("small", "linux")
            .network("lan", "02:00:00:00:00:01")
            .strategy(strategy);
    rig.booted();
    rig.clusters
        .actorClient(Side.TARGET)
        .resource(Kind.NETWORK_ATTACHMENT.blank(MigrationRig.NAMESPACE, "lan"))
        .create();
    rig.plan =
        rig.plan.toBuilder().requester(new Requester("ann", List.of("system:masters"))).build();
    rig.rights =
        side ->
            question ->
                question.user().equals("ann") || ShippedRoles.everything(side).allows(question);
    return rig;
  }

  private static void settings(MigrationRig rig, String key, String value) {
    rig.plan = rig.plan.toBuilder().settings(Map.of(key, value)).build();
  }

  private static void twin(MigrationRig rig) {
    SampleVm twin = SampleVm.of(MigrationRig.NAMESPACE, "twin").disk("d1", "1Gi");
    twin.volume(
        "cloudinit", Map.of("cloudInitNoCloud", Map.of("secretRef", Map.of("name", "user-data"))));
    twin.volume("settings", Map.of("configMap", Map.of("name", "settings")));
    twin.boot(rig.simulator);
    MigrationPlan.Builder both = rig.plan.toBuilder().vm(MigrationRig.NAMESPACE, "twin");
    rig.plan = both.build();
  }

  private static long ended(MigrationRig rig) {
    return rig.store.load(rig.plan.id()).stream().filter(each -> each.state().isFinal()).count();
  }

  private void note(MigrationRig rig) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      boolean back = rig.plan.source().name().equals("b");
      Side asked = side != Side.SOURCE == back ? Side.SOURCE : Side.TARGET;
      for (ApiRequest request : rig.clusters.requests(asked).all()) {
        for (Right right : Rights.all()) {
          if (right.kind().plural().equals(request.resource())
              && right.kind().group().equals(request.group())
              && right.subresource().equals(request.subresource())
              && (right.place() != Right.Place.KUBEVIRT || request.namespace().equals("kubevirt"))
              && (right.place() != Right.Place.MACHINE || !request.namespace().equals("kubevirt"))
              && right.grant().sides().contains(side)) {
            used.add(line(side, right, request.verb().name().toLowerCase(Locale.ROOT)));
          }
        }
      }
    }
  }

  private static String line(Side side, Right right, String verb) {
    return side
        + " "
        + right.grant()
        + " "
        + right.place()
        + " "
        + verb
        + " "
        + right.resource()
        + (right.name().isEmpty() ? "" : " " + right.name());
  }
}
