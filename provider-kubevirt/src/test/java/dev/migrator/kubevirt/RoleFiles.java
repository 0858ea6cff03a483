package dev.migrator.kubevirt;

import dev.migrator.kubevirt.Right.Place;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes the roles that are shipped, from the declaration in {@link Rights}. */
final class RoleFiles {

  /** Stands for the namespace of the machines in the roles of one namespace. */
  static final String MACHINES = "vms";

  private static final Map<Place, String> NAMESPACES =
      Map.of(
          Place.MACHINE, MACHINES,
          Place.KUBEVIRT, "kubevirt",
          Place.NETWORKS, "networks",
          Place.HOST, "migrator");

  private RoleFiles() {}

  /** Every file by its path below the folder of the roles. */
  static Map<String, String> all() {
    Map<String, String> files = new TreeMap<>();
    for (Grant grant : Grant.values()) {
      List<String> wide = new ArrayList<>();
      List<String> narrow = new ArrayList<>();
      for (Place place : places(grant)) {
        wide.add(role(grant, place, place == Place.KUBEVIRT || place == Place.HOST));
        narrow.add(role(grant, place, place != Place.CLUSTER));
      }
      files.put(grant.role() + ".yaml", file(wide));
      if (!narrow.equals(wide)) {
        files.put("namespaced/" + grant.role() + ".yaml", file(narrow));
      }
    }
    return files;
  }

  /** The name of the role for one place. */
  static String name(Grant grant, Place place) {
    return place == Place.MACHINE || places(grant).size() == 1
        ? grant.role()
        : grant.role() + "-" + place.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Set<Place> places(Grant grant) {
    return Rights.all().stream()
        .filter(right -> right.grant() == grant)
        .map(Right::place)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Place.class)));
  }

  private static String role(Grant grant, Place place, boolean ofNamespace) {
    return "apiVersion: rbac.authorization.k8s.io/v1\nkind: "
        + (ofNamespace ? "Role" : "ClusterRole")
        + "\nmetadata:\n  name: "
        + name(grant, place)
        + (ofNamespace ? "\n  namespace: " + NAMESPACES.get(place) : "")
        + "\nrules:\n"
        + rules(grant, place);
  }

  private static String file(List<String> documents) {
    return "# Made from the declaration Rights; a test compares them. How to bind it: docs/rights.md\n"
        + String.join("---\n", documents);
  }

  private static String rules(Grant grant, Place place) {
    Map<List<String>, List<Right>> grouped = new LinkedHashMap<>();
    Rights.all().stream()
        .filter(right -> right.grant() == grant && right.place() == place)
        .forEach(
            right ->
                grouped
                    .computeIfAbsent(
                        List.of(right.kind().group(), right.resource(), right.name()),
                        key -> new ArrayList<>())
                    .add(right));
    StringBuilder text = new StringBuilder();
    grouped.forEach(
        (key, rights) -> {
          Set<String> verbs = new LinkedHashSet<>();
          Set<String> purposes = new LinkedHashSet<>();
          rights.forEach(right -> verbs.addAll(right.verbs()));
          rights.forEach(right -> purposes.add(right.purpose()));
          text.append("  # ").append(String.join("; ", purposes)).append('\n');
          text.append("  - apiGroups: ").append(list(List.of(key.get(0)))).append('\n');
          text.append("    resources: ").append(list(List.of(key.get(1)))).append('\n');
          if (!key.get(2).isEmpty()) {
            text.append("    resourceNames: ").append(list(List.of(key.get(2)))).append('\n');
          }
          text.append("    verbs: ").append(list(List.copyOf(verbs))).append('\n');
        });
    return text.toString();
  }

  private static String list(List<String> values) {
    return values.stream()
        .map(value -> '"' + value + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
