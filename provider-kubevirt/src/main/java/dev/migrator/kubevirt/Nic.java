package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * An interface of a machine by what others could mistake it for: two with one address on one
 * network disturb each other.
 *
 * @param network {@code pod} or {@code namespace/name} of the definition
 * @param mac the address, in lower case with colons
 */
record Nic(String network, String mac) {

  /** The interfaces of a machine that have an address of their own. */
  static Set<Nic> of(GenericKubernetesResource machine) {
    Map<String, Object> spec = new VmView(machine).templateSpec();
    String namespace = machine.getMetadata().getNamespace();
    Set<Nic> all = new LinkedHashSet<>();
    for (Map<String, Object> nic : Tree.maps(spec, "domain", "devices", "interfaces")) {
      String name = Tree.text(nic, "name").orElse("");
      Tree.text(nic, "macAddress")
          .ifPresent(
              mac ->
                  Tree.named(spec, name, "networks")
                      .flatMap(network -> Networks.source(network, namespace))
                      .ifPresent(network -> all.add(new Nic(network, Identity.normal(mac)))));
    }
    return all;
  }

  /** Whether the address is seen by others: the pod's network shows them the pod's own. */
  boolean isShown() {
    return network.contains("/");
  }
}
