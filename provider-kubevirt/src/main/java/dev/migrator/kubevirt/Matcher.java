package dev.migrator.kubevirt;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code spec.instancetype} or {@code spec.preference} of a VirtualMachine points to.
 *
 * @param field {@link #INSTANCETYPE} or {@link #PREFERENCE}
 * @param kind the kind that it points to
 * @param name the name that it points to
 * @param revision the ControllerRevision that holds the content in force (contract 4.3), or null
 *     where KubeVirt recorded none
 */
record Matcher(String field, Kind kind, String name, @Nullable String revision) {

  static final String INSTANCETYPE = "instancetype";
  static final String PREFERENCE = "preference";

  /** The one that is in force: as written, completed by what KubeVirt recorded in the status. */
  static Optional<Matcher> of(Map<String, Object> spec, Map<String, Object> status, String field) {
    if (!Tree.has(spec, field)) {
      return Optional.empty();
    }
    Map<String, Object> written = Tree.map(spec, field);
    Map<String, Object> inForce = Tree.map(status, field + "Ref");
    String name = Tree.text(written, "name").or(() -> Tree.text(inForce, "name")).orElse("");
    String kind = Tree.text(written, "kind").or(() -> Tree.text(inForce, "kind")).orElse("");
    String revision =
        Tree.text(inForce, "controllerRevisionRef", "name")
            .or(() -> Tree.text(written, "revisionName"))
            .orElse(null);
    return Optional.of(new Matcher(field, kind(field, kind), name, revision));
  }

  boolean isNamespaced() {
    return kind.namespaced();
  }

  /** For people: {@code VirtualMachineInstancetype clarge}. */
  String describe() {
    return kind.kind() + " " + name;
  }

  /** An empty kind is the cluster kind (contract 4.3). */
  private static Kind kind(String field, String written) {
    boolean type = field.equals(INSTANCETYPE);
    Kind namespaced = type ? Kind.INSTANCETYPE : Kind.PREFERENCE;
    Kind cluster = type ? Kind.CLUSTER_INSTANCETYPE : Kind.CLUSTER_PREFERENCE;
    boolean spelled =
        written.equalsIgnoreCase(namespaced.kind())
            || written.equalsIgnoreCase(namespaced.plural());
    return spelled ? namespaced : cluster;
  }
}
