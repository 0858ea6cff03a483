package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which labels and annotations of the source go along: those that people wrote (rule R8 of the
 * design).
 *
 * <p>A key without a prefix, or with a prefix of somebody else's, is a person's. Under the prefixes
 * of Kubernetes and KubeVirt, where controllers write as well, only listed ones are.
 */
final class Metadata {

  /** Template labels that KubeVirt's admission refuses from anybody but itself (contract 3.1). */
  private static final Set<String> RESTRICTED =
      Set.of(
          "kubevirt.io/created-by",
          "kubevirt.io/migrationJobUID",
          "kubevirt.io/nodeName",
          "kubevirt.io/migrationTargetNodeName",
          "kubevirt.io/schedulable",
          "kubevirt.io/install-strategy");

  /** Notes of controllers and clients on a template; each is written again where it is needed. */
  private static final Set<String> NOTES =
      Set.of(
          "kubevirt.io/latest-observed-api-version",
          "kubevirt.io/storage-observed-api-version",
          "kubevirt.io/vm-generation",
          "kubevirt.io/nonroot",
          VmiView.CREATE_MIGRATION_TARGET,
          "kubectl.kubernetes.io/last-applied-configuration");

  private static final Set<String> DOMAINS = Set.of("kubernetes.io", "k8s.io", "kubevirt.io");

  private static final Set<String> PERSONAL_PREFIXES =
      Set.of(
          "app.kubernetes.io",
          "vm.kubevirt.io",
          "template.kubevirt.io",
          "os.template.kubevirt.io",
          "flavor.template.kubevirt.io",
          "workload.template.kubevirt.io",
          "network.kubevirt.io",
          "instancetype.kubevirt.io");

  private static final Set<String> PERSONAL_KEYS =
      Set.of(
          "kubevirt.io/vm",
          "kubevirt.io/domain",
          "kubevirt.io/os",
          "kubevirt.io/size",
          "kubevirt.io/flavor",
          "kubevirt.io/dynamic-credentials-support",
          "kubernetes.io/description");

  private Metadata() {}

  /** Gives an object the labels and annotations of another that people wrote. */
  static void copy(GenericKubernetesResource from, GenericKubernetesResource to) {
    to.getMetadata().setLabels(personal(from.getMetadata().getLabels()));
    to.getMetadata().setAnnotations(personal(from.getMetadata().getAnnotations()));
  }

  /** The entries that people wrote. */
  static Map<String, String> personal(@org.jspecify.annotations.Nullable Map<String, String> all) {
    Map<String, String> kept = new LinkedHashMap<>();
    Optional.ofNullable(all)
        .ifPresent(
            entries ->
                entries.forEach(
                    (key, value) -> {
                      if (isPersonal(key)) {
                        kept.put(key, value);
                      }
                    }));
    return kept;
  }

  /** Takes out of a template's metadata what only KubeVirt may write there. */
  static void cleanTemplate(Map<String, Object> spec) {
    Map<String, Object> template = Tree.map(spec, "template");
    RESTRICTED.forEach(key -> Tree.remove(template, "metadata", "labels", key));
    NOTES.forEach(key -> Tree.remove(template, "metadata", "annotations", key));
  }

  /** Whether an annotation of an instance came from its instance type or from a person. */
  static boolean isNote(String key) {
    return NOTES.contains(key) || Identity.PCI_ANNOTATIONS.contains(key);
  }

  static boolean isPersonal(String key) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      return true;
    }
    String prefix = key.substring(0, slash);
    return PERSONAL_KEYS.contains(key)
        || PERSONAL_PREFIXES.contains(prefix)
        || !(isReserved(prefix) || key.startsWith(Labels.PREFIX));
  }

  private static boolean isReserved(String prefix) {
    return DOMAINS.stream()
        .anyMatch(domain -> prefix.equals(domain) || prefix.endsWith("." + domain));
  }
}
