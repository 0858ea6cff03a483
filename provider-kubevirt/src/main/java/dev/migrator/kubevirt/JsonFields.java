package dev.migrator.kubevirt;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a JSON object strictly: what is not as it must be is an {@link
 * IllegalArgumentException} that names the field and never its value.
 *
 * <p>{@link Tree} is for objects of others, where an unexpected shape reads as absent; here nothing
 * may get lost.
 *
 * @param map the object
 */
record JsonFields(Map<?, ?> map) {

  static JsonFields of(Map<?, ?> map) {
    return new JsonFields(map);
  }

  String text(String key) {
    return as(String.class, key, map.get(key));
  }

  @Nullable String optionalText(String key) {
    return map.get(key) == null ? null : text(key);
  }

  long number(String key) {
    Object value = map.get(key);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw unexpected(key, value);
  }

  Instant instant(String key) {
    String text = text(key);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("its field '" + key + "' is no instant", e);
    }
  }

  @Nullable Instant optionalInstant(String key) {
    return map.get(key) == null ? null : instant(key);
  }

  <E extends Enum<E>> E constant(String key, Class<E> type) {
    String text = text(key);
    for (E constant : Objects.requireNonNull(type.getEnumConstants())) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "its field '" + key + "' is no " + type.getSimpleName() + " that this release knows");
  }

  <E extends Enum<E>> @Nullable E optionalConstant(String key, Class<E> type) {
    return map.get(key) == null ? null : constant(key, type);
  }

  List<String> texts(String key) {
    return list(key).stream().map(element -> as(String.class, key, element)).toList();
  }

  Map<String, String> textMap(String key) {
    Map<String, String> all = new TreeMap<>();
    Map<?, ?> texts = child(key).map();
    texts.forEach((name, value) -> all.put(String.valueOf(name), as(String.class, key, value)));
    return all;
  }

  JsonFields child(String key) {
    return of(as(Map.class, key, map.get(key)));
  }

  @Nullable JsonFields optionalChild(String key) {
    return map.get(key) == null ? null : child(key);
  }

  List<JsonFields> children(String key) {
    return list(key).stream().map(element -> of(as(Map.class, key, element))).toList();
  }

  private List<?> list(String key) {
    return as(List.class, key, map.get(key));
  }

  private static <T> T as(Class<T> type, String key, @Nullable Object value) {
    if (!type.isInstance(value)) {
      throw unexpected(key, value);
    }
    return type.cast(value);
  }

  private static IllegalArgumentException unexpected(String key, @Nullable Object value) {
    return new IllegalArgumentException(
        value == null
            ? "its field '" + key + "' is missing"
            : "its field '" + key + "' is not of the right kind");
  }
}
