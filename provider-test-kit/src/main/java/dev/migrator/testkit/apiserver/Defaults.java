package dev.migrator.testkit.apiserver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What Kubernetes fills in for its own kinds, as far as migrations look at it. */
final class Defaults {

  private Defaults() {}

  static void onCreate(ResourceType type, Map<String, Object> tree) {
    if (type.custom()) {
      return;
    }
    Map<String, Object> spec = Json.map(tree, "spec");
    switch (type.key()) {
      case "/namespaces" -> {
        Map<String, Object> metadata = Json.ensureMap(tree, "metadata");
        Json.ensureMap(metadata, "labels")
            .put("kubernetes.io/metadata.name", Json.text(metadata, "name"));
        Json.ensureMap(tree, "spec").put("finalizers", new ArrayList<>(List.of("kubernetes")));
        Json.ensureMap(tree, "status").put("phase", "Active");
      }
      case "/pods" -> {
        spec.putIfAbsent("restartPolicy", "Always");
        spec.putIfAbsent("terminationGracePeriodSeconds", 30L);
        spec.putIfAbsent("schedulerName", "default-scheduler");
        Json.ensureMap(tree, "status").put("phase", "Pending");
      }
      case "/persistentvolumeclaims" -> {
        spec.putIfAbsent("volumeMode", "Filesystem");
        Json.ensureMap(tree, "status").put("phase", "Pending");
      }
      case "/persistentvolumes" -> Json.ensureMap(tree, "status").put("phase", "Pending");
      case "/services" -> {
        spec.putIfAbsent("type", "ClusterIP");
        spec.putIfAbsent("sessionAffinity", "None");
      }
      case "storage.k8s.io/storageclasses" -> {
        tree.putIfAbsent("reclaimPolicy", "Delete");
        tree.putIfAbsent("volumeBindingMode", "Immediate");
      }
      default -> {}
    }
    onWrite(type, tree);
  }

  static void onWrite(ResourceType type, Map<String, Object> tree) {
    if (type.is("", "secrets")) {
      tree.putIfAbsent("type", "Opaque");
      Map<String, Object> plain = Json.map(tree, "stringData");
      if (!plain.isEmpty()) {
        Map<String, Object> data = Json.ensureMap(tree, "data");
        plain.forEach(
            (key, value) ->
                data.put(
                    key,
                    Base64.getEncoder()
                        .encodeToString(value.toString().getBytes(StandardCharsets.UTF_8))));
      }
      tree.remove("stringData");
    }
  }
}
