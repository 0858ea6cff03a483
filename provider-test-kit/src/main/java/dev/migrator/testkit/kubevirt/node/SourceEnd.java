package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.Map;

/** The sending end of a move: starts the copy, sends, fails, aborts. */
final class SourceEnd {
  static final String ABORTED = "Live migration has been aborted";

  private static final String STATE = Vmis.STATE + ".";
  private static final Duration NO_CONNECTION = Duration.ofSeconds(30);

  private final Site site;
  private final Wires wires;

  SourceEnd(Site site, Wires wires) {
    this.site = site;
    this.wires = wires;
  }

  /** Makes the next move on the copy; answers whether there was one. */
  boolean turn(Thing copy) {
    boolean asked = Vmis.flag(copy, "abortRequested") && Vmis.state(copy, "abortStatus").isEmpty();
    boolean crossed = asked && site.holds(Switch.ABORT_CROSSED, copy);
    if (Vmis.isCompleted(copy)
        || Vmis.flag(copy, "failed")
        || (wires.movedAway(copy) && !crossed)) {
      return false; // ended, or switched over: nothing left to start, to fail or to cancel
    }
    if (asked && !site.holds(Switch.ABORT_OVERTAKEN, copy)) {
      return abort(copy, crossed);
    }
    if (Vmis.state(copy, "startTimestamp").isEmpty()) {
      return start(copy);
    }
    if (!Pods.running(site, copy).isEmpty() && wires.targetDead(copy)) {
      return fail(copy, "Live migration failed: connection to the target lost");
    }
    if (site.holds(Switch.FAIL_SOURCE, copy)) {
      return fail(copy, "Live migration failed: unable to connect to server");
    }
    return send(copy);
  }

  private boolean abort(Thing copy, boolean crossed) {
    if (site.holds(Switch.HOLD_ABORT, copy)) {
      return false;
    }
    if (crossed && !wires.movedAway(copy)) {
      allSent(copy);
      return false;
    }
    copy.set(STATE + "abortStatus", "Succeeded");
    return fail(copy, ABORTED);
  }

  private void allSent(Thing copy) {
    if (!wires.allSent(copy)) {
      wires.sendAll(copy);
      site.store().nudge();
    }
  }

  private boolean start(Thing copy) {
    if (!Vmis.isSource(copy)
        || !copy.has(STATE + "targetDirectMigrationNodePorts")
        || site.holds(Switch.HOLD_START, copy)) {
      return false;
    }
    if (site.holds(Switch.NODES_APART, copy) || !wires.versionsFit(site, copy)) {
      String attempt = "apart-" + Vmis.state(copy, "sourceState.migrationUID");
      return site.elapsed(copy, attempt, NO_CONNECTION)
          && fail(copy, "Live migration failed: unable to connect to server: Connection timed out");
    }
    copy.set(STATE + "startTimestamp", site.now()).set(STATE + "mode", "PreCopy");
    site.event(copy, "Normal", "Migrating", "VirtualMachineInstance is migrating.");
    return true;
  }

  private boolean send(Thing copy) {
    String small = site.holds(Switch.SIZES_IGNORED, copy) ? "" : tooSmall(copy);
    if (!small.isEmpty()) {
      return fail(copy, small);
    }
    if (wires.allSent(copy) || site.holds(Switch.HOLD_RUNNING, copy)) {
      return false;
    }
    String key = "copy-" + Vmis.state(copy, "sourceState.migrationUID");
    long rate = site.world().timing().bytesPerSecond();
    boolean converging = !Vmis.state(copy, "mode").equals("PreCopy");
    long dirty = converging ? 0 : site.world().dirtyRateOf(copy.namespace(), copy.name());
    if (rate > 0 && dirty >= rate) {
      return Convergence.of(copy).assist(site, copy, key, bytes(copy))
          || (site.elapsed(copy, key, Convergence.of(copy).patience()) && fail(copy, ABORTED));
    }
    Duration needed =
        rate == 0
            ? Duration.ZERO
            : Duration.ofMillis(Math.max(1, bytes(copy) * 1000 / (rate - dirty)));
    if (site.elapsed(copy, key + (converging ? "-assisted" : ""), needed)) {
      allSent(copy);
    }
    return false;
  }

  private static long bytes(Thing copy) {
    long bytes = Sizes.bytes(copy.text("status.memory.guestCurrent"));
    if ("BlockMigration".equals(copy.text("status.migrationMethod"))) {
      for (Map<String, Object> volume : copy.maps("status.migratedVolumes")) {
        bytes += Sizes.bytes(Json.text(volume, "sourcePVCInfo.capacity.storage"));
      }
    }
    return bytes;
  }

  /** What QEMU says where a destination is smaller than what it is to hold; empty else. */
  private String tooSmall(Thing copy) {
    Thing peer = wires.other(copy, "sourceState", "targetState");
    for (Map<String, Object> volume : copy.maps("status.migratedVolumes")) {
      String claim = Json.text(volume, "destinationPVCInfo.claimName");
      long destination = Sizes.bytes(Json.text(volume, "destinationPVCInfo.capacity.storage"));
      long origin = Sizes.bytes(Json.text(volume, "sourcePVCInfo.capacity.storage"));
      if (peer != null && destination == 0) {
        destination = capacity(peer, claim); // a claim that was bound only with the pod
      }
      if (destination > 0 && destination < origin) {
        return "Volume migration cannot be performed because the destination volume is smaller than"
            + " the source volume: "
            + claim;
      }
    }
    return "";
  }

  private long capacity(Thing peer, String claimName) {
    for (Site each : site.all()) {
      if (each.store().byUid(Kind.VMI, peer.uid()) != null) {
        Thing claim = each.store().find(Kind.CLAIM, peer.namespace(), claimName);
        return claim == null ? 0 : Sizes.bytes(claim.text("status.capacity.storage"));
      }
    }
    return 0;
  }

  private boolean fail(Thing copy, String reason) {
    Convergence.resume(copy);
    copy.set(STATE + "failed", true)
        .set(STATE + "completed", true)
        .set(STATE + "endTimestamp", site.now())
        .set(STATE + "failureReason", reason);
    return true;
  }
}
