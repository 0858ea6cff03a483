package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a VMI's status shows of its launcher pods: readiness, scheduling, volumes, interfaces. */
final class VmiPodStatus {
  private final Site site;

  VmiPodStatus(Site site) {
    this.site = site;
  }

  /** Conditions and active pods, in every phase. */
  void show(Thing copy, @Nullable Thing pod, List<Thing> pods) {
    if (!Vmis.phase(copy).isEmpty() && !"Pending".equals(Vmis.phase(copy))) {
      ready(copy, pod);
    }
    scheduled(copy, pod);
    volumes(copy);
    plugged(copy, pods);
    Map<String, Object> active = new LinkedHashMap<>();
    for (Thing each : pods) {
      String node = each.text("spec.nodeName");
      if (!node.isEmpty()) {
        active.put(each.uid(), node);
      }
    }
    copy.set("status.activePods", active.isEmpty() ? null : active);
  }

  private void ready(Thing copy, @Nullable Thing pod) {
    String phase = Vmis.phase(copy);
    if (pod == null) {
      condition(copy, "PodNotExists", "virt-launcher pod has not yet been scheduled");
    } else if (LauncherPods.isDown(pod) || Vmis.isFinal(copy)) {
      condition(copy, "PodTerminating", "virt-launcher pod is terminating");
    } else if (!"Running".equals(phase)) {
      condition(copy, "GuestNotRunning", "Guest VM is not reported as running");
    } else if ("True".equals(Conditions.status(copy, "Paused"))) {
      condition(
          copy,
          "ReadinessGatesNotReady",
          "the status of pod readiness gate \"kubevirt.io/virtual-machine-unpaused\" is not"
              + " \"True\", but False");
    } else if (LauncherPods.isReady(pod)) {
      Conditions.set(copy, "Ready", "True", "", "", site.now());
    } else {
      condition(copy, "PodConditionMissing", "virt-launcher pod is missing the Ready condition");
    }
  }

  private void condition(Thing copy, String reason, String message) {
    Conditions.set(copy, "Ready", "False", reason, message, site.now());
  }

  private void volumes(Thing copy) {
    boolean any = false;
    boolean ready = true;
    for (Map<String, Object> volume : copy.maps("spec.volumes")) {
      String name = Json.text(volume, "dataVolume.name");
      if (!name.isEmpty()) {
        any = true;
        Thing data = site.store().find(Kind.DATA_VOLUME, copy.namespace(), name);
        ready &= data != null && "Succeeded".equals(data.text("status.phase"));
      }
    }
    if (any && !Vmis.phase(copy).isEmpty() && !"Pending".equals(Vmis.phase(copy))) {
      Conditions.set(
          copy,
          "DataVolumesReady",
          ready ? "True" : "Unknown",
          ready ? "AllDVsReady" : "NotAllDVsReady",
          ready ? "All of the VMI's DVs are bound and ready" : "Not all of the VMI's DVs are ready",
          site.now());
    }
  }

  /** Hot-plugged volumes name the pod that attaches them. */
  private void plugged(Thing copy, List<Thing> pods) {
    List<Map<String, Object>> plugged = Vmis.hotplugged(copy);
    Map<String, Object> attachment =
        plugged.isEmpty() ? Map.of() : AttachmentPods.shown(site, pods);
    if (attachment.isEmpty()) {
      return;
    }
    List<Map<String, Object>> statuses = new ArrayList<>();
    for (Map<String, Object> status : copy.maps("status.volumeStatus")) {
      Map<String, Object> twin = new LinkedHashMap<>(status);
      if (Json.find(plugged, "name", Json.text(status, "name")) != null) {
        twin.put("hotplugVolume", attachment);
        twin.put("phase", "Ready");
      }
      statuses.add(twin);
    }
    copy.set("status.volumeStatus", statuses);
  }

  private void scheduled(Thing copy, @Nullable Thing pod) {
    if (pod == null) {
      return; // what was said of a pod that is gone stays said
    }
    Map<String, Object> scheduled = Conditions.find(pod, "PodScheduled");
    if (scheduled != null && "False".equals(Json.text(scheduled, "status"))) {
      Conditions.put(copy, new LinkedHashMap<>(scheduled));
    } else {
      Conditions.remove(copy, "PodScheduled");
    }
  }

  /** What becomes known when the pod is ready. */
  void started(Thing copy, Thing pod) {
    String node = pod.text("spec.nodeName");
    copy.label(Vmis.NODE_LABEL, node)
        .set("status.nodeName", node)
        .set("status.migrationTransport", "Unix")
        .set("status.qosClass", "Burstable")
        .set("status.launcherContainerImageVersion", image(pod));
    List<Map<String, Object>> interfaces = new ArrayList<>();
    int index = 0;
    for (Map<String, Object> each : copy.maps("spec.domain.devices.interfaces")) {
      interfaces.add(
          Json.object("name", Json.text(each, "name"), "podInterfaceName", "eth" + index++));
    }
    if (!interfaces.isEmpty()) {
      copy.set("status.interfaces", interfaces);
    }
    List<Map<String, Object>> volumes = new ArrayList<>();
    for (Map<String, Object> volume : copy.maps("spec.volumes")) {
      Map<String, Object> status = Json.object("name", Json.text(volume, "name"), "target", "");
      Map<String, Object> info = MigratedVolumes.claimInfo(site, copy, volume);
      if (!info.isEmpty()) {
        info.put("filesystemOverhead", overhead(copy, volume));
        status.put("persistentVolumeClaimInfo", info);
      }
      String image = Json.text(volume, "containerDisk.image");
      if (!image.isEmpty()) {
        status.put(
            "containerDiskVolume",
            Json.object("checksum", site.world().digestOf(image).hashCode()));
      }
      volumes.add(status);
    }
    if (!volumes.isEmpty()) {
      copy.set("status.volumeStatus", volumes);
    }
  }

  private String overhead(Thing vmi, Map<String, Object> volume) {
    Thing claim = site.store().find(Kind.CLAIM, vmi.namespace(), Vmis.claimOf(volume));
    String name = claim == null ? "" : claim.text("spec.storageClassName");
    return String.valueOf(site.world().storageOf(name).overhead());
  }

  private static String image(Thing pod) {
    List<Map<String, Object>> containers = pod.maps("spec.containers");
    return containers.isEmpty() ? "" : Json.text(containers.get(0), "image");
  }
}
