package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What KubeVirt's VMI mutator fills in on a VMI's creation (contract 3.3). */
final class VmiDefaults {
  private static final UUID FIRMWARE_NAMESPACE =
      UUID.fromString("6a1a24a1-4061-4607-8bf4-a3963d0c5895");

  private VmiDefaults() {}

  static void apply(Thing vmi, KubeVirtVersion version) {
    fill(vmi, "spec.architecture", "amd64");
    fill(vmi, "spec.domain.machine.type", "q35");
    fill(vmi, "spec.domain.cpu.model", "host-model");
    fill(vmi, "spec.domain.firmware.uuid", nameDerived(vmi.name()));
    fill(vmi, "spec.evictionStrategy", "None");
    if (!vmi.has("spec.domain.features.acpi")) {
      vmi.set("spec.domain.features.acpi.enabled", true);
    }
    if (!vmi.has("spec.domain.resources")) {
      vmi.set("spec.domain.resources", Json.object());
    }
    if (version.stampsPciTopology()
        && vmi.annotation("kubevirt.io/pci-topology-version").isEmpty()) {
      vmi.annotation("kubevirt.io/pci-topology-version", "v3");
    }
    disks(vmi);
    network(vmi);
  }

  /** A volume without a disk gets one. */
  private static void disks(Thing vmi) {
    List<Map<String, Object>> disks = new ArrayList<>(vmi.maps("spec.domain.devices.disks"));
    List<Map<String, Object>> filesystems = vmi.maps("spec.domain.devices.filesystems");
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String name = Json.text(volume, "name");
      if (Json.find(disks, "name", name) == null && Json.find(filesystems, "name", name) == null) {
        disks.add(Json.object("name", name, "disk", Json.object("bus", "sata")));
      }
    }
    if (!disks.isEmpty()) {
      vmi.set("spec.domain.devices.disks", disks);
    }
  }

  private static void network(Thing vmi) {
    boolean wanted = !"false".equals(vmi.text("spec.domain.devices.autoattachPodInterface"));
    if (wanted
        && vmi.maps("spec.domain.devices.interfaces").isEmpty()
        && vmi.maps("spec.networks").isEmpty()) {
      vmi.set(
          "spec.domain.devices.interfaces",
          List.of(Json.object("name", "default", "masquerade", Json.object())));
      vmi.set("spec.networks", List.of(Json.object("name", "default", "pod", Json.object())));
    }
  }

  static int cores(Thing vmi) {
    String cores = vmi.text("spec.domain.cpu.cores");
    return cores.isEmpty() ? 1 : Integer.parseInt(cores);
  }

  static String memory(Thing vmi) {
    String guest = vmi.text("spec.domain.memory.guest");
    return guest.isEmpty() ? vmi.text("spec.domain.resources.requests.memory") : guest;
  }

  private static void fill(Thing thing, String path, String value) {
    if (thing.text(path).isEmpty()) {
      thing.set(path, value);
    }
  }

  /**
   * The UUID that KubeVirt derives from the VM's name where the spec holds none (UUID version 5).
   */
  static String nameDerived(String name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(FIRMWARE_NAMESPACE.getMostSignificantBits())
              .putLong(FIRMWARE_NAMESPACE.getLeastSignificantBits())
              .array());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
      long most = (hash.getLong() & ~0xF000L) | 0x5000L;
      long least = (hash.getLong() & ~(0xC0L << 56)) | (0x80L << 56);
      return new UUID(most, least).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
