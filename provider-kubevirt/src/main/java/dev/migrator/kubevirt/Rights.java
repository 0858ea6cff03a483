package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.Grant.EXPORTS;
import static dev.migrator.kubevirt.Grant.HOST;
import static dev.migrator.kubevirt.Grant.NAMESPACES;
import static dev.migrator.kubevirt.Grant.REQUESTERS;
import static dev.migrator.kubevirt.Grant.SOURCE;
import static dev.migrator.kubevirt.Grant.TARGET;
import static dev.migrator.kubevirt.Grant.TRUST;
import static dev.migrator.kubevirt.Right.Place.CLUSTER;
import static dev.migrator.kubevirt.Right.Place.KUBEVIRT;
import static dev.migrator.kubevirt.Right.Place.MACHINE;
import static dev.migrator.kubevirt.Right.Place.NETWORKS;

import java.util.List;

/**
 * Everything that this provider does on a cluster: the one declaration from which the access
 * reviews of preflight, the shipped roles and {@code docs/rights.md} come (R12).
 *
 * <p>Tests run the provider under exactly these rights, so a request that is not declared here is
 * refused there, and one that is declared and never made is found.
 */
final class Rights {

  private Rights() {}

  private static final List<Right> ON_SOURCE =
      List.of(
          Right.of(SOURCE, MACHINE, Kind.VIRTUAL_MACHINE, When.ALWAYS, "get", "read the machine")
              .requester("get"),
          Right.of(
                  SOURCE,
                  MACHINE,
                  Kind.VIRTUAL_MACHINE,
                  When.ALWAYS,
                  "patch",
                  "keep the source from booting again: its run strategy is switched, then Halted")
              .requester("patch"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.INSTANCE,
              When.ALWAYS,
              "get list watch",
              "see how the guest is"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.MIGRATION,
              When.ALWAYS,
              "get list watch create",
              "make the send half and follow it"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.MIGRATION,
              When.ALWAYS,
              "patch delete",
              "end the send half, touch one that is silent, free one that KubeVirt would keep"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.POD,
              When.ALWAYS,
              "list",
              "prove that the guest runs, and find the digests of its images"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.POD,
              When.ALWAYS,
              "delete",
              "remove an ended launcher pod, so that KubeVirt sees that the guest has ended"),
          Right.of(
              SOURCE, MACHINE, Kind.EVENT, When.ALWAYS, "list", "say why an attempt has failed"),
          Right.of(SOURCE, MACHINE, Kind.PVC, When.VOLUMES, "get", "learn sizes and modes"),
          Right.of(
              SOURCE, MACHINE, Kind.DATA_VOLUME, When.REFERRED, "get", "learn sizes and modes"),
          Right.of(SOURCE, MACHINE, Kind.SECRET, When.REFERRED, "get", "take it along")
              .requester("get"),
          Right.of(SOURCE, MACHINE, Kind.CONFIG_MAP, When.REFERRED, "get", "take it along")
              .requester("get"),
          Right.of(
              SOURCE,
              MACHINE,
              Kind.CONTROLLER_REVISION,
              When.KEPT,
              "get",
              "learn the instance type and preference that are in force"),
          Right.of(SOURCE, MACHINE, Kind.INSTANCETYPE, When.KEPT, "get", "learn its content"),
          Right.of(SOURCE, MACHINE, Kind.PREFERENCE, When.KEPT, "get", "learn its content"),
          Right.of(
              SOURCE, CLUSTER, Kind.CLUSTER_INSTANCETYPE, When.KEPT, "get", "learn its content"),
          Right.of(SOURCE, CLUSTER, Kind.CLUSTER_PREFERENCE, When.KEPT, "get", "learn its content"),
          Right.of(SOURCE, CLUSTER, Kind.NODE, When.FULL, "get", "learn the guest's CPU"),
          Right.of(
              SOURCE, CLUSTER, Kind.NAMESPACE, When.FULL, "get", "see which policy selects it"),
          Right.of(
              SOURCE,
              CLUSTER,
              Kind.MIGRATION_POLICY,
              When.FULL,
              "list",
              "see what rules the machine's migrations"),
          Right.of(SOURCE, CLUSTER, Kind.KUBEVIRT, When.ALWAYS, "list", "find KubeVirt"),
          Right.of(
                  SOURCE,
                  KUBEVIRT,
                  Kind.CONFIG_MAP,
                  When.TWO_CLUSTERS,
                  "get list watch",
                  "see whom this cluster trusts")
              .named(Trust.BUNDLE));

