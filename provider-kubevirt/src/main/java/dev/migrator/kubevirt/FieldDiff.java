package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two trees field by field, for people. */
final class FieldDiff {

  private FieldDiff() {}

  /**
   * Where two trees differ.
   *
   * @param source the tree of the source
   * @param target the tree of the target
   * @return for each field that differs its path and both values; for content that is no secret
   */
  static List<String> between(Map<String, Object> source, Map<String, Object> target) {
    List<String> found = new ArrayList<>();
    compare("", source, target, found);
    return found;
  }

  private static void compare(
      String path, @Nullable Object source, @Nullable Object target, List<String> found) {
    if (source instanceof Map<?, ?> && target instanceof Map<?, ?>) {
      Map<String, Object> one = Tree.map(source);
      Map<String, Object> other = Tree.map(target);
      TreeSet<String> keys = new TreeSet<>(one.keySet());
      keys.addAll(other.keySet());
      keys.forEach(
          key ->
              compare(
                  path.isEmpty() ? key : path + "." + key, one.get(key), other.get(key), found));
    } else if (!Fingerprint.canonical(source).equals(Fingerprint.canonical(target))) {
      found.add(path + " is " + shown(source) + " on the source and " + shown(target) + " there");
    }
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "not set" : value.toString();
  }
}
