package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** KubeVirt installations for tests. */
final class KubeVirts {

  private KubeVirts() {}

  /** One that can take part in a move: the gate on, an address published, certificates lasting. */
  static KubeVirtView of(String version) {
    return of(version, kubeVirt -> {});
  }

  static KubeVirtView of(String version, Consumer<Map<String, Object>> change) {
    GenericKubernetesResource kubeVirt = Kind.KUBEVIRT.blank("kubevirt", "kubevirt");
    Map<String, Object> properties = kubeVirt.getAdditionalProperties();
    Tree.put(
        properties,
        new ArrayList<>(List.of(KubeVirtView.GATE)),
        "spec",
        "configuration",
        "developerConfiguration",
        "featureGates");
    Tree.put(
        properties,
        new LinkedHashMap<>(Map.of("duration", "48h", "renewBefore", "24h")),
        "spec",
        "certificateRotateStrategy",
        "selfSigned",
        "ca");
    Tree.put(properties, "Deployed", "status", "phase");
    Tree.put(properties, version, "status", "observedKubeVirtVersion");
    Tree.put(
        properties,
        new ArrayList<>(List.of("10.0.0.1:9185")),
        "status",
        "synchronizationAddresses");
    change.accept(properties);
    return new KubeVirtView(kubeVirt);
  }

  /** Also turns a gate on. */
  static Consumer<Map<String, Object>> gate(String gate) {
    return properties ->
        Tree.put(
            properties,
            new ArrayList<>(List.of(KubeVirtView.GATE, gate)),
            "spec",
            "configuration",
            "developerConfiguration",
            "featureGates");
  }

  /** Also registers a network binding plug-in. */
  static Consumer<Map<String, Object>> binding(String name) {
    return properties ->
        Tree.put(
            properties, new LinkedHashMap<>(), "spec", "configuration", "network", "binding", name);
  }
}