  private static final List<Right> ON_TARGET =
      List.of(
          Right.of(
                  TARGET, MACHINE, Kind.VIRTUAL_MACHINE, When.ALWAYS, "create", "make the receiver")
              .requester("create"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.VIRTUAL_MACHINE,
              When.ALWAYS,
              "get patch delete",
              "watch over the receiver, repair its run strategy, take it back"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.VIRTUAL_MACHINE,
                  When.ADOPTED,
                  "patch",
                  "move onto the halted machine that is there")
              .requester("patch"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.VIRTUAL_MACHINE,
              When.FULL,
              "list",
              "see whether a MAC address is taken"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.VIRTUAL_MACHINE,
                  When.OWNED,
                  "update",
                  "make it the owner of its volumes where OwnerReferencesPermissionEnforcement is on")
              .sub("finalizers"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.INSTANCE,
              When.ALWAYS,
              "get list watch",
              "see how the guest is"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.MIGRATION,
              When.ALWAYS,
              "get list watch create",
              "make the receive half and follow it"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.MIGRATION,
              When.ALWAYS,
              "patch delete",
              "end the receive half, touch one that is silent, free one that KubeVirt would keep"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.POD,
              When.ALWAYS,
              "list delete",
              "find and end the launcher pod of a receiver that is stuck"),
          Right.of(
              TARGET, MACHINE, Kind.EVENT, When.ALWAYS, "list", "say why an attempt has failed"),
          Right.of(TARGET, MACHINE, Kind.DATA_VOLUME, When.MADE, "create", "make blank volumes")
              .requester("create"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.DATA_VOLUME,
              When.MADE,
              "get list watch patch delete",
              "wait for the volumes, give them their owner, take them back"),
          Right.of(TARGET, MACHINE, Kind.PVC, When.MADE, "create", "make blank volumes")
              .requester("create"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.PVC,
              When.MADE,
              "list watch patch delete",
              "wait for the volumes, give them their owner, take them back"),
          Right.of(TARGET, MACHINE, Kind.PVC, When.VOLUMES, "get", "wait for the volumes"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.SECRET,
                  When.MADE,
                  "get create",
                  "bring it, or find its equal")
              .requester("get create"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.SECRET,
              When.MADE,
              "patch delete",
              "note who uses it, take it back"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.CONFIG_MAP,
                  When.MADE,
                  "get create",
                  "bring it, or find its equal")
              .requester("get create"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.CONFIG_MAP,
              When.MADE,
              "patch delete",
              "note who uses it, take it back"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.INSTANCETYPE,
                  When.MADE,
                  "create patch delete",
                  "bring it, note who uses it, take it back")
              .requester("create"),
          Right.of(TARGET, MACHINE, Kind.INSTANCETYPE, When.KEPT, "get", "compare its content"),
          Right.of(
                  TARGET,
                  MACHINE,
                  Kind.PREFERENCE,
                  When.MADE,
                  "create patch delete",
                  "bring it, note who uses it, take it back")
              .requester("create"),
          Right.of(TARGET, MACHINE, Kind.PREFERENCE, When.KEPT, "get", "compare its content"),
          Right.of(
              TARGET, CLUSTER, Kind.CLUSTER_INSTANCETYPE, When.KEPT, "get", "compare its content"),
          Right.of(
              TARGET, CLUSTER, Kind.CLUSTER_PREFERENCE, When.KEPT, "get", "compare its content"),
          Right.of(TARGET, MACHINE, Kind.RESOURCE_QUOTA, When.FULL, "list", "see whether it fits"),
          Right.of(TARGET, MACHINE, Kind.LIMIT_RANGE, When.FULL, "list", "see whether it fits"),
          Right.of(
              TARGET,
              MACHINE,
              Kind.SERVICE_ACCOUNT,
              When.FULL_REFERRED,
              "get",
              "see whether it is there"),
          Right.of(
              TARGET,
              NETWORKS,
              Kind.NETWORK_ATTACHMENT,
              When.FULL,
              "get",
              "see whether it is there"),
          Right.of(
              TARGET,
              CLUSTER,
              Kind.PRIORITY_CLASS,
              When.FULL_REFERRED,
              "get",
              "see whether it is there"),
          Right.of(
              TARGET, CLUSTER, Kind.NAMESPACE, When.FULL, "get", "see whether pods may run there"),
          Right.of(
              TARGET, CLUSTER, Kind.NODE, When.FULL, "list", "see whether one suits the guest"),
          Right.of(
              TARGET, CLUSTER, Kind.MIGRATION_POLICY, When.FULL, "list", "see what rules the copy"),
          Right.of(
              TARGET,
              CLUSTER,
              Kind.STORAGE_CLASS,
              When.VOLUMES,
              "get",
              "see when volumes are bound"),
          Right.of(
              TARGET, CLUSTER, Kind.STORAGE_CLASS, When.FULL, "list", "find the default class"),
          Right.of(TARGET, CLUSTER, Kind.CDI, When.FULL, "list", "see whether volumes can be made"),
          Right.of(
              TARGET,
              CLUSTER,
              Kind.STORAGE_PROFILE,
              When.FULL,
              "get",
              "see which modes a class offers"),
          Right.of(TARGET, CLUSTER, Kind.KUBEVIRT, When.ALWAYS, "list", "find KubeVirt"),
          Right.of(
              TARGET,
              KUBEVIRT,
              Kind.KUBEVIRT,
              When.ALWAYS,
              "get",
              "learn the synchronization address of now"),
          Right.of(
                  TARGET,
                  KUBEVIRT,
                  Kind.CONFIG_MAP,
                  When.TWO_CLUSTERS,
                  "get list watch",
                  "see whom this cluster trusts")
              .named(Trust.BUNDLE));

