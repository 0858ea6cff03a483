package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule about a machine fires for its own reason, and none fires for a plain machine. */
class RulesTest {

  private static final KubeVirtView KUBEVIRT = KubeVirts.of("v1.9.0");

  @Test
  void aPlainMachineGivesNoCauseForConcern() {
    assertThat(judge(Machines.plain(), plan -> plan, TargetFacts.unknown()))
        .extracting(Concern::code)
        .containsExactly("PodAddressChanges");
  }

  static Stream<State> states() {
    return Stream.of(
        state(ConcernCode.SOURCE_DELETING, m -> m.machine(it -> delete(it))),
        state(ConcernCode.SOURCE_DELETING, m -> m.instance(it -> delete(it))),
        state(ConcernCode.SOURCE_NOT_RUNNING, m -> m.stopped()),
        state(
            ConcernCode.SOURCE_NOT_RUNNING, m -> m.instanceStatus(it -> it.put("phase", "Failed"))),
        state(ConcernCode.SOURCE_NOT_RUNNING, m -> m.condition("Ready", "False", "PodTerminating")),
        state(ConcernCode.SOURCE_NOT_RUNNING, m -> m.spec(it -> it.put("runStrategy", "Halted"))),
        state(
            ConcernCode.SOURCE_IS_RECEIVER,
            m -> m.spec(it -> it.put("runStrategy", "WaitAsReceiver"))),
        state(
            ConcernCode.SOURCE_IS_RECEIVER,
            m ->
                m.instance(
                    it ->
                        it.getMetadata()
                            .setAnnotations(Map.of(VmiView.CREATE_MIGRATION_TARGET, "true")))),
        state(
            ConcernCode.RUN_STRATEGY_UNSUPPORTED,
            m -> m.spec(it -> it.put("runStrategy", "Whenever"))),
        state(ConcernCode.MIGRATION_IN_FLIGHT, m -> m.migration("Scheduling")),
        state(
            ConcernCode.EVACUATION_IN_PROGRESS,
            m -> m.instanceStatus(it -> it.put("evacuationNodeName", "node-1"))),
        state(
            ConcernCode.VOLUME_MIGRATION_IN_PROGRESS,
            m -> m.condition("VolumesChange", "True", "Migrating")),
        state(
            ConcernCode.VOLUME_MIGRATION_IN_PROGRESS,
            m ->
                m.instanceStatus(
                    it -> it.put("migratedVolumes", List.of(Map.of("volumeName", "root"))))),
        state(
            ConcernCode.RESTART_REQUIRED,
            m ->
                m.status(
                    it -> Machines.setCondition(it, "RestartRequired", "True", "SpecChanged"))),
        state(
            ConcernCode.RESTART_REQUIRED,
            m -> m.instanceSpec(it -> it.put("volumes", new ArrayList<>()))),
        state(
            ConcernCode.HOTPLUG_PENDING, m -> m.condition("HotVCPUChange", "True", "Hotplugging")),
        state(
            ConcernCode.HOTPLUG_PENDING,
            m -> m.condition("HotMemoryChange", "True", "Hotplugging")),
        state(
            ConcernCode.VOLUME_REQUEST_PENDING,
            m -> m.status(it -> it.put("volumeRequests", List.of(Map.of("addVolumeOptions", ""))))),
        state(
            ConcernCode.STATE_CHANGE_PENDING,
            m -> m.status(it -> it.put("stateChangeRequests", List.of(Map.of("action", "Stop"))))),
        state(
            ConcernCode.SNAPSHOT_IN_PROGRESS,
            m -> m.status(it -> it.put("snapshotInProgress", "snap"))),
        state(
            ConcernCode.SNAPSHOT_IN_PROGRESS,
            m -> m.status(it -> it.put("restoreInProgress", "back"))),
        state(
            ConcernCode.BACKUP_IN_PROGRESS,
            m ->
                m.instanceStatus(
                    it -> Tree.put(it, "nightly", "changedBlockTracking", "backupStatus", "name"))),
        state(
            ConcernCode.MEMORY_DUMP_ATTACHED,
            m -> m.status(it -> it.put("memoryDumpRequest", Map.of("claimName", "dump")))),
        state(
            ConcernCode.UTILITY_VOLUME_ATTACHED,
            m -> m.instanceSpec(it -> it.put("utilityVolumes", List.of(Map.of("name", "tool"))))),
        state(
            ConcernCode.VOLUME_ONLY_ON_INSTANCE,
            m ->
                m.instanceSpec(
                    it ->
                        it.put(
                            "volumes",
                            List.of(
                                Map.of("name", "root", "dataVolume", Map.of("name", "web-root")),
                                Map.of("name", "usb", "dataVolume", Map.of("name", "usb")))))),
        state(ConcernCode.GUEST_PAUSED, m -> m.condition("Paused", "True", "PausedByUser")),
        state(
            ConcernCode.NOT_LIVE_MIGRATABLE,
            m -> m.condition("LiveMigratable", "False", "InterfaceNotLiveMigratable")),
        state(
            ConcernCode.NOT_STORAGE_MIGRATABLE,
            m -> m.condition("StorageLiveMigratable", "False", "NotMigratable")),
        state(
            ConcernCode.STORAGE_MIGRATABILITY_UNKNOWN,
            m -> m.condition("StorageLiveMigratable", null, "")),
        state(ConcernCode.CLAIM_MISSING, m -> m.without(ReferenceKind.CLAIM, "web-root")),
        state(
            ConcernCode.CLAIM_SIZE_UNKNOWN,
            m ->
                m.claim(
                    "web-root",
                    it -> {
                      Tree.remove(it, "spec", "resources");
                      Tree.remove(it, "status", "capacity");
                    })),
        state(
            ConcernCode.UNKNOWN_REFERENCE,
            m -> m.both(it -> Tree.put(it, "key", "domain", "launchToken", "secretName"))),
        state(
            ConcernCode.RESOURCE_CLAIM,
            m ->
                m.both(
                    it ->
                        it.put(
                            "networks",
                            List.of(Map.of("name", "default", "resourceClaim", Map.of()))))),
        state(
            ConcernCode.NODE_CONSTRAINTS,
            m -> m.both(it -> it.put("affinity", Map.of("nodeAffinity", Map.of())))),
        state(
            ConcernCode.DEDICATED_RESOURCES,
            m -> m.both(it -> Tree.put(it, true, "domain", "cpu", "dedicatedCpuPlacement"))),
        state(
            ConcernCode.IDENTITY_INCOMPLETE,
            m -> m.instanceSpec(it -> Tree.remove(it, "domain", "firmware", "serial"))),
        state(
            ConcernCode.IDENTITY_INCOMPLETE,
            m -> m.instanceSpec(it -> Tree.remove(it, "domain", "firmware", "uuid"))),
        state(
            ConcernCode.IDENTITY_INCOMPLETE,
            m -> m.instance(it -> it.getMetadata().setAnnotations(Map.of()))));
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStateIsFound(State state) {
    assertThat(judge(state.change().apply(Machines.plain()), plan -> plan, TargetFacts.unknown()))
        .extracting(Concern::code)
        .contains(state.code().code());
  }

  @Test
  void anAttemptThatEndedIsNoReasonToRefuseTheNext() {
    // Left behind for good by a copy that was cancelled.
    Machines machine =
        Machines.plain()
            .migration("Failed")
            .instanceStatus(
                it -> {
                  it.put("migratedVolumes", List.of(Map.of("volumeName", "root")));
                  it.put("migrationState", Map.of("completed", true, "failed", true));
                });
    assertThat(critical(machine)).isEmpty();
  }

  @Test
  void disksThatCannotMigrateByThemselvesAreWhatThisMoveCopies() {
    Machines machine =
        Machines.plain().condition("LiveMigratable", "False", "DisksNotLiveMigratable");
    assertThat(critical(machine)).isEmpty();
  }

  @Test
  void bridgesOnThePodNetworkNeedTheAnnotation() {
    UnaryOperator<Machines> bridge =
        machine ->
            machine.both(
                it ->
                    Tree.put(
                        it,
                        new ArrayList<>(
                            List.of(
                                new LinkedHashMap<>(
                                    Map.of("name", "default", "bridge", Map.of())))),
                        "domain",
                        "devices",
                        "interfaces"));
    assertThat(critical(bridge.apply(Machines.plain())))
        .containsExactly(ConcernCode.BINDING_NOT_MIGRATABLE.code());
    Machines allowed =
        bridge
            .apply(Machines.plain())
            .spec(
                it ->
                    Tree.put(
                        it,
                        "",
                        "template",
                        "metadata",
                        "annotations",
                        "kubevirt.io/allow-pod-bridge-network-live-migration"));
    assertThat(critical(allowed)).isEmpty();
  }

  @Test
  void missingBelongingsAreNamedUnlessOptional() {
    Machines machine =
        Machines.own("everything")
            .without(ReferenceKind.SECRET, "ssh-key")
            .without(ReferenceKind.CONFIG_MAP, "settings")
            .without(ReferenceKind.CONFIG_MAP, "maybe");
    assertThat(judge(machine, plan -> plan, TargetFacts.unknown()))
        .filteredOn(Concern::isCritical)
        .extracting(Concern::code, Concern::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("SecretMissing", "Secret demo/ssh-key"),
            org.assertj.core.groups.Tuple.tuple("ConfigMapMissing", "ConfigMap demo/settings"));
  }

  @Test
  void aServiceAccountsTokenIsNotPortable() {
    Machines machine =
        Machines.own("everything")
            .secret("slic-table", it -> it.put("type", "kubernetes.io/service-account-token"));
    assertThat(critical(machine)).containsExactly("SecretNotPortable");
  }

  @Test
  void whatArrivesOtherwiseIsSaid() {
    List<Concern> found =
        judge(
            Machines.own("everything").withoutImages(),
            plan ->
                plan.network(new NetworkMapping("pod", "demo/lan"))
                    .network(new NetworkMapping("vlan-7", null)),
            TargetFacts.unknown());
    assertThat(found)
        .extracting(Concern::code)
        .contains(
            "NetworkRebound",
            "NetworkDropped",
            "SecretsCopied",
            "ServiceAccountToken",
            "ImageNotPinned",
            "NodeConstraints");
    assertThat(found).noneMatch(Concern::isCritical);
    assertThat(found)
        .filteredOn(it -> it.code().equals("SecretsCopied"))
        .singleElement()
        .extracting(Concern::message)
        .asString()
        .contains("drive, init, network-data, password, pull-kernel");
  }

  @Test
  void twoPodNetworksAreOneTooMany() {
    assertThat(
            critical(
                Machines.own("everything"),
                plan -> plan.network(new NetworkMapping("demo/vlan-7", "pod")),
                TargetFacts.unknown()))
        .containsExactly("PodNetworkTwice");
  }

  @Test
  void stateOfATpmNeedsFixedVersionsAndAVolumeThatIsCopied() {
    Machines machine = Machines.own("trusted");
    assertThat(critical(machine)).isEmpty();
    assertThat(
            codes(
                Migratability.ofMachine(
                    machine.build(),
                    machine.plan().build(),
                    machine.planned(),
                    KubeVirtOptions.of(machine.plan().build()),
                    KubeVirts.of("v1.8.4"),
                    KUBEVIRT,
                    TargetFacts.unknown())))
        .contains("PersistentStateVersion");
    Machines shared =
        Machines.own("trusted")
            .instanceStatus(
                it ->
                    it.put(
                        "volumeStatus",
                        List.of(
                            Map.of(
                                "persistentVolumeClaimInfo",
                                Map.of(
                                    "claimName",
                                    "persistent-state-for-trusted-x",
                                    "accessModes",
                                    List.of("ReadWriteMany"))))));
    assertThat(judge(shared, plan -> plan, TargetFacts.unknown()))
        .filteredOn(it -> it.code().equals("PersistentStateShared"))
        .singleElement()
        .extracting(Concern::severity)
        .isEqualTo(Severity.WARNING);
    assertThat(stateOnTarget(shared, "ReadWriteMany"))
        .extracting(Concern::severity)
        .containsExactly(Severity.CRITICAL);
    assertThat(stateOnTarget(shared, "ReadWriteOnce")).isEmpty();
  }

  private static List<Concern> stateOnTarget(Machines machine, String accessMode) {
    GenericKubernetesResource profile = Kind.STORAGE_PROFILE.blank("", "state");
    Tree.put(
        profile.getAdditionalProperties(),
        List.of(Map.of("accessModes", List.of(accessMode), "volumeMode", "Filesystem")),
        "status",
        "claimPropertySets");
    KubeVirtView target =
        KubeVirts.of(
            "v1.9.0", it -> Tree.put(it, "state", "spec", "configuration", "vmStateStorageClass"));
    MigrationPlan plan = machine.plan().build();
    return Migratability.ofMachine(
            machine.build(),
            plan,
            machine.planned(),
            KubeVirtOptions.of(plan),
            KUBEVIRT,
            target,
            TargetFacts.unknown().with(Kind.STORAGE_PROFILE, "", "state", Optional.of(profile)))
        .stream()
        .filter(it -> it.code().equals("PersistentStateShared"))
        .toList();
  }

  private static List<String> critical(Machines machine) {
    return critical(machine, plan -> plan, TargetFacts.unknown());
  }

  private static List<String> critical(
      Machines machine, UnaryOperator<MigrationPlan.Builder> change, TargetFacts facts) {
    return codes(judge(machine, change, facts).stream().filter(Concern::isCritical).toList());
  }

  private static List<String> codes(List<Concern> concerns) {
    return concerns.stream().map(Concern::code).toList();
  }

  static List<Concern> judge(
      Machines machine, UnaryOperator<MigrationPlan.Builder> change, TargetFacts facts) {
    MigrationPlan plan = change.apply(machine.plan()).build();
    return Migratability.ofMachine(
        machine.build(),
        plan,
        machine.planned(),
        KubeVirtOptions.of(plan),
        KUBEVIRT,
        KUBEVIRT,
        facts);
  }

  /** A code, and what makes a plain machine give cause for it. */
  record State(ConcernCode code, UnaryOperator<Machines> change) {}

  private static State state(ConcernCode code, UnaryOperator<Machines> change) {
    return new State(code, change);
  }

  private static void delete(GenericKubernetesResource object) {
    object.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
  }
}
