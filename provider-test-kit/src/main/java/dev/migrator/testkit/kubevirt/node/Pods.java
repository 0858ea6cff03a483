package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Launcher pods as the node sees and ends them. */
final class Pods {
  private Pods() {}

  static boolean isLauncher(Thing pod) {
    return "virt-launcher".equals(pod.label("kubevirt.io"));
  }

  /** Whether the simulated nodes run it: a launcher, or what attaches volumes to one. */
  static boolean isServed(Thing pod) {
    return isLauncher(pod) || "hotplug-disk".equals(pod.label("kubevirt.io"));
  }

  static String phase(Thing pod) {
    return pod.text("status.phase");
  }

  /** The running launchers of a VMI. */
  static List<Thing> running(Site site, Thing vmi) {
    List<Thing> running = new ArrayList<>();
    for (Thing pod : site.store().all(Kind.POD)) {
      if (pod.label(Vmis.CREATED_BY_LABEL).equals(vmi.uid()) && "Running".equals(phase(pod))) {
        running.add(pod);
      }
    }
    return running;
  }

  /** The VM whose launcher this is, by the label that KubeVirt sets; empty on foreign pods. */
  static String vm(Thing pod) {
    return pod.label("vm.kubevirt.io/name");
  }

  /** The containers have ended. */
  static void end(Site site, Thing pod, String phase) {
    int code = "Succeeded".equals(phase) ? 0 : 1;
    Map<String, Object> ended =
        Json.object(
            "exitCode",
            code,
            "reason",
            code == 0 ? "Completed" : "Error",
            "finishedAt",
            site.now());
    Thing copy = pod.copy();
    copy.set("status.phase", phase)
        .set("status.containerStatuses", notReady(pod, "terminated", ended))
        .set(
            "status.conditions",
            List.of(
                Json.object(
                    "type", "Ready",
                    "status", "False",
                    "reason", "PodCompleted",
                    "lastTransitionTime", site.now())));
    site.store().replaceStatus(Kind.POD, copy);
  }

  /** The statuses of a pod's containers, none of which is ready, all in this state. */
  static List<Map<String, Object>> notReady(Thing pod, String state, Map<String, Object> details) {
    List<Map<String, Object>> statuses = new ArrayList<>();
    for (Map<String, Object> container : pod.maps("spec.containers")) {
      statuses.add(
          Json.object(
              "name",
              container.get("name"),
              "image",
              container.get("image"),
              "imageID",
              "",
              "ready",
              false,
              "restartCount",
              0,
              "state",
              Json.object(state, Thing.copyOf(details))));
    }
    return statuses;
  }
}
