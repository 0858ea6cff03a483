package dev.migrator.kubevirt;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into maps, lists, texts and numbers, and back: what JSON can hold.
 *
 * <p>It reads the records' own declaration, so that a component which is added to a status is
 * stored from then on. A component that is absent when read is null, empty or zero; one that is
 * unknown is left alone. Instants and enums are texts.
 */
final class RecordCodec {

  private RecordCodec() {}

  /** What a value is in JSON. */
  static @Nullable Object write(@Nullable Object value) {
    if (value == null || value instanceof String || value instanceof Number) {
      return value;
    }
    if (value instanceof Boolean) {
      return value;
    }
    if (value instanceof Record record) {
      return writeRecord(record);
    }
    if (value instanceof Collection<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      list.forEach(element -> all.add(write(element)));
      return all;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> all = new TreeMap<>();
      map.forEach((key, element) -> all.put(key.toString(), write(element)));
      return all;
    }
    if (value instanceof Instant || value instanceof Enum<?>) {
      return value instanceof Enum<?> constant ? constant.name() : value.toString();
    }
    throw new IllegalArgumentException("Cannot store a " + value.getClass().getName());
  }

  /**
   * A record from what {@link #write} made of one.
   *
   * @param type the record's class
   * @param json a map
   * @throws IllegalArgumentException when the map does not describe such a record
   */
  static <T extends Record> T read(Class<T> type, Map<?, ?> json) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(components[i].getGenericType(), json.get(components[i].getName()));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          "Not a " + type.getSimpleName() + ": " + cause.getMessage(), e);
    }
  }

  private static Map<String, @Nullable Object> writeRecord(Record record) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        Object value = write(component.getAccessor().invoke(record));
        if (value != null) {
          all.put(component.getName(), value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalArgumentException("Cannot read " + component, e);
      }
    }
    return all;
  }

  private static @Nullable Object value(Type type, @Nullable Object json) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Map.class
          ? map(generic.getActualTypeArguments()[1], json)
          : list(generic.getActualTypeArguments()[0], json);
    }
    Class<?> wanted = (Class<?>) type;
    if (wanted == long.class || wanted == int.class) {
      Number number = json instanceof Number some ? some : 0;
      return wanted == long.class ? (Object) number.longValue() : (Object) number.intValue();
    }
    if (wanted == boolean.class) {
      return Boolean.TRUE.equals(json);
    }
    if (json == null || wanted == String.class) {
      return json == null ? null : json.toString();
    }
    if (wanted == Instant.class) {
      return Instant.parse(json.toString());
    }
    if (wanted.isEnum()) {
      return constant(wanted, json.toString());
    }
    if (wanted.isRecord() && json instanceof Map<?, ?> map) {
      return read(wanted.asSubclass(Record.class), map);
    }
    throw new IllegalArgumentException("Not a " + wanted.getSimpleName() + ": " + json);
  }

  private static List<@Nullable Object> list(Type element, @Nullable Object json) {
    List<@Nullable Object> all = new ArrayList<>();
    if (json instanceof List<?> list) {
      list.forEach(one -> all.add(value(element, one)));
    }
    return all;
  }

  private static Map<String, @Nullable Object> map(Type element, @Nullable Object json) {
    Map<String, @Nullable Object> all = new TreeMap<>();
    if (json instanceof Map<?, ?> map) {
      map.forEach((key, one) -> all.put(key.toString(), value(element, one)));
    }
    return all;
  }

  private static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> ((Enum<?>) one).name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + name));
  }
}
