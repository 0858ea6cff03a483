package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.controller.VmController.Failure;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instance types and preferences as KubeVirt 1.9 treats them (contract 4.3): found by name or
 * revision, stored as ControllerRevision, noted in the VM's status, applied to the VMI.
 */
final class Instancetypes {
  private final Site site;

  Instancetypes(Site site) {
    this.site = site;
  }

  /** Applies what the VM refers to; a failure where an object cannot be found. */
  @Nullable Failure apply(Thing vm, Thing vmi) {
    if (vm.has("spec.instancetype")) {
      Thing type = found(vm, "instancetype", Kind.INSTANCETYPE, Kind.CLUSTER_INSTANCETYPE);
      if (type == null) {
        return missing(vm, "instancetype", "FailedFindInstancetype");
      }
      String guest = type.text("spec.cpu.guest");
      if (!guest.isEmpty()) {
        vmi.set("spec.domain.cpu.sockets", Integer.valueOf(guest));
        vmi.set("spec.domain.cpu.cores", 1);
        vmi.set("spec.domain.cpu.threads", 1);
      }
      copy(type, "spec.memory.guest", vmi, "spec.domain.memory.guest");
      copy(type, "spec.cpu.model", vmi, "spec.domain.cpu.model");
      copy(type, "spec.gpus", vmi, "spec.domain.devices.gpus");
      copy(type, "spec.hostDevices", vmi, "spec.domain.devices.hostDevices");
    }
    if (vm.has("spec.preference")) {
      Thing preference = found(vm, "preference", Kind.PREFERENCE, Kind.CLUSTER_PREFERENCE);
      if (preference == null) {
        return missing(vm, "preference", "FailedFindPreference");
      }
      prefer(preference, "spec.machine.preferredMachineType", vmi, "spec.domain.machine.type");
      prefer(preference, "spec.firmware.preferredEfi", vmi, "spec.domain.firmware.bootloader.efi");
      prefer(preference, "spec.features.preferredSmm", vmi, "spec.domain.features.smm");
      prefer(preference, "spec.clock.preferredTimer", vmi, "spec.domain.clock.timer");
      prefer(preference, "spec.devices.preferredTPM", vmi, "spec.domain.devices.tpm");
      bus(preference, vmi);
    }
    return null;
  }

  private @Nullable Thing found(Thing vm, String field, Kind namespaced, Kind cluster) {
    Map<String, Object> matcher = vm.map("spec." + field);
    String recorded = vm.text("status." + field + "Ref.controllerRevisionRef.name");
    String revision = recorded.isEmpty() ? Json.text(matcher, "revisionName") : recorded;
    if (!revision.isEmpty()) {
      Thing stored = site.store().fetch(Kind.CONTROLLER_REVISION, vm.namespace(), revision);
      return stored == null ? null : stored.copy().set("spec", stored.at("data.spec"));
    }
    boolean ofCluster =
        !Json.text(matcher, "kind")
            .toLowerCase(Locale.ROOT)
            .equals(namespaced.kind().toLowerCase(Locale.ROOT));
    String name = Json.text(matcher, "name");
    Thing object =
        ofCluster
            ? site.store().fetch(cluster, "", name)
            : site.store().fetch(namespaced, vm.namespace(), name);
    if (object != null) {
      store(vm, field, object);
    }
    return object;
  }

  private void store(Thing vm, String field, Thing object) {
    String name = vm.name() + "-" + object.name() + "-v1beta1-" + object.uid() + "-1";
    Thing revision = Thing.create(Kind.CONTROLLER_REVISION, vm.namespace(), name).ownedBy(vm);
    revision.set("revision", 0);
    revision.set(
        "data",
        Json.object(
            "apiVersion", object.raw().getApiVersion(),
            "kind", object.raw().getKind(),
            "metadata", Json.object("name", object.name(), "uid", object.uid()),
            "spec", Thing.copyOf(object.at("spec"))));
    site.store().createIfAbsent(Kind.CONTROLLER_REVISION, revision);
    Thing fresh = site.store().find(Kind.VM, vm.namespace(), vm.name());
    if (fresh != null) {
      Thing copy = fresh.copy();
      copy.set("status." + field + "Ref.name", object.name());
      copy.set("status." + field + "Ref.kind", object.raw().getKind());
      copy.set("status." + field + "Ref.controllerRevisionRef.name", name);
      site.store().replaceStatus(Kind.VM, copy);
    }
  }

  private Failure missing(Thing vm, String field, String reason) {
    String message =
        "%s %s of VM %s is not found"
            .formatted(
                vm.text("spec." + field + ".kind"), vm.text("spec." + field + ".name"), vm.key());
    site.event(vm, "Warning", reason, message);
    return new Failure(reason, message);
  }

  private static void copy(Thing from, String source, Thing to, String target) {
    if (from.has(source)) {
      to.set(target, Thing.copyOf(from.at(source)));
    }
  }

  private static void prefer(Thing from, String source, Thing to, String target) {
    if (!to.has(target)) {
      copy(from, source, to, target);
    }
  }

  private static void bus(Thing preference, Thing vmi) {
    String bus = preference.text("spec.devices.preferredDiskBus");
    if (bus.isEmpty()) {
      return;
    }
    for (Map<String, Object> disk : vmi.maps("spec.domain.devices.disks")) {
      if (disk.containsKey("disk") && Json.text(disk, "disk.bus").isEmpty()) {
        Json.set(disk, "disk.bus", bus);
      }
    }
  }
}
