package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import java.util.Random;
import java.util.UUID;

/** What KubeVirt's VM mutator fills in on a VM's creation (contract 3.3). */
final class VmDefaults {
  private static final String TEMPLATE = "spec.template.spec.";

  private VmDefaults() {}

  static void apply(Thing vm, KubeVirtVersion version, Random random) {
    if (!vm.has("spec.template.spec")) {
      return; // validation will have its say
    }
    fill(vm, TEMPLATE + "architecture", "amd64");
    if (!vm.has("spec.preference")) {
      fill(vm, TEMPLATE + "domain.machine.type", "q35"); // else the preference's to decide
    }
    if (version.drawsFirmwareIdentity()) {
      fill(vm, TEMPLATE + "domain.firmware.uuid", drawn(random));
      fill(vm, TEMPLATE + "domain.firmware.serial", drawn(random));
    }
    if (version.stampsPciTopology()) {
      stamp(vm);
    }
  }

  private static void stamp(Thing vm) {
    String path = "spec.template.metadata.annotations";
    String key = "kubevirt.io/pci-topology-version";
    if (!vm.map(path).containsKey(key)) {
      java.util.Map<String, Object> annotations = new java.util.LinkedHashMap<>(vm.map(path));
      annotations.put(key, "v3");
      vm.set(path, annotations);
    }
  }

  private static void fill(Thing thing, String path, String value) {
    if (thing.text(path).isEmpty()) {
      thing.set(path, value);
    }
  }

  private static String drawn(Random random) {
    return new UUID(
            (random.nextLong() & ~0xF000L) | 0x4000L,
            (random.nextLong() & ~(0xC0L << 56)) | (0x80L << 56))
        .toString();
  }
}