  private static final List<Right> OPTIONAL =
      List.of(
          Right.of(
                  TRUST,
                  KUBEVIRT,
                  Kind.CONFIG_MAP,
                  When.TWO_CLUSTERS,
                  "get patch",
                  "hand in the certificates of the other cluster")
              .named(Trust.EXTERNAL),
          Right.of(
              EXPORTS,
              KUBEVIRT,
              Kind.SERVICE,
              When.EXPORTS,
              "get create patch delete",
              "make the synchronization endpoint, note who uses it, take it back"),
          Right.of(
              EXPORTS,
              KUBEVIRT,
              Kind.SERVICE_EXPORT,
              When.EXPORTS,
              "get create patch delete",
              "export the synchronization endpoint, note who uses it, take it back"),
          Right.of(
                  NAMESPACES,
                  CLUSTER,
                  Kind.NAMESPACE,
                  When.NEW_NAMESPACE,
                  "get create",
                  "make the namespace where it is missing")
              .requester("create"),
          Right.of(
              REQUESTERS,
              CLUSTER,
              Kind.SUBJECT_ACCESS_REVIEW,
              When.REQUESTER,
              "create",
              "ask whether the requester may do it"),
          Right.of(
              HOST,
              Right.Place.HOST,
              Kind.JOB,
              When.HOOKS,
              "get list watch create patch delete",
              "run a hook, see how it ends, end one whose machine is cancelled"),
          Right.of(
              HOST, Right.Place.HOST, Kind.POD, When.HOOKS, "list", "say why a hook has failed"),
          Right.of(
              HOST,
              Right.Place.HOST,
              Kind.CONFIG_MAP,
              When.HOOKS,
              "get create",
              "tell a hook what the migration knows"),
          Right.of(
              HOST,
              Right.Place.HOST,
              Kind.CONFIG_MAP,
              When.STATUSES,
              "get list create patch delete",
              "keep the status of each machine"));

  /** All of them, in the order of the document. */
  static List<Right> all() {
    return ALL;
  }

  private static final List<Right> ALL =
      java.util.stream.Stream.of(ON_SOURCE, ON_TARGET, OPTIONAL).flatMap(List::stream).toList();
}
