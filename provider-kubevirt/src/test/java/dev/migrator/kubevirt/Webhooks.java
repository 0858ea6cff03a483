package dev.migrator.kubevirt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What KubeVirt's webhooks write into the spec of an instance where it says nothing itself. */
final class Webhooks {

  private Webhooks() {}

  /** Fills a spec in, with lists that may be changed, as those of a parsed object. */
  static void complete(Map<String, Object> spec) {
    Map<String, Object> domain = Tree.ensure(spec, "domain");
    absent(spec, "amd64", "architecture");
    absent(domain, Machines.UUID, "firmware", "uuid");
    absent(domain, Machines.SERIAL, "firmware", "serial");
    absent(domain, "q35", "machine", "type");
    absent(domain, "host-model", "cpu", "model");
    absent(domain, 1, "cpu", "cores");
    absent(domain, 1, "cpu", "sockets");
    absent(domain, 1, "cpu", "threads");
    absent(domain, 4, "cpu", "maxSockets");
    absent(
        domain,
        Tree.text(domain, "resources", "requests", "memory").orElse("1Gi"),
        "memory",
        "guest");
    if (Tree.maps(domain, "devices", "interfaces").isEmpty()) {
      Tree.put(domain, new ArrayList<>(List.of(named("masquerade"))), "devices", "interfaces");
      spec.put("networks", new ArrayList<>(List.of(named("pod"))));
    }
  }

  private static Map<String, Object> named(String type) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("name", "default");
    made.put(type, new LinkedHashMap<>());
    return made;
  }

  /** Writes a value where there is none. */
  static void absent(Map<String, Object> root, Object value, String... path) {
    if (Tree.text(root, path).isEmpty() && !(Tree.at(root, path) instanceof List<?>)) {
      Tree.put(root, value, path);
    }
  }
}
