package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a template what its instance type and preference gave to the running instance.
 *
 * <p>The instance is taken, not the object or its revision, and not KubeVirt's expand-spec: the
 * instance is what the guest runs on, whatever became of the objects since.
 */
final class Expansion {

  private Expansion() {}

  /**
   * Expands a template.
   *
   * @param template {@code spec.template}; changed
   * @param running the running instance
   */
  static void write(Map<String, Object> template, VmiView running) {
    Map<String, Object> spec = Tree.ensure(template, "spec");
    template.put("spec", overlay(spec, running.spec()));
    running
        .annotations()
        .forEach(
            (key, value) -> {
              if (Metadata.isPersonal(key) && !Metadata.isNote(key)) {
                Tree.ensure(template, "metadata", "annotations").putIfAbsent(key, value);
              }
            });
  }

  /** The instance's values win; what only the template has stays. */
  private static Map<String, Object> overlay(Map<String, Object> under, Map<String, Object> over) {
    Map<String, Object> merged = new LinkedHashMap<>(under);
    over.forEach(
        (key, value) ->
            Optional.ofNullable(merge(under.get(key), value))
                .ifPresent(result -> merged.put(key, result)));
    return merged;
  }

  private static @Nullable Object merge(@Nullable Object under, @Nullable Object over) {
    if (under instanceof Map<?, ?> && over instanceof Map<?, ?>) {
      return overlay(Tree.map(under), Tree.map(over));
    }
    if (under instanceof List<?> below && over instanceof List<?> above) {
      List<Object> merged = new ArrayList<>();
      above.forEach(
          element ->
              Optional.ofNullable(merge(counterpart(below, element), element))
                  .ifPresent(merged::add));
      return merged;
    }
    return Tree.copyOf(over);
  }

  private static @Nullable Object counterpart(List<?> below, Object element) {
    Optional<String> name = Tree.text(element, "name");
    return name.isEmpty()
        ? null
        : below.stream()
            .filter(each -> Tree.text(each, "name").equals(name))
            .findFirst()
            .orElse(null);
  }
}
