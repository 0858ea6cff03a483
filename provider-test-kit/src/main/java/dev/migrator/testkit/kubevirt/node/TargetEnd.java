package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The receiving end of a move: publishes its ports, sees the guest arrive, finishes or gives up.
 */
final class TargetEnd {
  private static final String STATE = Vmis.STATE + ".";

  private final Site site;
  private final Wires wires;

  TargetEnd(Site site, Wires wires) {
    this.site = site;
    this.wires = wires;
  }

  /** Makes the next move on the copy; answers whether there was one. */
  boolean turn(Thing copy, String node) {
    if (Vmis.flag(copy, "failed")) {
      return leave(copy);
    }
    boolean started = !Vmis.state(copy, "startTimestamp").isEmpty();
    boolean ended = !Vmis.state(copy, "endTimestamp").isEmpty();
    boolean active = !Vmis.state(copy, "targetNodeDomainReadyTimestamp").isEmpty();
    boolean completed = Vmis.isCompleted(copy);
    boolean detected = Vmis.flag(copy, "targetNodeDomainDetected");
    if (detected && !active && orphaned(copy)) {
      Pods.running(site, copy).forEach(pod -> Pods.end(site, pod, "Succeeded"));
    }
    if (ended && !active && !completed) {
      return endedBySource(copy);
    }
    if (detected && !active && wires.sourceDead(copy)) {
      return false;
    }
    if (site.holds(Switch.TARGET_NOT_READY, copy)) {
      return false;
    }
    if (Vmis.state(copy, "targetNodeAddress").isEmpty()) {
      return publish(copy, node);
    }
    if (!detected) {
      return started && detect(copy);
    }
    if (!active) {
      return arrive(copy);
    }
    if (!ended) {
      return acknowledge(copy, node);
    }
    return completed ? settle(copy) : complete(copy);
  }

  /** The source's QEMU is gone; an abort is first heard of through the synchronization. */
  private boolean orphaned(Thing copy) {
    return wires.sourceDead(copy)
        && (!wires.sourceAborted(copy) || elapsed(copy, "aborted", timing().launcherExit()));
  }

  /** The attempt has failed: the launcher is told to go; the VMI stays a receiver. */
  private boolean leave(Thing copy) {
    if (!Vmis.isCompleted(copy) || Vmis.state(copy, "endTimestamp").isEmpty()) {
      return false;
    }
    List<Thing> launchers = Pods.running(site, copy);
    launchers.forEach(pod -> Pods.end(site, pod, "Succeeded"));
    if (launchers.isEmpty()) {
      return false;
    }
    copy.label(Vmis.TARGET_NODE_LABEL, null);
    return true;
  }

  private static boolean endedBySource(Thing copy) {
    copy.set(STATE + "failed", true).set(STATE + "completed", true);
    if (Vmis.flag(copy, "abortRequested")) {
      if (Vmis.state(copy, "abortStatus").isEmpty()) {
        copy.set(STATE + "abortStatus", "Succeeded");
      }
      if (Vmis.state(copy, "failureReason").isEmpty()) {
        copy.set(STATE + "failureReason", SourceEnd.ABORTED);
      }
    }
    return true;
  }

  private boolean publish(Thing copy, String node) {
    boolean known =
        !Vmis.state(copy, "migrationUid").isEmpty()
            && copy.has(STATE + "sourceState")
            && copy.has("status.migrationTransport");
    if (!known || !site.elapsed(copy, attempt(copy, "ports"), timing().prepareTarget())) {
      return false;
    }
    Map<String, Object> ports = Json.object("40001", 0, "40002", 49152);
    if ("BlockMigration".equals(copy.text("status.migrationMethod"))
        || !copy.maps("status.migratedVolumes").isEmpty()) {
      ports.put("40003", 49153);
    }
    String address = Kubelet.nodeAddress(site, node);
    copy.set(STATE + "targetNodeAddress", address)
        .set(STATE + "targetDirectMigrationNodePorts", ports)
        .set(STATE + "targetState.nodeAddress", address)
        .set(STATE + "targetState.directMigrationNodePorts", Thing.copyOf(ports));
    site.event(
        copy, "Normal", "PreparingTarget", "VirtualMachineInstance Migration Target Prepared.");
    return true;
  }

  private static String attempt(Thing copy, String what) {
    return what + "-" + Vmis.state(copy, "migrationUid");
  }

  private Timing timing() {
    return site.world().timing();
  }

  private static boolean detect(Thing copy) {
    copy.set(STATE + "targetNodeDomainDetected", true)
        .set(STATE + "targetState.domainDetected", true);
    return true;
  }

  private boolean arrive(Thing copy) {
    if (site.holds(Switch.HOLD_RUNNING, copy) || !wires.allSent(copy)) {
      return false;
    }
    String now = site.now();
    if (wires.pausedByUser(copy)) {
      Guests.pause(copy, now);
    }
    copy.set(STATE + "targetNodeDomainReadyTimestamp", now)
        .set(STATE + "targetState.domainReadyTimestamp", now);
    return true;
  }

  private boolean acknowledge(Thing copy, String node) {
    if (site.holds(Switch.HOLD_ACKNOWLEDGE, copy)
        || !elapsed(copy, "acknowledged", timing().acknowledge())) {
      return false;
    }
    copy.label(Vmis.NODE_LABEL, node)
        .set("status.nodeName", node)
        .set("status.launcherContainerImageVersion", "")
        .set("status.evacuationNodeName", "")
        .set("status.migrationTransport", "Unix")
        .set(STATE + "endTimestamp", site.now());
    site.event(
        copy, "Normal", "Migrated", "The VirtualMachineInstance migrated to node " + node + ".");
    return true;
  }

  private boolean elapsed(Thing copy, String what, Duration delay) {
    return site.elapsed(copy, attempt(copy, what), delay);
  }

  private boolean complete(Thing copy) {
    if (site.holds(Switch.HOLD_COMPLETE, copy)
        || !elapsed(copy, "completed", timing().complete())) {
      return false;
    }
    copy.set(STATE + "completed", true).set("status.migratedVolumes", null);
    Conditions.remove(copy, "VolumesChange");
    return true;
  }

  private boolean settle(Thing copy) {
    if (!"Running".equals(Vmis.phase(copy))) {
      Guests.running(site, copy);
      return true;
    }
    if (site.holds(Switch.RECEIVER_KEPT, copy)) {
      return false;
    }
    copy.label(Vmis.TARGET_NODE_LABEL, null).annotation(Vmis.TARGET_ANNOTATION, null);
    return true;
  }
}
