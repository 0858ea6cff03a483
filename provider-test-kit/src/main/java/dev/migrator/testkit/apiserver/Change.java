package dev.migrator.testkit.apiserver;

import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One write, as watches see it.
 *
 * @param version the version that the write made
 * @param before what was stored before; null for a creation
 * @param after what is stored now; null for a removal
 */
record Change(long version, @Nullable Stored before, @Nullable Stored after) {

  Stored object() {
    Stored either = after != null ? after : before;
    if (either == null) {
      throw new IllegalStateException("A change without an object");
    }
    return either;
  }

  /** Returns the frame for a watch with this selection, or null where it does not concern it. */
  @Nullable String frame(Predicate<Map<String, Object>> selection, String apiVersion) {
    Stored was = before != null && selection.test(before.tree) ? before : null;
    Stored is = after != null && selection.test(after.tree) ? after : null;
    if (is != null) {
      return frame(was == null ? "ADDED" : "MODIFIED", is, apiVersion);
    }
    return was == null ? null : frame("DELETED", was.withVersion(version), apiVersion);
  }

  static String frame(String type, Stored object, String apiVersion) {
    return frame(type, object.json(apiVersion));
  }

  static String frame(String type, String json) {
    return "{\"type\":\"" + type + "\",\"object\":" + json + "}";
  }
}
