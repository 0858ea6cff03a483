package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Maps the networks of a machine: pod or NetworkAttachmentDefinition to either, dropped only where
 * the plan says so.
 *
 * @param plan holds the mappings
 * @param from the machine's namespace on the source: what a name without a namespace means there
 * @param to the machine's namespace on the target
 */
record Networks(MigrationPlan plan, String from, String to) {

  /** How an interface can be joined to its network; exactly one of them stands in an interface. */
  private static final List<String> BINDINGS =
      List.of("bridge", "masquerade", "sriov", "slirp", "macvtap", "passt", "binding");

  /**
   * What becomes of one network.
   *
   * @param name the network's name within the machine
   * @param source what it is on the source: {@code pod} or {@code namespace/name}
   * @param target what it is on the target in the same form, or null where it is dropped
   */
  record Fate(String name, String source, @Nullable String target) {

    boolean isDropped() {
      return target == null;
    }

    boolean changesKind() {
      return target != null
          && target.equals(NetworkMapping.POD) != source.equals(NetworkMapping.POD);
    }

    boolean isPodOnTarget() {
      return NetworkMapping.POD.equals(target);
    }
  }

  /** What becomes of each network of a spec; a network of another type is not among them. */
  List<Fate> fates(Map<String, Object> spec) {
    List<Fate> fates = new ArrayList<>();
    for (Map<String, Object> network : Tree.maps(spec, "networks")) {
      source(network, from)
          .ifPresent(
              source ->
                  fates.add(new Fate(Tree.text(network, "name").orElse(""), source, map(source))));
    }
    return fates;
  }

  /** The definitions that the target must have, each as {@code namespace/name}. */
  List<String> definitions(Map<String, Object> spec) {
    return fates(spec).stream()
        .flatMap(fate -> Optional.ofNullable(fate.target()).stream())
        .filter(target -> target.contains("/"))
        .toList();
  }

  /** Rewrites networks and interfaces of a spec. */
  void apply(Map<String, Object> spec) {
    for (Fate fate : fates(spec)) {
      if (fate.isDropped()) {
        drop(spec, fate.name(), "networks");
        drop(spec, fate.name(), "domain", "devices", "interfaces");
      } else {
        Tree.named(spec, fate.name(), "networks").ifPresent(network -> write(network, fate));
        if (fate.changesKind()) {
          Tree.named(spec, fate.name(), "domain", "devices", "interfaces")
              .ifPresent(nic -> rebind(nic, fate));
        }
      }
    }
  }

  /** Whether the plan maps a network; what it does not map keeps its name. */
  private @Nullable String map(String source) {
    for (NetworkMapping mapping : plan.networks()) {
      if (qualified(mapping.source(), from).equals(source)) {
        String target = mapping.target();
        return target == null ? null : qualified(target, to);
      }
    }
    // A definition of the machine's own namespace is looked for in its own namespace again.
    return source.startsWith(from + "/") ? to + source.substring(from.length()) : source;
  }

  /** What a network of a machine in a namespace is: {@code pod} or {@code namespace/name}. */
  static Optional<String> source(Map<String, Object> network, String namespace) {
    return Tree.has(network, "pod")
        ? Optional.of(NetworkMapping.POD)
        : Tree.text(network, "multus", "networkName").map(name -> qualified(name, namespace));
  }

  private void write(Map<String, Object> network, Fate fate) {
    String target = String.valueOf(fate.target());
    if (fate.isPodOnTarget()) {
      network.remove("multus");
      Tree.ensure(network, "pod");
    } else {
      boolean wasShort =
          Tree.text(network, "multus", "networkName").filter(it -> !it.contains("/")).isPresent();
      boolean own = target.startsWith(to + "/");
      network.remove("pod");
      Tree.put(
          network,
          wasShort && own ? target.substring(to.length() + 1) : target,
          "multus",
          "networkName");
    }
  }

  /** Masquerade works on the pod network only, and a bridge there keeps a machine from moving. */
  private static void rebind(Map<String, Object> nic, Fate fate) {
    if (Tree.has(nic, "binding")) {
      return;
    }
    BINDINGS.forEach(nic::remove);
    nic.put(fate.isPodOnTarget() ? "masquerade" : "bridge", new LinkedHashMap<>());
  }

  private static void drop(Map<String, Object> spec, String name, String... list) {
    if (Tree.at(spec, list) instanceof List<?> elements) {
      List<Object> kept = new ArrayList<>(elements);
      kept.removeIf(element -> Tree.text(element, "name").filter(name::equals).isPresent());
      Tree.put(spec, kept, list);
    }
  }

  private static String qualified(String name, String namespace) {
    return name.equals(NetworkMapping.POD) || name.contains("/") ? name : namespace + "/" + name;
  }
}
