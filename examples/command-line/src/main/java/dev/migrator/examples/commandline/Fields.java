package dev.migrator.examples.commandline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one mapping of a plan file, each read once by name; whatever is wrong is said with
 * the field's place in the file.
 */
final class Fields {

  private final String place;
  private final Map<?, ?> values;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * Begins to read.
   *
   * @param place where the mapping is; empty for the file's own
   * @param value what should be a mapping
   */
  Fields(String place, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new PlanFileException(place, "expected fields, got " + shown(value));
    }
    this.place = place;
    this.values = map;
  }

  /** Where a field is. */
  String at(String field) {
    return place.isEmpty() ? field : place + "." + field;
  }

  /** A text that must be there. */
  String text(String field) {
    String text = optional(field);
    if (text == null) {
      throw new PlanFileException(at(field), "is missing");
    }
    return text;
  }

  /** A text that may be missing. */
  @Nullable String optional(String field) {
    Object value = take(field);
    return value == null ? null : scalar(at(field), value);
  }

  /** Whether something is asked for; it is not where the field is missing. */
  boolean flag(String field) {
    return Boolean.TRUE.equals(this.<Boolean>optionalChild(field, Scalars::truth));
  }

  /** Texts by key; none where the field is missing. */
  Map<String, String> texts(String field) {
    Object value = take(field);
    Map<String, String> texts = new LinkedHashMap<>();
    if (value != null) {
      Fields all = new Fields(at(field), value);
      all.values.keySet().forEach(key -> texts.put(key.toString(), all.text(key.toString())));
    }
    return texts;
  }

  /** What is read from a mapping or text that must be there. */
  <T> T child(String field, Function<Node, T> reader) {
    Object value = take(field);
    if (value == null) {
      throw new PlanFileException(at(field), "is missing");
    }
    return read(new Node(at(field), value), reader);
  }

  /** What is read from a mapping or text, or null where it is missing. */
  <T> @Nullable T optionalChild(String field, Function<Node, T> reader) {
    Object value = take(field);
    return value == null ? null : read(new Node(at(field), value), reader);
  }

  /** What is read from the entries of a list; nothing where it is missing. */
  <T> List<T> list(String field, Function<Node, T> reader) {
    Object value = take(field);
    List<T> all = new ArrayList<>();
    if (value instanceof List<?> entries) {
      for (int i = 0; i < entries.size(); i++) {
        all.add(read(new Node(at(field) + "[" + i + "]", entries.get(i)), reader));
      }
    } else if (value != null) {
      throw new PlanFileException(at(field), "expected a list, got " + shown(value));
    }
    return all;
  }

  /** Refuses fields that nobody asked for. */
  void done() {
    for (Object key : values.keySet()) {
      if (!asked.contains(key.toString())) {
        throw new PlanFileException(
            at(key.toString()), "is not known; here are " + String.join(", ", asked));
      }
    }
  }

  private @Nullable Object take(String field) {
    asked.add(field);
    return values.get(field);
  }

  /** The model refuses what it cannot use; here it learns where that stands. */
  private static <T> T read(Node node, Function<Node, T> reader) {
    try {
      return reader.apply(node);
    } catch (IllegalArgumentException e) {
      throw new PlanFileException(node.place(), String.valueOf(e.getMessage()));
    }
  }

  private static String scalar(String place, Object value) {
    if (value instanceof Map || value instanceof List) {
      throw new PlanFileException(place, "expected a text, got " + shown(value));
    }
    if (value instanceof Double || value instanceof Float) {
      throw new PlanFileException(place, "is a decimal number; put it in quotes");
    }
    if (value.toString().isBlank()) {
      throw new PlanFileException(place, "is empty");
    }
    return value.toString();
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return "fields ("
          + map.keySet().stream().map(Object::toString).collect(Collectors.joining(", "))
          + ")";
    }
    return value == null ? "nothing" : value instanceof List ? "a list" : "'" + value + "'";
  }

  /**
   * Something in a plan file.
   *
   * @param place where it is
   * @param value what it is
   */
  record Node(String place, @Nullable Object value) {

    /** Reads it as fields, all of which must be known. */
    <T> T fields(Function<Fields, T> reader) {
      Fields fields = new Fields(place, value);
      T result = reader.apply(fields);
      fields.done();
      return result;
    }

    /** Reads it as a text. */
    String text() {
      if (value == null) {
        throw new PlanFileException(place, "is empty");
      }
      return scalar(place, value);
    }
  }
}
