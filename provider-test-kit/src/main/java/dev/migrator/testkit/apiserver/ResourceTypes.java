package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds that a server knows: Kubernetes' own and whatever was registered. */
final class ResourceTypes {

  /** Group ({@code -} for core), versions, plural, kind, scope, and {@code status} where split. */
  private static final String BUILT_IN =
      """
      - v1 namespaces Namespace Cluster status
      - v1 nodes Node Cluster status
      - v1 persistentvolumes PersistentVolume Cluster status
      - v1 pods Pod Namespaced status
      - v1 services Service Namespaced status
      - v1 endpoints Endpoints Namespaced
      - v1 events Event Namespaced
      - v1 secrets Secret Namespaced
      - v1 configmaps ConfigMap Namespaced
      - v1 serviceaccounts ServiceAccount Namespaced
      - v1 persistentvolumeclaims PersistentVolumeClaim Namespaced status
      - v1 resourcequotas ResourceQuota Namespaced status
      - v1 limitranges LimitRange Namespaced
      apps v1 deployments Deployment Namespaced status
      apps v1 replicasets ReplicaSet Namespaced status
      apps v1 daemonsets DaemonSet Namespaced status
      apps v1 statefulsets StatefulSet Namespaced status
      apps v1 controllerrevisions ControllerRevision Namespaced
      batch v1 jobs Job Namespaced status
      batch v1 cronjobs CronJob Namespaced status
      coordination.k8s.io v1 leases Lease Namespaced
      discovery.k8s.io v1 endpointslices EndpointSlice Namespaced
      events.k8s.io v1 events Event Namespaced
      networking.k8s.io v1 networkpolicies NetworkPolicy Namespaced
      policy v1 poddisruptionbudgets PodDisruptionBudget Namespaced status
      rbac.authorization.k8s.io v1 roles Role Namespaced
      rbac.authorization.k8s.io v1 rolebindings RoleBinding Namespaced
      rbac.authorization.k8s.io v1 clusterroles ClusterRole Cluster
      rbac.authorization.k8s.io v1 clusterrolebindings ClusterRoleBinding Cluster
      scheduling.k8s.io v1 priorityclasses PriorityClass Cluster
      storage.k8s.io v1 storageclasses StorageClass Cluster
      storage.k8s.io v1 volumeattachments VolumeAttachment Cluster status
      storage.k8s.io v1 csidrivers CSIDriver Cluster
      apiextensions.k8s.io v1 customresourcedefinitions CustomResourceDefinition Cluster status
      """;

  private final Map<String, ResourceType> byPath = new LinkedHashMap<>();

  ResourceTypes() {
    register(BUILT_IN, false);
  }

  /** Adds the kinds of a table in the form of the one above. */
  void register(String table, boolean custom) {
    for (String line : table.strip().split("\n", -1)) {
      String[] cells = line.strip().split("\\s+", -1);
      add(
          new ResourceType(
              cells[0].equals("-") ? "" : cells[0],
              List.of(cells[1].split(",", -1)),
              cells[2],
              cells[3],
              cells[4].equals("Namespaced"),
              custom,
              cells.length > 5 && cells[5].equals("status")));
    }
  }

  void add(ResourceType type) {
    byPath.put(type.key(), type);
  }

  void remove(ResourceType type) {
    byPath.remove(type.key());
  }

  /** Returns the kind that is served at this place, or null. */
  @Nullable ResourceType find(String group, String version, String plural) {
    ResourceType type = byPath.get(group + "/" + plural);
    return type != null && type.versions().contains(version) ? type : null;
  }

  /** Returns the kind with this name, or null. */
  @Nullable ResourceType findKind(String apiVersion, String kind) {
    for (ResourceType type : byPath.values()) {
      if (type.kind().equals(kind)) {
        for (String version : type.versions()) {
          if (type.apiVersion(version).equals(apiVersion)) {
            return type;
          }
        }
      }
    }
    return null;
  }

  Collection<ResourceType> all() {
    return new ArrayList<>(byPath.values());
  }
}
