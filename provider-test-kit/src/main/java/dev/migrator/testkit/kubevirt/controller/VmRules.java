package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What virt-api's validation says about the parts of a VM's template (contract 3.1). */
final class VmRules {
  private static final String TEMPLATE = "spec.template.spec.";
  private static final String RESERVED_MAC = "02:00:00:00:00:00";
  private static final Set<String> BINDINGS =
      Set.of("bridge", "masquerade", "sriov", "passtBinding", "binding");

  private VmRules() {}

  /** The first rule that is broken; empty where none is. */
  static String broken(Site site, Thing vm, @Nullable Thing old) {
    for (String said :
        List.of(disks(site, vm), interfaces(vm), sockets(vm), gates(site, vm), busy(vm, old))) {
      if (!said.isEmpty()) {
        return said;
      }
    }
    return "";
  }

  private static String disks(Site site, Thing vm) {
    Set<String> volumes = new TreeSet<>();
    vm.maps(TEMPLATE + "volumes").forEach(volume -> volumes.add(Json.text(volume, "name")));
    int index = 0;
    for (Map<String, Object> disk : vm.maps(TEMPLATE + "domain.devices.disks")) {
      boolean empty = !volumes.contains(Json.text(disk, "name"));
      if (empty && disk.containsKey("cdrom")) {
        if (!KubeVirts.gate(site, "DeclarativeHotplugVolumes")) {
          return "DeclarativeHotplugVolumes feature gate not enabled, cannot define an empty CD-ROM disk";
        }
      } else if (empty) {
        return "spec.template.spec.domain.devices.disks[%d].Name '%s' not found."
            .formatted(index, Json.text(disk, "name"));
      }
      index++;
    }
    return "";
  }

  private static String interfaces(Thing vm) {
    for (Map<String, Object> each : vm.maps(TEMPLATE + "domain.devices.interfaces")) {
      String name = Json.text(each, "name");
      String mac = Json.text(each, "macAddress");
      if (!mac.isEmpty() && !mac.matches("([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}")) {
        return "interface spec.template.spec.domain.devices.interfaces[].name %s has malformed MAC address (%s)"
            .formatted(name, mac);
      }
      if (each.containsKey("masquerade") && RESERVED_MAC.equals(mac)) {
        return "The requested MAC address is reserved for the in-pod bridge. Please choose another one.";
      }
      if (each.keySet().stream().filter(BINDINGS::contains).count() > 1) {
        return "logical %s interface should have exactly one binding".formatted(name);
      }
    }
    return "";
  }

  private static String sockets(Thing vm) {
    Object most = vm.at(TEMPLATE + "domain.cpu.maxSockets");
    Object wanted = vm.at(TEMPLATE + "domain.cpu.sockets");
    return most instanceof Number max
            && wanted instanceof Number now
            && now.intValue() > max.intValue()
        ? "Number of sockets in CPU topology is greater than the maximum sockets allowed"
        : "";
  }

  private static String gates(Site site, Thing vm) {
    for (Map<String, Object> volume : vm.maps(TEMPLATE + "volumes")) {
      if (volume.containsKey("hostDisk") && !KubeVirts.gate(site, "HostDisk")) {
        return "HostDisk feature gate is not enabled";
      }
      if (volume.containsKey("downwardMetrics") && !KubeVirts.gate(site, "DownwardMetrics")) {
        return "downwardMetrics disks are not allowed: DownwardMetrics feature gate is not enabled.";
      }
    }
    Map<String, Object> annotations = vm.map("spec.template.metadata.annotations");
    if (annotations.containsKey("hooks.kubevirt.io/hookSidecars")
        && !KubeVirts.gate(site, "Sidecar")) {
      return "invalid entry metadata.annotations.hooks.kubevirt.io/hookSidecars: sidecar feature gate is not enabled";
    }
    return annotations.containsKey("kubevirt.io/ignitiondata")
            && !KubeVirts.gate(site, "ExperimentalIgnitionSupport")
        ? "ExperimentalIgnitionSupport feature gate is not enabled"
        : "";
  }

  /** What may not change while a snapshot is taken, a backup restored, a guest moved. */
  private static String busy(Thing vm, @Nullable Thing old) {
    if (old == null) {
      return "";
    }
    boolean changed =
        differs(vm, old, "spec.runStrategy")
            || differs(vm, old, "spec.running")
            || differs(vm, old, TEMPLATE + "volumes");
    if (!old.text("status.snapshotInProgress").isEmpty() && changed) {
      return "Cannot update VM spec until snapshot %s completes"
          .formatted(old.text("status.snapshotInProgress"));
    }
    return !old.text("status.restoreInProgress").isEmpty() && differs(vm, old, "spec.runStrategy")
        ? "Cannot start VM until restore %s completes"
            .formatted(old.text("status.restoreInProgress"))
        : "";
  }

  private static boolean differs(Thing vm, Thing old, String path) {
    return !Objects.equals(vm.at(path), old.at(path));
  }
}
