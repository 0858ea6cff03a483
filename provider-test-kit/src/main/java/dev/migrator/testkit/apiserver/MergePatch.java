package dev.migrator.testkit.apiserver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RFC 7386: null takes away, objects are merged, anything else replaces. */
final class MergePatch {

  private MergePatch() {}

  /** Applies a patch to a tree that may be changed in place, and returns the result. */
  static Object apply(@Nullable Object target, Object patch) {
    if (!(patch instanceof Map<?, ?> changes)) {
      return Json.copy(patch);
    }
    Map<String, Object> result =
        target instanceof Map<?, ?> map ? Json.tree(map) : new LinkedHashMap<>();
    Json.tree(changes)
        .forEach(
            (field, change) -> {
              if (change == null) {
                result.remove(field);
              } else {
                result.put(field, apply(result.get(field), change));
              }
            });
    return result;
  }
}
