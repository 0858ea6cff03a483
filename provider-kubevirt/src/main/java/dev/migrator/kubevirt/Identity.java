package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a guest sees of the machine that it runs on, and must see again after the move (contract
 * 3.4).
 *
 * @param values each trait by its name, in a fixed order; a trait that is not set is not there
 */
record Identity(Map<String, String> values) {

  static final String PCI_TOPOLOGY = "kubevirt.io/pci-topology-version";
  static final String PCI_SLOTS = "kubevirt.io/pci-interface-slot-count";

  /** The annotations on which the addresses of a guest's PCI devices depend. */
  static final List<String> PCI_ANNOTATIONS = List.of(PCI_TOPOLOGY, PCI_SLOTS);

  Identity {
    values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The identity of a running instance. */
  static Identity of(VmiView vmi) {
    Map<String, String> traits = new LinkedHashMap<>();
    Map<String, Object> domain = vmi.domain();
    put(traits, "firmware UUID", domain, "firmware", "uuid");
    put(traits, "firmware serial", domain, "firmware", "serial");
    machineType(vmi).ifPresent(type -> traits.put("machine type", type));
    put(traits, "architecture", vmi.spec(), "architecture");
    put(traits, "CPU model", domain, "cpu", "model");
    for (String part : List.of("sockets", "cores", "threads", "maxSockets")) {
      put(traits, "CPU " + part, domain, "cpu", part);
    }
    put(traits, "guest memory", domain, "memory", "guest");
    put(traits, "maximum guest memory", domain, "memory", "maxGuest");
    macs(vmi).forEach((name, mac) -> traits.put("MAC of " + name, mac));
    for (String annotation : PCI_ANNOTATIONS) {
      put(traits, annotation, vmi.annotations(), annotation);
    }
    List<String> volumes =
        Tree.maps(vmi.spec(), "volumes").stream()
            .flatMap(volume -> Tree.text(volume, "name").stream())
            .toList();
    traits.put("volumes", String.join(", ", volumes));
    return new Identity(traits);
  }

  /** The machine type with its version where KubeVirt knows it; an alias otherwise. */
  static java.util.Optional<String> machineType(VmiView vmi) {
    return Tree.text(vmi.status(), "machine", "type")
        .or(() -> Tree.text(vmi.domain(), "machine", "type"));
  }

  /** The MAC addresses of the interfaces of the spec, by name, in lower case with colons. */
  static Map<String, String> macs(VmiView vmi) {
    Map<String, String> macs = new LinkedHashMap<>();
    for (Map<String, Object> nic : Tree.maps(vmi.domain(), "devices", "interfaces")) {
      String name = Tree.text(nic, "name").orElse("");
      Tree.text(nic, "macAddress")
          .or(() -> Tree.named(vmi.status(), name, "interfaces").flatMap(i -> Tree.text(i, "mac")))
          .ifPresent(mac -> macs.put(name, normal(mac)));
    }
    return macs;
  }

  /**
   * Where another identity differs from this one.
   *
   * @param other the identity of the same guest elsewhere
   * @return a sentence for each difference; a trait that only the other has is none, because
   *     nothing that the guest knew is lost
   */
  List<String> differences(Identity other) {
    List<String> found = new ArrayList<>();
    values.forEach(
        (trait, value) -> {
          String there = other.values.get(trait);
          if (!Objects.equals(value, there) && !sameAlias(trait, value, there)) {
            found.add(
                trait + " was " + value + " and is " + (there == null ? "not set" : there) + ".");
          }
        });
    return found;
  }

  /** For people and for the status: the traits in a stable order. */
  String describe() {
    return new TreeMap<>(values).toString();
  }

  /** An alias such as {@code q35} and the versioned type behind it cannot be told apart. */
  private static boolean sameAlias(
      String trait, String one, @org.jspecify.annotations.Nullable String other) {
    return trait.equals("machine type")
        && other != null
        && (one.startsWith("pc-" + other + "-") || other.startsWith("pc-" + one + "-"));
  }

  /** An address in one spelling. */
  static String normal(String mac) {
    return mac.toLowerCase(java.util.Locale.ROOT).replace('-', ':');
  }

  private static void put(Map<String, String> traits, String trait, Object node, String... path) {
    Tree.text(node, path).ifPresent(value -> traits.put(trait, value));
  }
}
