package dev.migrator.kubevirt;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes into a template what KubeVirt would otherwise choose anew on the target, as it chose it
 * for the running instance (rule R13 of the design, contract 3.4).
 */
final class Pins {

  private static final List<String> CPU =
      List.of("model", "sockets", "cores", "threads", "maxSockets");
  private static final List<String> MEMORY = List.of("guest", "maxGuest");

  private Pins() {}

  /**
   * Pins a template.
   *
   * @param template {@code spec.template} of the receiver; changed
   * @param running the running instance
   * @param sizedElsewhere whether an instance type rules CPU and memory: values beside it are a
   *     conflict that admission refuses
   */
  static void write(Map<String, Object> template, VmiView running, boolean sizedElsewhere) {
    Map<String, Object> spec = Tree.ensure(template, "spec");
    Map<String, Object> domain = Tree.ensure(spec, "domain");
    pin(spec, running.spec(), "architecture");
    pin(domain, running.domain(), "firmware", "uuid");
    pin(domain, running.domain(), "firmware", "serial");
    Tree.putIfPresent(domain, Identity.machineType(running), "machine", "type");
    if (!sizedElsewhere) {
      CPU.forEach(part -> pin(domain, running.domain(), "cpu", part));
      MEMORY.forEach(part -> pin(domain, running.domain(), "memory", part));
    }
    for (String annotation : Identity.PCI_ANNOTATIONS) {
      Optional.ofNullable(running.annotations().get(annotation))
          .ifPresent(value -> Tree.put(template, value, "metadata", "annotations", annotation));
    }
    interfaces(spec, running);
  }

  /** A machine that names no interface was given one; its address must be pinned like any other. */
  private static void interfaces(Map<String, Object> spec, VmiView running) {
    boolean named = !Tree.maps(spec, "domain", "devices", "interfaces").isEmpty();
    boolean given = !Tree.maps(running.domain(), "devices", "interfaces").isEmpty();
    if (!named && given) {
      pin(spec, running.spec(), "domain", "devices", "interfaces");
      pin(spec, running.spec(), "networks");
    }
    Map<String, String> macs = Identity.macs(running);
    for (Map<String, Object> nic : Tree.maps(spec, "domain", "devices", "interfaces")) {
      Tree.text(nic, "name")
          .flatMap(name -> Optional.ofNullable(macs.get(name)))
          .filter(mac -> !Tree.has(nic, "macAddress"))
          .ifPresent(mac -> nic.put("macAddress", mac));
    }
  }

  private static void pin(Map<String, Object> to, Map<String, Object> from, String... path) {
    Tree.putIfPresent(to, Optional.ofNullable(Tree.copyOf(Tree.at(from, path))), path);
  }
}
