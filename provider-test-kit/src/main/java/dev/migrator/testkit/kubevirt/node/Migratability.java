package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** virt-handler's judgement of whether a guest can be migrated (contract 5). */
final class Migratability {
  private static final String BRIDGE_ALLOWED =
      "kubevirt.io/allow-pod-bridge-network-live-migration";

  private Migratability() {}

  private record Obstacle(String reason, String message) {}

  static void judge(Thing copy, String now) {
    Obstacle obstacle = obstacle(copy);
    boolean shared = disksShared(copy);
    if (obstacle != null) {
      Conditions.set(copy, "LiveMigratable", "False", obstacle.reason(), obstacle.message(), now);
      Conditions.set(
          copy,
          "StorageLiveMigratable",
          "False",
          "NotMigratable",
          obstacle.reason() + ": " + obstacle.message(),
          now);
    } else {
      if (shared) {
        Conditions.set(copy, "LiveMigratable", "True", "", "", now);
      } else {
        Conditions.set(
            copy,
            "LiveMigratable",
            "False",
            "DisksNotLiveMigratable",
            "cannot migrate VMI: PVC is not shared",
            now);
      }
      Conditions.set(copy, "StorageLiveMigratable", "True", "", "", now);
    }
    copy.set("status.migrationMethod", shared ? "LiveMigration" : "BlockMigration");
  }

  private static boolean disksShared(Thing vmi) {
    for (Map<String, Object> volume : vmi.maps("status.volumeStatus")) {
      Map<String, Object> claim = Json.map(volume.get("persistentVolumeClaimInfo"));
      if (!claim.isEmpty() && !Json.texts(claim.get("accessModes")).contains("ReadWriteMany")) {
        return false;
      }
    }
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      if (volume.containsKey("hostDisk")) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Obstacle obstacle(Thing vmi) {
    for (Map<String, Object> each : vmi.maps("spec.domain.devices.interfaces")) {
      Map<String, Object> network =
          Json.find(vmi.maps("spec.networks"), "name", Json.text(each, "name"));
      boolean pod = network != null && network.containsKey("pod");
      if (pod && each.containsKey("bridge") && !vmi.hasAnnotation(BRIDGE_ALLOWED)) {
        return new Obstacle(
            "InterfaceNotLiveMigratable",
            "cannot migrate VMI which does not use masquerade, bridge with "
                + BRIDGE_ALLOWED
                + " VM annotation or a migratable plugin to connect to the pod network");
      }
    }
    if ("host-passthrough".equals(vmi.text("spec.domain.cpu.model"))) {
      return new Obstacle("CPUModeLiveMigratable", "VMI uses host-passthrough");
    }
    for (String devices : List.of("hostDevices", "gpus")) {
      if (!vmi.maps("spec.domain.devices." + devices).isEmpty()) {
        return new Obstacle("HostDeviceNotLiveMigratable", "VMI uses a PCI host devices");
      }
    }
    if (vmi.has("spec.domain.launchSecurity.sev")) {
      return new Obstacle("SEVNotLiveMigratable", "VMI uses SEV");
    }
    return null;
  }
}
