package dev.migrator.testkit.apiserver;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON trees of maps, lists and values: reading, writing, copying, looking into. */
final class Json {

  /** Shared, because each instance warms up a mapper of its own. */
  static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private Json() {}

  /** Parses an object; anything else is a 400. */
  static Map<String, Object> parse(String text) {
    String body = text.strip();
    if (!body.startsWith("{")) {
      throw ApiException.badRequest("the request's body is not a JSON object");
    }
    try {
      return tree(SERIALIZATION.unmarshal(body, Map.class));
    } catch (RuntimeException malformed) {
      throw ApiException.badRequest(
          "the object provided is unrecognized: " + malformed.getMessage());
    }
  }

  /** Parses an array; anything else is a 400. */
  static List<Object> parseArray(String text) {
    if (!text.strip().startsWith("[")) {
      throw ApiException.badRequest("the request's body is not a JSON array");
    }
    Object array = parse("{\"array\":" + text + "}").get("array");
    if (array instanceof List<?> list) {
      return list(list);
    }
    throw ApiException.badRequest("the request's body is not a JSON array");
  }

  static String write(Object tree) {
    return SERIALIZATION.asJson(tree);
  }

  /** Copies a tree; values are shared, they do not change. */
  static Object copy(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>(map.size() * 2);
      map.forEach((key, child) -> copy.put((String) key, copy(child)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      for (Object child : list) {
        copy.add(copy(child));
      }
      return copy;
    }
    return value;
  }

  static Map<String, Object> copyTree(Map<String, Object> tree) {
    return tree(copy(tree));
  }

  /** Returns the map at a field, or an empty one that is not connected. */
  static Map<String, Object> map(Map<String, Object> tree, String field) {
    return tree.get(field) instanceof Map<?, ?> child ? tree(child) : new LinkedHashMap<>();
  }

  /** Returns the map at a field and puts a new one there where there is none. */
  static Map<String, Object> ensureMap(Map<String, Object> tree, String field) {
    if (tree.get(field) instanceof Map<?, ?> child) {
      return tree(child);
    }
    Map<String, Object> child = new LinkedHashMap<>();
    tree.put(field, child);
    return child;
  }

  static Map<String, Object> metadata(Map<String, Object> tree) {
    return map(tree, "metadata");
  }

  /** Returns the text at a field, empty where there is none. */
  static String text(Map<String, Object> tree, String field) {
    Object value = tree.get(field);
    return value == null ? "" : value.toString();
  }

  static List<Object> list(Map<String, Object> tree, String field) {
    return tree.get(field) instanceof List<?> list ? list(list) : List.of();
  }

  /** Puts a value, or takes the field away for null. */
  static void set(Map<String, Object> tree, String field, @Nullable Object value) {
    if (value == null) {
      tree.remove(field);
    } else {
      tree.put(field, value);
    }
  }

  @SuppressWarnings("unchecked") // JSON has no other keys than strings
  static Map<String, Object> tree(Object map) {
    return (Map<String, Object>) map;
  }

  @SuppressWarnings("unchecked") // a JSON array holds anything
  static List<Object> list(Object list) {
    return (List<Object>) list;
  }
}
