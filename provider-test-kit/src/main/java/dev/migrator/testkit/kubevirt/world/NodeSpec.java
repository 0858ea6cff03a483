package dev.migrator.testkit.kubevirt.world;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A node of a simulated cluster.
 *
 * @param name the node's name
 * @param labels what KubeVirt's node labeller and Kubernetes would label it with
 * @param memory what it has for pods, as Kubernetes writes quantities
 */
public record NodeSpec(String name, Map<String, String> labels, String memory) {
  private static final String PLENTY = "128Gi";

  public NodeSpec {
    labels = Map.copyOf(labels);
  }

  /** A node with plenty of memory. */
  public NodeSpec(String name, Map<String, String> labels) {
    this(name, labels, PLENTY);
  }

  /** The same node with so much memory. */
  public NodeSpec withMemory(String chosen) {
    return new NodeSpec(name, labels, chosen);
  }

  /** An Intel node that takes every guest of the kit's samples. */
  public static NodeSpec plain(String name) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("kubernetes.io/hostname", name);
    labels.put("kubernetes.io/arch", "amd64");
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubevirt.io/schedulable", "true");
    labels.put("machine-type.node.kubevirt.io/q35", "true");
    labels.put("machine-type.node.kubevirt.io/pc-q35-rhel9.6.0", "true");
    labels.put("cpu-vendor.node.kubevirt.io/Intel", "true");
    labels.put("host-model-cpu.node.kubevirt.io/Skylake-Client", "true");
    labels.put("cpu-model.node.kubevirt.io/Skylake-Client", "true");
    labels.put("cpu-model-migration.node.kubevirt.io/Skylake-Client", "true");
    labels.put("host-model-required-features.node.kubevirt.io/vmx", "true");
    labels.put("cpu-feature.node.kubevirt.io/vmx", "true");
    labels.put("hyperv.node.kubevirt.io/base", "true");
    return new NodeSpec(name, labels);
  }

  /** The same node with a label more (or, with an empty value, less). */
  public NodeSpec with(String label, String value) {
    Map<String, String> changed = new LinkedHashMap<>(labels);
    if (value.isEmpty()) {
      changed.remove(label);
    } else {
      changed.put(label, value);
    }
    return new NodeSpec(name, changed, memory);
  }

  /** A node of another CPU vendor, which takes no guest that comes from an Intel node. */
  public static NodeSpec amd(String name) {
    return plain(name)
        .with("cpu-vendor.node.kubevirt.io/Intel", "")
        .with("cpu-vendor.node.kubevirt.io/AMD", "true")
        .with("host-model-cpu.node.kubevirt.io/Skylake-Client", "")
        .with("cpu-model.node.kubevirt.io/Skylake-Client", "")
        .with("cpu-model-migration.node.kubevirt.io/Skylake-Client", "")
        .with("host-model-cpu.node.kubevirt.io/EPYC", "true")
        .with("cpu-model.node.kubevirt.io/EPYC", "true")
        .with("cpu-model-migration.node.kubevirt.io/EPYC", "true");
  }
}
