package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a server dropped of an object that was sent to it: a field newer than its schema is
 * pruned without a word (contract 3.1).
 */
final class SpecDiff {

  private SpecDiff() {}

  /**
   * Compares what was sent with what came back.
   *
   * @param sent the object as sent
   * @param stored the object as the server answered
   * @return the paths of the fields that were lost, such as {@code
   *     spec.template.spec.domain.devices.disks[root].newField}; what the server added or changed
   *     is not among them
   */
  static List<String> lost(GenericKubernetesResource sent, GenericKubernetesResource stored) {
    List<String> lost = new ArrayList<>();
    maps("", sent.getAdditionalProperties(), stored.getAdditionalProperties(), lost);
    return lost;
  }

  private static void maps(
      String path, Map<String, Object> sent, Map<String, Object> stored, List<String> lost) {
    sent.forEach(
        (key, value) -> {
          String here = path.isEmpty() ? key : path + "." + key;
          values(here, value, stored.get(key), lost);
        });
  }

  private static void values(
      String path, @Nullable Object sent, @Nullable Object stored, List<String> lost) {
    if (isNothing(sent)) {
      return;
    }
    if (sent instanceof Map<?, ?> && stored instanceof Map<?, ?>) {
      maps(path, Tree.map(sent), Tree.map(stored), lost);
    } else if (sent instanceof List<?> list && stored instanceof List<?> found) {
      lists(path, list, found, lost);
    } else if (stored == null) {
      lost.add(path);
    }
  }

  private static void lists(String path, List<?> sent, List<?> stored, List<String> lost) {
    for (int i = 0; i < sent.size(); i++) {
      Object element = sent.get(i);
      Optional<String> name = Tree.text(element, "name");
      String here = path + "[" + name.orElse(Integer.toString(i)) + "]";
      values(here, element, counterpart(stored, name, i), lost);
    }
  }

  private static @Nullable Object counterpart(List<?> stored, Optional<String> name, int index) {
    if (name.isPresent()) {
      return stored.stream()
          .filter(each -> Tree.text(each, "name").equals(name))
          .findFirst()
          .orElse(null);
    }
    return index < stored.size() ? stored.get(index) : null;
  }

  /** Servers do not keep these apart from a field that is not there. */
  private static boolean isNothing(@Nullable Object value) {
    return value == null
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }
}
