package dev.migrator.kubevirt;

import static dev.migrator.model.Severity.ADVISORY;
import static dev.migrator.model.Severity.CRITICAL;
import static dev.migrator.model.Severity.WARNING;

import dev.migrator.model.Concern;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every finding that this provider can make before a migration, with its usual weight and its
 * remedy: the one declaration that {@code docs/preflight.md} is checked against.
 */
enum ConcernCode {
  // The plan.
  INVALID_SETTINGS("Correct the settings; docs/settings.md lists every key."),
  INVALID_NAME("Use lower-case letters, digits and dashes; at most 63 characters for a machine."),
  DUPLICATE_TARGET("Give each machine of the plan its own name on the target."),
  DUPLICATE_OBJECT("Map the machines to different namespaces, or rename one of the two objects."),
  STORAGE_MAPPING_INVALID("Use an access mode and a volume mode that Kubernetes knows."),
  NETWORK_MAPPING_INVALID("Name networks as pod or namespace/name."),
  // What we, and the person who asked for it, may do.
  RIGHT_MISSING(
      "Grant it to the connection's user; the shipped roles (docs/rights.md) have all of them."),
  RIGHTS_UNKNOWN("Let the connection's user create selfsubjectaccessreviews.authorization.k8s.io."),
  TRUST_NOT_RENEWABLE(
      WARNING,
      "Grant role migrator-trust (docs/rights.md), or keep the certificates exchanged yourself."),
  REQUESTER_REFUSED("Grant it to that person, or let somebody ask for the migration who has it."),
  REQUESTER_UNKNOWN("Grant role migrator-requesters (docs/rights.md) to the connection's user."),
  // The two clusters.
  KUBEVIRT_NOT_FOUND("Install KubeVirt there, or grant the right to list kubevirts.kubevirt.io."),
  KUBEVIRT_AMBIGUOUS("Leave exactly one KubeVirt resource in the cluster."),
  KUBEVIRT_NOT_DEPLOYED("Wait until KubeVirt's operator reports Deployed."),
  KUBEVIRT_VERSION_UNSUPPORTED(
      "Update KubeVirt to v1.8.4 or newer, best v1.9.0; v1.6.6 and v1.7.4 work as well."),
  KUBEVIRT_VERSION_DEGRADED(
      WARNING, "Update to v1.8.4 or newer: older versions tell less about what goes wrong."),
  KUBEVIRT_VERSION_UNKNOWN(
      WARNING, "Check by hand that the version is supported (docs/compatibility.md)."),
  KUBEVIRT_VERSION_SKEW(WARNING, "Run the same minor version on both sides if you can."),
  FEATURE_GATE_OFF(
      "Add DecentralizedLiveMigration to the feature gates of that KubeVirt resource."),
  NO_SYNCHRONIZATION_ADDRESS(
      "Look at the pods of virt-synchronization-controller in KubeVirt's namespace."),
  ROLLOUT_STRATEGY_STAGE("Set vmRolloutStrategy of the target's KubeVirt to LiveUpdate."),
  TLS_MISMATCH("Set configuration.migrations.disableTLS alike on both sides."),
  CA_BUNDLE_UNUSABLE(
      "See what KubeVirt's operator says: it writes that ConfigMap and renews what has expired."),
  CA_ROTATION_DROPS_PEER(
      WARNING, "Set ca.duration to 48h and ca.renewBefore to 24h in both KubeVirt resources."),
  CDI_NOT_FOUND(
      WARNING, "Install CDI on the target, or grant the right to list cdis.cdi.kubevirt.io."),
  CDI_NOT_DEPLOYED(WARNING, "Wait until CDI's operator reports Deployed."),
  CDI_VERSION_UNTESTED(WARNING, "Update the target's CDI to v1.63.0 or newer."),
  // What the source machine does right now.
  SOURCE_MISSING("Correct the plan: it names a machine that does not exist."),
  SOURCE_DELETING("Nothing can be done: the machine is being deleted."),
  SOURCE_NOT_RUNNING(
      "Start the machine and wait until it runs; only a running guest is moved live."),
  SOURCE_IS_RECEIVER("Finish or undo the move for which this machine waits."),
  RUN_STRATEGY_UNSUPPORTED(
      "Set the setting restoreRunStrategy, or a run strategy that a guest can arrive with."),
  MIGRATION_IN_FLIGHT("Wait for the other migration to end, or cancel it."),
  EVACUATION_IN_PROGRESS("Wait until the node's evacuation has moved the machine."),
  VOLUME_MIGRATION_IN_PROGRESS("Wait for the volume migration to end."),
  RESTART_REQUIRED("Restart the machine, so that what runs is what its spec says."),
  HOTPLUG_PENDING("Wait until the CPU or memory change has settled, or take it back."),
  VOLUME_REQUEST_PENDING("Wait until the volumes are attached or detached."),
  STATE_CHANGE_PENDING("Wait until the start or stop that was asked for is done."),
  SNAPSHOT_IN_PROGRESS("Wait for the snapshot or restore to end."),
  BACKUP_IN_PROGRESS("Wait for the backup to end."),
  MEMORY_DUMP_ATTACHED("Remove the memory dump: virtctl memory-dump remove."),
  UTILITY_VOLUME_ATTACHED("Detach the utility volume."),
  VOLUME_ONLY_ON_INSTANCE(
      "Add the volume to the machine itself (virtctl addvolume --persist), or detach it."),
  GUEST_PAUSED("Resume the guest: whether a paused one arrived cannot be seen."),
  NOT_LIVE_MIGRATABLE("Take away what KubeVirt names as the obstacle."),
  NOT_STORAGE_MIGRATABLE("Take away what KubeVirt names as the obstacle."),
  STORAGE_MIGRATABILITY_UNKNOWN(
      WARNING, "Update the source's KubeVirt, which does not say whether disks can be moved."),
  // What cannot be moved.
  SHAREABLE_DISK("Detach the disk, or stop sharing it."),
  LUN_DISK("Attach it as a disk instead of a LUN, or move the machine cold."),
  HOST_DISK("Move the content to a volume; a host's file stays on its host."),
  EPHEMERAL_DISK("Use a volume of the machine's own; the base of an overlay is not copied."),
  VIRTIOFS("Unmount and remove the filesystem; its state cannot be carried over."),
  CONTAINER_PATH("Remove the volume; it is served by virtiofs from the source's pod."),
  HOST_DEVICE("Remove the device; it belongs to the source's node."),
  GPU("Remove the GPU; it belongs to the source's node."),
  RESOURCE_CLAIM("Remove the claim; dynamically allocated devices stay on their node."),
  BINDING_NOT_MIGRATABLE(
      "Use masquerade, or set kubevirt.io/allow-pod-bridge-network-live-migration if it is safe."),
  PERSISTENT_STATE_SHARED(
      "Give one side a vmStateStorageClass without ReadWriteMany; else the TPM is lost."),
  PERSISTENT_STATE_VERSION(
      "Update both sides to v1.9.0: older versions lose persistent TPM with EFI."),
  SECRET_NOT_PORTABLE("Use another Secret; a service account's token is worth nothing elsewhere."),
  UNKNOWN_VOLUME_TYPE("Update this library, or remove the volume: nobody knows how to move it."),
  UNKNOWN_REFERENCE(WARNING, "Check by hand that what it names exists on the target."),
  // What the machine refers to on the source.
  SECRET_MISSING(
      "Create it on the source, or correct the reference; the receiver could not start."),
  CONFIG_MAP_MISSING(
      "Create it on the source, or correct the reference; the receiver could not start."),
  CLAIM_MISSING("Correct the reference: the volume's claim does not exist on the source."),
  CLAIM_SIZE_UNKNOWN("Wait until the claim is bound; its size is not known before."),
  INSTANCETYPE_CONTENT_UNKNOWN("Set instancetypes to expand, or restore the ControllerRevision."),
  IMAGE_NOT_PINNED(
      WARNING,
      "Make sure that the image has the same digest in both clusters; else disks corrupt."),
  // What arrives otherwise than it left.
  SECRETS_COPIED(
      ADVISORY, "Make sure that whoever reads Secrets in the target's namespace may read these."),
  SERVICE_ACCOUNT_TOKEN(
      WARNING, "Expect another token in the guest; the account must exist on the target."),
  NETWORK_DROPPED(WARNING, "Nothing, if the plan means it: the guest loses this interface."),
  NETWORK_REBOUND(
      WARNING, "Expect the guest to lose its connections: the kind of network changes."),
  NETWORK_NOT_STRETCHED(
      ADVISORY, "Make sure that both clusters reach the same layer 2, else the guest loses it."),
  POD_ADDRESS_CHANGES(ADVISORY, "Expect open connections through the pod's address to drop."),
  SRIOV_INTERFACE(WARNING, "Make sure that nodes of the target offer such a device and network."),
  NODE_CONSTRAINTS(
      WARNING, "Make sure that the target has such nodes, or set nodeConstraints to strip."),
  DEDICATED_RESOURCES(
      ADVISORY, "Make sure that the target has nodes with a CPU manager and huge pages."),
  IDENTITY_INCOMPLETE(WARNING, "Expect the guest to see another value after its next boot."),
  // What the target must offer.
  NAMESPACE_MISSING("Create the namespace, or set createNamespace."),
  POD_SECURITY("Label the namespace pod-security.kubernetes.io/enforce=privileged."),
  NAME_TAKEN("Remove the object, or choose another name on the target."),
  CONTENT_DIFFERS("Make both contents equal, or use another name; nothing is overwritten."),
  STORAGE_CLASS_MISSING("Map the storage class to one that the target has."),
  STORAGE_CLASS_UNNAMED(
      WARNING, "Map the volume's class; otherwise the target's default class decides."),
  STORAGE_MODE_UNSUPPORTED(WARNING, "Map to an access and volume mode that the class offers."),
  NETWORK_MISSING("Create the NetworkAttachmentDefinition, or map the network to one that exists."),
  POD_NETWORK_TWICE("Map at most one network of a machine to the pod network."),
  NETWORK_BINDING_MISSING("Register the binding plug-in in the target's KubeVirt resource."),
  FEATURE_NOT_ENABLED("Turn the feature gate on in the target's KubeVirt resource."),
  PRIORITY_CLASS_MISSING("Create the PriorityClass on the target."),
  SERVICE_ACCOUNT_MISSING("Create the ServiceAccount in the target's namespace."),
  MATCHER_MISSING("Create it on the target, or set instancetypes to expand."),
  MATCHER_DIFFERS("Make both contents equal, or set instancetypes to expand."),
  NO_SUITABLE_NODE("Provide a node like that, or change what the machine says about nodes."),
  MIGRATION_POLICY_DIFFERS(
      WARNING, "Make an equal MigrationPolicy on the target, which rules the copy for both sides."),
  QUOTA_EXCEEDED("Raise the quota of the target's namespace."),
  LIMIT_RANGE_EXCEEDED("Raise the limit range of the target's namespace."),
  MAC_ADDRESS_TAKEN("Remove the other machine's interface, or give it another address."),
  DRY_RUN_REFUSED("Mend what the server names."),
  RECEIVER_DIFFERS("Exempt the receiver from the target's webhook or policy that changes it."),
  FIELD_LOST(WARNING, "Update the target's KubeVirt, which does not know the field."),
  NOT_CHECKED(
      WARNING, "Grant the right to read it, or look yourself: docs/preflight.md tells what for.");

  private final Severity severity;
  private final String remedy;

  /** What keeps a machine from starting, as most of them do. */
  ConcernCode(String remedy) {
    this(CRITICAL, remedy);
  }

  ConcernCode(Severity severity, String remedy) {
    this.severity = severity;
    this.remedy = remedy;
  }

  /** The code as concerns carry it, in upper camel case; stable. */
  String code() {
    return Arrays.stream(name().split("_", -1))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT))
        .collect(Collectors.joining());
  }

  Severity severity() {
    return severity;
  }

  String remedy() {
    return remedy;
  }

  /**
   * A finding of this code.
   *
   * @param vm the machine that it is about, or null when it is about the plan
   * @param subject the object or field that it is about
   * @param message what is the matter, in a sentence; never the value of a secret
   */
  Concern about(@Nullable VmRef vm, String subject, String message) {
    return about(severity, vm, subject, message);
  }

  /** As above, with another weight than usual. */
  Concern about(Severity weight, @Nullable VmRef vm, String subject, String message) {
    return new Concern(
        code(), weight, vm, Words.sentence(subject), Words.sentence(message), remedy);
  }
}
