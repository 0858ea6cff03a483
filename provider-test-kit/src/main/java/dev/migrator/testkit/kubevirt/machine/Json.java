package dev.migrator.testkit.kubevirt.machine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and edits nested JSON values by dotted paths; keys that hold dots need their own map. */
public final class Json {
  private Json() {}

  /** The value at a path below a map, or null. */
  public static @Nullable Object at(Map<String, ?> root, String path) {
    Object value = root;
    int from = 0;
    while (true) {
      int dot = path.indexOf('.', from);
      String key = dot < 0 ? path.substring(from) : path.substring(from, dot);
      if (!(value instanceof Map<?, ?> map)) {
        return null;
      }
      value = map.get(key);
      if (dot < 0 || value == null) {
        return value;
      }
      from = dot + 1;
    }
  }

  /** The text at a path below a map, or empty. */
  public static String text(Map<String, ?> root, String path) {
    Object value = at(root, path);
    return value == null ? "" : String.valueOf(value);
  }

  /** Sets (creating parents) or, with null, removes the value at a path. */
  public static void set(Map<String, Object> root, String path, @Nullable Object value) {
    Map<String, Object> map = root;
    String[] keys = path.split("\\.", -1);
    for (int i = 0; i < keys.length - 1; i++) {
      Object inner = map.get(keys[i]);
      if (!(inner instanceof Map)) {
        if (value == null) {
          return;
        }
        inner = new LinkedHashMap<String, Object>();
        map.put(keys[i], inner);
      }
      map = map(inner);
    }
    if (value == null) {
      map.remove(keys[keys.length - 1]);
    } else {
      map.put(keys[keys.length - 1], value);
    }
  }

  /** Sets a key to JSON's null, which is not the same as leaving it out. */
  @SuppressWarnings("NullAway") // maps of JSON hold nulls, which their type does not say
  public static void setNull(Map<String, Object> map, String key) {
    map.put(key, null);
  }

  /** A JSON object as a map; empty (and immutable) where the value is none. */
  @SuppressWarnings("unchecked") // a JSON object has text keys
  public static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }

  /** A JSON list of objects; empty (and immutable) where the value is none. */
  @SuppressWarnings("unchecked") // asked for only where KubeVirt's API has a list of objects
  public static List<Map<String, Object>> maps(@Nullable Object value) {
    return value instanceof List ? (List<Map<String, Object>>) value : List.of();
  }

  /** A JSON list of texts; empty (and immutable) where the value is none. */
  @SuppressWarnings("unchecked") // asked for only where KubeVirt's API has a list of texts
  public static List<String> texts(@Nullable Object value) {
    return value instanceof List ? (List<String>) value : List.of();
  }

  /** The element of a list of objects whose field has that value, or null. */
  public static @Nullable Map<String, Object> find(
      List<Map<String, Object>> list, String field, String value) {
    for (Map<String, Object> item : list) {
      if (value.equals(item.get(field))) {
        return item;
      }
    }
    return null;
  }

  /** An editable JSON object of alternating keys and values; null values are left out. */
  public static Map<String, Object> object(@Nullable Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      Object value = pairs[i + 1];
      if (value != null) {
        map.put(String.valueOf(pairs[i]), value);
      }
    }
    return map;
  }
}
