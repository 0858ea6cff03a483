package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.PreflightCase.of;

import dev.migrator.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be the matter with a machine on the source and with what it refers to there. */
final class SourceCases {

  private SourceCases() {}

  static List<PreflightCase> all() {
    return Stream.concat(
            RulesTest.states().map(row -> of(row.code()).machine(row.change())), more().stream())
        .toList();
  }

  private static List<PreflightCase> more() {
    return List.of(
        of(ConcernCode.SOURCE_MISSING).plan(plan -> plan.vm(Machines.NAMESPACE, "nobody")),
        of(
                ConcernCode.SHAREABLE_DISK,
                ConcernCode.LUN_DISK,
                ConcernCode.HOST_DISK,
                ConcernCode.EPHEMERAL_DISK,
                ConcernCode.CONTAINER_PATH,
                ConcernCode.MEMORY_DUMP_ATTACHED,
                ConcernCode.UNKNOWN_VOLUME_TYPE,
                ConcernCode.VIRTIOFS,
                ConcernCode.GPU,
                ConcernCode.HOST_DEVICE,
                ConcernCode.RESOURCE_CLAIM,
                ConcernCode.BINDING_NOT_MIGRATABLE)
            .own("refused-devices"),
        of(ConcernCode.PERSISTENT_STATE_SHARED)
            .own("trusted")
            .machine(
                machine ->
                    machine.instanceStatus(
                        status ->
                            status.put(
                                "volumeStatus",
                                List.of(
                                    Map.of(
                                        "persistentVolumeClaimInfo",
                                        Map.of(
                                            "claimName",
                                            "persistent-state-for-trusted-x",
                                            "accessModes",
                                            List.of("ReadWriteMany"))))))),
        of(ConcernCode.PERSISTENT_STATE_VERSION)
            .own("trusted")
            .world(
                world ->
                    world.kubeVirt(
                        Side.SOURCE,
                        it -> Tree.put(it, "v1.8.4", "status", "observedKubeVirtVersion"))),
        of(ConcernCode.SECRET_NOT_PORTABLE)
            .own("everything")
            .machine(
                machine ->
                    machine.secret(
                        "slic-table", it -> it.put("type", "kubernetes.io/service-account-token"))),
        of(ConcernCode.SECRET_MISSING)
            .own("everything")
            .machine(machine -> machine.without(ReferenceKind.SECRET, "ssh-key")),
        of(ConcernCode.CONFIG_MAP_MISSING)
            .own("everything")
            .machine(machine -> machine.without(ReferenceKind.CONFIG_MAP, "settings")),
        of(ConcernCode.INSTANCETYPE_CONTENT_UNKNOWN)
            .own("sized")
            .setting("instancetypes", "require")
            .world(
                world ->
                    world.delete(
                        Side.SOURCE,
                        Kind.CONTROLLER_REVISION,
                        Machines.NAMESPACE,
                        "sized-two-by-four-1")),
        of(ConcernCode.IMAGE_NOT_PINNED).own("everything"),
        of(ConcernCode.SRIOV_INTERFACE)
            .machine(
                machine ->
                    machine.both(
                        spec ->
                            Tree.put(
                                spec,
                                new ArrayList<>(
                                    List.of(
                                        PreflightWorld.map(
                                            "name", "default", "sriov", PreflightWorld.map()))),
                                "domain",
                                "devices",
                                "interfaces"))));
  }
}
