package dev.migrator.testkit.kubevirt.machine;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * The kinds that the simulator's actors read or write.
 *
 * <p>{@link #watched} kinds are kept in each cluster's {@link Store}; the others are fetched when
 * an actor needs one.
 */
public enum Kind {
  VM("kubevirt.io", "v1", "VirtualMachine", "virtualmachines", true, true),
  /** Has no status subresource in KubeVirt: status is written with the object. */
  VMI("kubevirt.io", "v1", "VirtualMachineInstance", "virtualmachineinstances", false, true),
  VMIM(
      "kubevirt.io",
      "v1",
      "VirtualMachineInstanceMigration",
      "virtualmachineinstancemigrations",
      true,
      true),
  KUBEVIRT("kubevirt.io", "v1", "KubeVirt", "kubevirts", true, true),
  PRESET(
      "kubevirt.io",
      "v1",
      "VirtualMachineInstancePreset",
      "virtualmachineinstancepresets",
      false,
      false),
  MIGRATION_POLICY(
      "migrations.kubevirt.io", "v1alpha1", "MigrationPolicy", "migrationpolicies", true, false),
  DATA_VOLUME("cdi.kubevirt.io", "v1beta1", "DataVolume", "datavolumes", true, true),
  CLAIM("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, true),
  POD("", "v1", "Pod", "pods", true, true),
  VOLUME("", "v1", "PersistentVolume", "persistentvolumes", true, false),
  /** Watched in KubeVirt's own namespace only. */
  CONFIG_MAP("", "v1", "ConfigMap", "configmaps", false, true),
  SECRET("", "v1", "Secret", "secrets", false, false),
  NODE("", "v1", "Node", "nodes", true, false),
  NAMESPACE("", "v1", "Namespace", "namespaces", true, false),
  EVENT("", "v1", "Event", "events", false, false),
  RESOURCE_QUOTA("", "v1", "ResourceQuota", "resourcequotas", true, false),
  SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts", false, false),
  CDI("cdi.kubevirt.io", "v1beta1", "CDI", "cdis", false, false),
  CDI_CONFIG("cdi.kubevirt.io", "v1beta1", "CDIConfig", "cdiconfigs", false, false),
  STORAGE_CLASS("storage.k8s.io", "v1", "StorageClass", "storageclasses", false, false),
  STORAGE_PROFILE("cdi.kubevirt.io", "v1beta1", "StorageProfile", "storageprofiles", true, false),
  INSTANCETYPE(
      "instancetype.kubevirt.io",
      "v1beta1",
      "VirtualMachineInstancetype",
      "virtualmachineinstancetypes",
      false,
      false),
  PREFERENCE(
      "instancetype.kubevirt.io",
      "v1beta1",
      "VirtualMachinePreference",
      "virtualmachinepreferences",
      false,
      false),
  CLUSTER_INSTANCETYPE(
      "instancetype.kubevirt.io",
      "v1beta1",
      "VirtualMachineClusterInstancetype",
      "virtualmachineclusterinstancetypes",
      false,
      false),
  CLUSTER_PREFERENCE(
      "instancetype.kubevirt.io",
      "v1beta1",
      "VirtualMachineClusterPreference",
      "virtualmachineclusterpreferences",
      false,
      false),
  CONTROLLER_REVISION("apps", "v1", "ControllerRevision", "controllerrevisions", false, false),
  LEASE("coordination.k8s.io", "v1", "Lease", "leases", false, false),
  NETWORK(
      "k8s.cni.cncf.io",
      "v1",
      "NetworkAttachmentDefinition",
      "network-attachment-definitions",
      false,
      false);

  private final String apiVersion;
  private final String kind;
  private final boolean statusApart;
  private final boolean watched;
  private final String group;
  private final String version;
  private final String plural;

  Kind(
      String group,
      String version,
      String kind,
      String plural,
      boolean statusApart,
      boolean watched) {
    this.apiVersion = group.isEmpty() ? version : group + "/" + version;
    this.kind = kind;
    this.statusApart = statusApart;
    this.watched = watched;
    this.group = group;
    this.version = version;
    this.plural = plural;
  }

  private static boolean namespaced(String kind) {
    return switch (kind) {
      case "PersistentVolume",
          "Node",
          "Namespace",
          "StorageClass",
          "StorageProfile",
          "CDI",
          "MigrationPolicy",
          "CDIConfig",
          "VirtualMachineClusterInstancetype",
          "VirtualMachineClusterPreference" ->
          false;
      default -> true;
    };
  }

  /** The kind's apiVersion as it stands in an object. */
  public String apiVersion() {
    return apiVersion;
  }

  /** The kind's name as it stands in an object. */
  public String kind() {
    return kind;
  }

  /** What fabric8 needs to address the kind. */
  public ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced())
        .build();
  }

  boolean statusApart() {
    return statusApart;
  }

  boolean watched() {
    return watched;
  }

  boolean namespaced() {
    return namespaced(kind);
  }
}
