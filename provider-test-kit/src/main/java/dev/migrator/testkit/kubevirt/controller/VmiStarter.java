package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.controller.VmController.Failure;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Phases;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the VMI of a VM (KubeVirt's {@code handleDataVolumes} and {@code startVMI}). */
final class VmiStarter {
  private static final List<String> USABLE =
      List.of("Succeeded", "WaitForFirstConsumer", "PendingPopulation");

  private final Site site;
  private final Instancetypes instancetypes;

  VmiStarter(Site site) {
    this.site = site;
    this.instancetypes = new Instancetypes(site);
  }

  /** Starts the VM, as the receiver of a migration or plainly; waits for its own DataVolumes. */
  @Nullable Failure start(Thing vm, boolean receiver) {
    if (!templatesReady(vm)) {
      return null;
    }
    Thing vmi = Thing.create(Kind.VMI, vm.namespace(), vm.name()).ownedBy(vm);
    Json.map(vm.at("spec.template.metadata.labels"))
        .forEach((key, value) -> vmi.label(key, String.valueOf(value)));
    Json.map(vm.at("spec.template.metadata.annotations"))
        .forEach((key, value) -> vmi.annotation(key, String.valueOf(value)));
    vmi.annotation("kubevirt.io/vm-generation", String.valueOf(vm.meta().getGeneration()));
    if (receiver) {
      vmi.annotation(Vmis.TARGET_ANNOTATION, "true");
    }
    vmi.finalizer(Vmis.VM_FINALIZER, true).finalizer(site.version().podsFinalizer(), true);
    vmi.set("spec", Thing.copyOf(vm.map("spec.template.spec")));
    Failure failure = instancetypes.apply(vm, vmi);
    if (failure != null) {
      return failure;
    }
    VmiDefaults.apply(vmi, site.version());
    begin(vm, vmi);
    try {
      site.store().create(Kind.VMI, vmi);
    } catch (DeniedException e) {
      return new Failure("FailedCreate", String.valueOf(e.getMessage()));
    }
    site.event(
        vm,
        "Normal",
        "SuccessfulCreate",
        "Started the virtual machine by creating the new virtual machine instance " + vm.name());
    clearStart(vm);
    return null;
  }

  private void begin(Thing vm, Thing vmi) {
    vmi.set("status.guestOSInfo", Json.object());
    vmi.set("status.runtimeUser", 107);
    vmi.set("status.phase", "Pending");
    Phases.note(vmi, "Pending", site.now());
    vmi.set(
        "status.virtualMachineRevisionName",
        "revision-start-vm-" + vm.uid() + "-" + vm.meta().getGeneration());
    vmi.set("status.currentCPUTopology", Json.object("cores", VmiDefaults.cores(vmi)));
    String memory = VmiDefaults.memory(vmi);
    if (!memory.isEmpty()) {
      vmi.set(
          "status.memory",
          Json.object("guestAtBoot", memory, "guestCurrent", memory, "guestRequested", memory));
    }
  }

  private void clearStart(Thing vm) {
    Thing fresh = site.store().find(Kind.VM, vm.namespace(), vm.name());
    if (fresh != null && Vms.startRequested(fresh)) {
      Thing copy = fresh.copy();
      Vms.clearRequests(copy, "Start");
      Vms.clearRequests(copy, "Stop");
      site.store().replaceStatus(Kind.VM, copy);
    }
  }

  private boolean templatesReady(Thing vm) {
    boolean ready = true;
    for (Map<String, Object> template : vm.maps("spec.dataVolumeTemplates")) {
      String name = Json.text(template, "metadata.name");
      Thing volume = site.store().find(Kind.DATA_VOLUME, vm.namespace(), name);
      if (volume == null) {
        Thing claim = site.store().find(Kind.CLAIM, vm.namespace(), name);
        if (claim != null) {
          continue; // made by hand before: KubeVirt uses it as it is
        }
        Thing fresh = Thing.create(Kind.DATA_VOLUME, vm.namespace(), name).ownedBy(vm);
        fresh.set("spec", Thing.copyOf(Json.map(template.get("spec"))));
        site.store().createIfAbsent(Kind.DATA_VOLUME, fresh);
        ready = false;
      } else if (!USABLE.contains(volume.text("status.phase"))) {
        ready = false;
      }
    }
    return ready;
  }
}
