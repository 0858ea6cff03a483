package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON patch: a change together with what it takes the object to be, so that nobody else's change
 * is overwritten. Immutable: each method returns a longer copy.
 *
 * @param operations the operations in order
 */
record JsonPatch(List<Map<String, Object>> operations) {

  JsonPatch {
    operations = List.copyOf(operations);
  }

  /** A patch that begins by testing that it meets the very object. */
  static JsonPatch of(String uid) {
    return new JsonPatch(List.of()).test("/metadata/uid", uid);
  }

  /** Demands that a value is there. */
  JsonPatch test(String path, Object value) {
    return with("test", path, value);
  }

  /** Adds a value, or replaces it where it is. */
  JsonPatch add(String path, Object value) {
    return with("add", path, value);
  }

  /** Replaces a value. */
  JsonPatch replace(String path, Object value) {
    return with("replace", path, value);
  }

  /** Removes a value. */
  JsonPatch remove(String path) {
    return with("remove", path, null);
  }

  /** One segment of a path, escaped. */
  static String segment(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private JsonPatch with(String operation, String path, @Nullable Object value) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("op", operation);
    entry.put("path", path);
    if (value != null) {
      entry.put("value", value);
    }
    List<Map<String, Object>> longer = new ArrayList<>(operations);
    longer.add(entry);
    return new JsonPatch(longer);
  }

  /** For people; never the content. */
  @Override
  public String toString() {
    return operations.stream()
        .map(each -> each.get("op") + " " + each.get("path"))
        .toList()
        .toString();
  }
}
