package dev.migrator.kubevirt;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One spelling for equal trees: keys are sorted, and what is empty counts as absent, as API servers
 * drop it at their liking. For comparing and hashing only; never shown.
 */
final class Canonical {

  private Canonical() {}

  /** The spelling of a value of a parsed JSON tree. */
  static String text(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, each) -> putUnlessEmpty(sorted, String.valueOf(key), each));
      sorted.forEach((key, each) -> append(quoted(text, key).append(':'), each));
      text.append('}');
    } else if (value instanceof List<?> list) {
      text.append('[');
      list.forEach(each -> append(text, each));
      text.append(']');
    } else {
      quoted(text, String.valueOf(value));
    }
  }

  private static void putUnlessEmpty(
      Map<String, Object> sorted, String key, @Nullable Object value) {
    boolean empty =
        value == null
            || (value instanceof Map<?, ?> map && map.isEmpty())
            || (value instanceof List<?> list && list.isEmpty());
    if (!empty) {
      sorted.put(key, value);
    }
  }

  private static StringBuilder quoted(StringBuilder text, String value) {
    return text.append(value.length()).append('"').append(value).append('"');
  }
}
