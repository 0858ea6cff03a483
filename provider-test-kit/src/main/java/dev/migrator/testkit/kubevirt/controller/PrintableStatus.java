package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The VM's printable status: the first that matches, in KubeVirt's order (contract 1.1.1). */
final class PrintableStatus {
  private static final Set<String> STARTING = Set.of("", "Pending", "Scheduling", "Scheduled");

  private final Site site;

  PrintableStatus(Site site) {
    this.site = site;
  }

  String of(Thing vm, @Nullable Thing vmi) {
    if (vm.deleting()) {
      return "Terminating";
    }
    String phase = vmi == null ? "" : Vmis.phase(vmi);
    if (vmi != null && !Vmis.isFinal(vmi)) {
      if (vmi.deleting()) {
        return "Stopping";
      }
      if (Vmis.state(vmi, "startTimestamp").length() > 0
          && Vmis.state(vmi, "endTimestamp").isEmpty()) {
        return "Migrating";
      }
      if ("Running".equals(phase)) {
        return "True".equals(Conditions.status(vmi, "Paused")) ? "Paused" : "Running";
      }
      if ("FailedPvcNotFound".equals(Conditions.reason(vmi, "Synchronized"))) {
        return "ErrorPvcNotFound";
      }
    }
    String volumes = volumes(vm);
    if (!volumes.isEmpty()) {
      return volumes;
    }
    if (vmi == null || Vmis.isFinal(vmi)) {
      return "Stopped";
    }
    if ("Unschedulable".equals(Conditions.reason(vmi, "PodScheduled"))) {
      return "ErrorUnschedulable";
    }
    if ("WaitingForSync".equals(phase)) {
      return Vms.RECEIVER.equals(Vms.strategy(vm)) ? "WaitingForReceiver" : "Unknown";
    }
    return STARTING.contains(phase) ? "Starting" : "Unknown";
  }

  private String volumes(Thing vm) {
    for (Map<String, Object> volume : Json.maps(vm.at("spec.template.spec.volumes"))) {
      String name = Json.text(volume, "dataVolume.name");
      Thing data =
          name.isEmpty() ? null : site.store().find(Kind.DATA_VOLUME, vm.namespace(), name);
      if (data == null) {
        continue;
      }
      String phase = data.text("status.phase");
      if ("Failed".equals(phase)) {
        return "DataVolumeError";
      }
      if (!List.of("Succeeded", "PendingPopulation", "WaitForFirstConsumer", "Paused")
          .contains(phase)) {
        return "Provisioning";
      }
    }
    return "";
  }
}
