package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pods through which hot-plugged volumes reach a launcher's node: one beside each launcher,
 * owned by it (contract 2.2 and 4.1).
 */
final class AttachmentPods {
  static final String HOTPLUG = "hotplug-disk";

  private AttachmentPods() {}

  /** The attachment pods of a launcher. */
  static List<Thing> of(Site site, Thing launcher) {
    return site.store().all(Kind.POD).stream()
        .filter(
            pod ->
                pod.label("kubevirt.io").equals(HOTPLUG)
                    && launcher.uid().equals(pod.owner(Kind.POD.kind())))
        .toList();
  }

  /** Whether a launcher has all that the VMI hot-plugs. */
  static boolean ready(Site site, Thing vmi, List<Thing> launchers) {
    return Vmis.hotplugged(vmi).isEmpty()
        || launchers.stream()
            .flatMap(launcher -> of(site, launcher).stream())
            .anyMatch(LauncherPods::isReady);
  }

  /** Whether an attachment pod went down under a launcher. */
  static boolean down(Site site, List<Thing> launchers) {
    List<Thing> all = launchers.stream().flatMap(launcher -> of(site, launcher).stream()).toList();
    return !all.isEmpty() && all.stream().allMatch(LauncherPods::isDown);
  }

  /**
   * Makes the attachment pod of a launcher that is ready, where one is needed and none is there.
   */
  static void ensure(Site site, Thing vmi, Thing launcher, String migrationUid) {
    List<Map<String, Object>> plugged = Vmis.hotplugged(vmi);
    if (plugged.isEmpty() || !LauncherPods.isReady(launcher) || !of(site, launcher).isEmpty()) {
      return;
    }
    List<Map<String, Object>> volumes = new ArrayList<>();
    for (Map<String, Object> volume : plugged) {
      volumes.add(
          Json.object(
              "name",
              Json.text(volume, "name"),
              "persistentVolumeClaim",
              Json.object("claimName", Vmis.claimOf(volume))));
    }
    Thing pod =
        Thing.create(Kind.POD, vmi.namespace(), site.generated("hp-volume-"))
            .ownedBy(launcher)
            .label("kubevirt.io", HOTPLUG)
            .set(
                "spec.containers",
                List.of(
                    Json.object(
                        "name",
                        HOTPLUG,
                        "image",
                        "registry.invalid/kubevirt/virt-launcher:" + site.version().tag())))
            .set("spec.volumes", volumes)
            .set(
                "spec.nodeSelector",
                Json.object("kubernetes.io/hostname", launcher.text("spec.nodeName")))
            .set("spec.restartPolicy", "Never")
            .set("spec.automountServiceAccountToken", false)
            .set("spec.enableServiceLinks", false)
            .set("status.phase", "Pending");
    if (!migrationUid.isEmpty()) {
      pod.label(Vmis.MIGRATION_LABEL, migrationUid);
    }
    try {
      site.store().create(Kind.POD, pod);
      site.event(vmi, "Normal", "SuccessfulCreate", "Created attachment pod " + pod.name());
    } catch (DeniedException e) {
      site.event(
          vmi, "Warning", "FailedCreate", "Error creating attachment pod: " + e.getMessage());
    }
  }

  /** What a VMI's status shows of a hot-plugged volume. */
  static Map<String, Object> shown(Site site, List<Thing> launchers) {
    for (Thing launcher : launchers) {
      for (Thing pod : LauncherPods.isDown(launcher) ? List.<Thing>of() : of(site, launcher)) {
        return Json.object("attachPodName", pod.name(), "attachPodUID", pod.uid());
      }
    }
    return Json.object();
  }
}
