package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch for Kubernetes' own kinds: a merge patch whose keyed lists are merged by
 * key. Of the directives it knows {@code $patch: delete} and {@code $patch: replace} in lists.
 */
final class StrategicPatch {

  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("ephemeralContainers", "name"),
          Map.entry("volumes", "name"),
          Map.entry("env", "name"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("secrets", "name"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("volumeDevices", "devicePath"),
          Map.entry("ports", "port"),
          Map.entry("conditions", "type"),
          Map.entry("ownerReferences", "uid"));

  private StrategicPatch() {}

  /** Applies a patch to a tree that may be changed in place, and returns the result. */
  static Object apply(Map<String, Object> target, Map<String, Object> patch) {
    patch.forEach(
        (field, change) -> {
          if (change == null) {
            target.remove(field);
          } else if (change instanceof Map<?, ?> map) {
            target.put(field, apply(Json.map(target, field), Json.tree(map)));
          } else if (change instanceof List<?> list) {
            target.put(field, merged(field, Json.list(target, field), Json.list(list)));
          } else {
            target.put(field, change);
          }
        });
    return target;
  }

  private static List<Object> merged(String field, List<Object> old, List<Object> changes) {
    if (field.equals("finalizers")) {
      List<Object> union = new ArrayList<>(old);
      changes.stream().filter(each -> !union.contains(each)).forEach(union::add);
      return union;
    }
    String key = KEYS.get(field);
    if (key == null || changes.stream().anyMatch(each -> directive(each).equals("replace"))) {
      return changes.stream().filter(each -> directive(each).isEmpty()).toList();
    }
    Map<String, Object> byKey = new LinkedHashMap<>();
    old.forEach(each -> byKey.put(keyOf(each, key), each));
    for (Object change : changes) {
      String id = keyOf(change, key);
      if (directive(change).equals("delete")) {
        byKey.remove(id);
      } else if (byKey.get(id) instanceof Map<?, ?> before && change instanceof Map<?, ?> after) {
        byKey.put(id, apply(Json.tree(before), Json.tree(after)));
      } else {
        byKey.put(id, change);
      }
    }
    return new ArrayList<>(byKey.values());
  }

  private static String directive(@Nullable Object element) {
    return element instanceof Map<?, ?> map ? Json.text(Json.tree(map), "$patch") : "";
  }

  private static String keyOf(Object element, String key) {
    if (!(element instanceof Map<?, ?> map)) {
      return element.toString();
    }
    String value = Json.text(Json.tree(map), key);
    return value.isEmpty() ? Json.text(Json.tree(map), "containerPort") : value;
  }
}
