package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and edits the untyped tree of a resource: maps, lists and scalars, as the client parsed
 * them.
 *
 * <p>What this code has never heard of stays where it is. A value of an unexpected shape reads as
 * absent: the server's schema is the judge of shapes, not this class.
 */
final class Tree {

  private Tree() {}

  /** The value at a path of keys, or null. */
  static @Nullable Object at(@Nullable Object node, String... path) {
    Object here = node;
    for (String key : path) {
      if (!(here instanceof Map<?, ?> map)) {
        return null;
      }
      here = map.get(key);
    }
    return here;
  }

  /** The text at a path; numbers and booleans are spelled out, blank text is absent. */
  static Optional<String> text(@Nullable Object node, String... path) {
    Object found = at(node, path);
    boolean scalar = found instanceof String || found instanceof Number || found instanceof Boolean;
    return Optional.ofNullable(found)
        .filter(value -> scalar)
        .map(Object::toString)
        .filter(text -> !text.isBlank());
  }

  /** Whether the value at a path is true, as a boolean or as text. */
  static boolean isTrue(@Nullable Object node, String... path) {
    return text(node, path).filter("true"::equalsIgnoreCase).isPresent();
  }

  /** Whether anything but null stands at a path. */
  static boolean has(@Nullable Object node, String... path) {
    return at(node, path) != null;
  }

  /** The map at a path; a read-only empty one when there is none. */
  static Map<String, Object> map(@Nullable Object node, String... path) {
    Object found = at(node, path);
    return found instanceof Map<?, ?> map ? typed(map) : Map.of();
  }

  /** The maps of the list at a path; elements of another shape are left out. */
  static List<Map<String, Object>> maps(@Nullable Object node, String... path) {
    return elements(at(node, path))
        .filter(Map.class::isInstance)
        .map(element -> typed((Map<?, ?>) element))
        .toList();
  }

  /** The texts of the list at a path; elements of another shape are left out. */
  static List<String> texts(@Nullable Object node, String... path) {
    return elements(at(node, path))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }

  /** The map at a path as map of text, blank text included; entries of another shape left out. */
  static Map<String, String> strings(@Nullable Object node, String... path) {
    Map<String, String> all = new LinkedHashMap<>();
    map(node, path)
        .forEach(
            (key, value) -> {
              if (value instanceof String text) {
                all.put(key, text);
              } else {
                text(value).ifPresent(text -> all.put(key, text));
              }
            });
    return all;
  }

  /** The first element of the list at a path whose {@code name} is the given one. */
  static Optional<Map<String, Object>> named(@Nullable Object node, String name, String... path) {
    return maps(node, path).stream().filter(each -> name.equals(each.get("name"))).findFirst();
  }

  /** The map at a path, made where there is none, so that the caller can write into it. */
  static Map<String, Object> ensure(Map<String, Object> root, String... path) {
    Map<String, Object> here = root;
    for (String key : path) {
      Object next = here.get(key);
      if (next instanceof Map<?, ?> map) {
        here = typed(map);
      } else {
        Map<String, Object> made = new LinkedHashMap<>();
        here.put(key, made);
        here = made;
      }
    }
    return here;
  }

  /** Writes a value; the maps on the way are made where there are none. */
  static void put(Map<String, Object> root, Object value, String... path) {
    String[] parents = java.util.Arrays.copyOf(path, path.length - 1);
    ensure(root, parents).put(path[path.length - 1], value);
  }

  /** Writes a value where there is one to write. */
  static void putIfPresent(Map<String, Object> root, Optional<?> value, String... path) {
    value.ifPresent(found -> put(root, found, path));
  }

  /** Takes a value out; its parents stay. */
  static void remove(Map<String, Object> root, String... path) {
    String[] parents = java.util.Arrays.copyOf(path, path.length - 1);
    if (at(root, parents) instanceof Map<?, ?> map) {
      map.remove(path[path.length - 1]);
    }
  }

  /** A deep copy that shares no map and no list with the original. */
  static Map<String, Object> copy(Map<String, Object> map) {
    return typed((Map<?, ?>) Objects.requireNonNull(copyOf(map)));
  }

  /** A deep copy of a resource. */
  static GenericKubernetesResource copy(GenericKubernetesResource resource) {
    GenericKubernetesResource copy = new GenericKubernetesResource();
    copy.setApiVersion(resource.getApiVersion());
    copy.setKind(resource.getKind());
    if (resource.getMetadata() != null) {
      copy.setMetadata(new ObjectMetaBuilder(resource.getMetadata()).build());
    }
    copy.setAdditionalProperties(copy(resource.getAdditionalProperties()));
    return copy;
  }

  /** A deep copy of any value of a tree. */
  static @Nullable Object copyOf(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      typed(map).forEach((key, each) -> putCopy(copy, key, each));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      list.forEach(each -> addCopy(copy, each));
      return copy;
    }
    return value;
  }

  @SuppressWarnings("NullAway") // A null in the tree is data and survives the copy.
  private static void putCopy(Map<String, Object> copy, String key, @Nullable Object value) {
    copy.put(key, copyOf(value));
  }

  @SuppressWarnings("NullAway") // As above.
  private static void addCopy(List<Object> copy, @Nullable Object value) {
    copy.add(copyOf(value));
  }

  private static Stream<?> elements(@Nullable Object found) {
    return found instanceof List<?> list ? list.stream().filter(Objects::nonNull) : Stream.of();
  }

  @SuppressWarnings("unchecked") // JSON has no other keys than text.
  private static Map<String, Object> typed(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
