package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import org.jspecify.annotations.Nullable;

/**
 * Every kind of object that this provider touches, under the version in which it speaks of it.
 *
 * <p>Naming the plural here spares a discovery request for each kind.
 */
enum Kind {
  VIRTUAL_MACHINE("kubevirt.io/v1", "VirtualMachine", "virtualmachines"),
  INSTANCE("kubevirt.io/v1", "VirtualMachineInstance", "virtualmachineinstances"),
  MIGRATION(
      "kubevirt.io/v1", "VirtualMachineInstanceMigration", "virtualmachineinstancemigrations"),
  KUBEVIRT("kubevirt.io/v1", "KubeVirt", "kubevirts"),
  MIGRATION_POLICY(
      "migrations.kubevirt.io/v1alpha1", "MigrationPolicy", "migrationpolicies", false),
  INSTANCETYPE(
      "instancetype.kubevirt.io/v1beta1",
      "VirtualMachineInstancetype",
      "virtualmachineinstancetypes"),
  CLUSTER_INSTANCETYPE(
      "instancetype.kubevirt.io/v1beta1",
      "VirtualMachineClusterInstancetype",
      "virtualmachineclusterinstancetypes",
      false),
  PREFERENCE(
      "instancetype.kubevirt.io/v1beta1", "VirtualMachinePreference", "virtualmachinepreferences"),
  CLUSTER_PREFERENCE(
      "instancetype.kubevirt.io/v1beta1",
      "VirtualMachineClusterPreference",
      "virtualmachineclusterpreferences",
      false),
  DATA_VOLUME("cdi.kubevirt.io/v1beta1", "DataVolume", "datavolumes"),
  PVC("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
  SECRET("v1", "Secret", "secrets"),
  CONFIG_MAP("v1", "ConfigMap", "configmaps"),
  SERVICE("v1", "Service", "services"),
  SERVICE_ACCOUNT("v1", "ServiceAccount", "serviceaccounts"),
  POD("v1", "Pod", "pods"),
  EVENT("v1", "Event", "events"),
  NAMESPACE("v1", "Namespace", "namespaces", false),
  NODE("v1", "Node", "nodes", false),
  RESOURCE_QUOTA("v1", "ResourceQuota", "resourcequotas"),
  LIMIT_RANGE("v1", "LimitRange", "limitranges"),
  CONTROLLER_REVISION("apps/v1", "ControllerRevision", "controllerrevisions"),
  JOB("batch/v1", "Job", "jobs"),
  STORAGE_CLASS("storage.k8s.io/v1", "StorageClass", "storageclasses", false),
  CDI("cdi.kubevirt.io/v1beta1", "CDI", "cdis", false),
  STORAGE_PROFILE("cdi.kubevirt.io/v1beta1", "StorageProfile", "storageprofiles", false),
  PRIORITY_CLASS("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", false),
  NETWORK_ATTACHMENT(
      "k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", "network-attachment-definitions"),
  SERVICE_EXPORT("multicluster.x-k8s.io/v1alpha1", "ServiceExport", "serviceexports"),
  SUBJECT_ACCESS_REVIEW(
      "authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", false),
  SERVICE_IMPORT("multicluster.x-k8s.io/v1alpha1", "ServiceImport", "serviceimports");

  private final String apiVersion;
  private final String kind;
  private final String plural;
  private final boolean namespaced;

  Kind(String apiVersion, String kind, String plural) {
    this(apiVersion, kind, plural, true);
  }

  Kind(String apiVersion, String kind, String plural, boolean namespaced) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
    this.namespaced = namespaced;
  }

  /** Group and version, such as {@code kubevirt.io/v1}, or {@code v1} for the core group. */
  String apiVersion() {
    return apiVersion;
  }

  /** The kind as objects spell it. */
  String kind() {
    return kind;
  }

  /** The plural as paths spell it. */
  String plural() {
    return plural;
  }

  /** The group, empty for the core group. */
  String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The version. */
  String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  /** Whether its objects live in a namespace. */
  boolean namespaced() {
    return namespaced;
  }

  /** What fabric8 needs to find the path. */
  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group())
        .withVersion(version())
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }

  /** The path of one object. */
  String path(String namespace, String name) {
    return (group().isEmpty() ? "/api/" : "/apis/")
        + apiVersion
        + (namespaced ? "/namespaces/" + namespace : "")
        + "/"
        + plural
        + "/"
        + name;
  }

  /** Whether a resource is of this kind, in whatever version. */
  boolean matches(HasMetadata resource) {
    return kind.equals(resource.getKind()) && group(resource.getApiVersion()).equals(group());
  }

  /** An object of this kind with nothing but its name. */
  GenericKubernetesResource blank(String namespace, String name) {
    GenericKubernetesResource made = new GenericKubernetesResource();
    made.setApiVersion(apiVersion);
    made.setKind(kind);
    ObjectMetaBuilder metadata = new ObjectMetaBuilder().withName(name);
    made.setMetadata((namespaced ? metadata.withNamespace(namespace) : metadata).build());
    return made;
  }

  /** The ledger's line for an object of this kind. */
  ObjectRef ref(Side side, String namespace, String name, String uid) {
    return new ObjectRef(side, apiVersion, kind, namespace, name, uid);
  }

  /** Whether a ledger entry is of this kind, whatever the version. */
  boolean is(ObjectRef entry) {
    return entry.kind().equals(kind) && group(entry.apiVersion()).equals(group());
  }

  /** The kind of a ledger entry. */
  static Kind of(ObjectRef entry) {
    return of(entry.apiVersion(), entry.kind());
  }

  /** The kind of an object. */
  static Kind of(String apiVersion, String kind) {
    for (Kind candidate : values()) {
      if (candidate.kind.equals(kind) && candidate.group().equals(group(apiVersion))) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("This provider knows no " + kind + " of " + apiVersion);
  }

  private static String group(@Nullable String apiVersion) {
    if (apiVersion == null) {
      return "";
    }
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }
}
