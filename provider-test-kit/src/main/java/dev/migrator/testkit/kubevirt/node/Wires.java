package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two QEMUs know of each other over their own connection, whatever is synchronized between the
 * clusters: each sees the other end's VMI, and the target knows when all was sent.
 */
public final class Wires {
  private final List<Site> sites;
  private final Set<String> sent = new HashSet<>();

  /** The wires between the nodes of these clusters. */
  public Wires(List<Site> sites) {
    this.sites = List.copyOf(sites);
  }

  /** The source has sent everything of this migration. */
  void sendAll(Thing source) {
    sent.add(Vmis.state(source, "targetState.migrationUID"));
  }

  /** Whether the source of this migration has sent everything. */
  boolean allSent(Thing vmi) {
    return sent.contains(Vmis.state(vmi, "targetState.migrationUID"));
  }

  /** The VMI at the other end, if that one still takes part in this migration. */
  @Nullable Thing other(Thing vmi, String mine, String theirs) {
    String uid = Vmis.state(vmi, theirs + ".virtualMachineInstanceUID");
    if (uid.isEmpty()) {
      return null;
    }
    for (Site site : sites) {
      Thing peer = site.store().byUid(Kind.VMI, uid);
      if (peer != null) {
        String back = Vmis.state(peer, mine + ".virtualMachineInstanceUID");
        return back.isEmpty() || back.equals(vmi.uid()) ? peer : null;
      }
    }
    return null;
  }

  /** Whether nodes of these two versions understand each other; true where the peer is unknown. */
  boolean versionsFit(Site from, Thing source) {
    Thing peer = other(source, "sourceState", "targetState");
    for (Site site : sites) {
      if (peer != null && site.store().byUid(Kind.VMI, peer.uid()) != null) {
        return site.world().nodesTrustAll() || from.version().sendsTo(site.version());
      }
    }
    return true;
  }

  /** Of a source: its guest runs on the other side, and this one does not know better. */
  boolean movedAway(Thing source) {
    if (Vmis.flag(source, "failed")) {
      return false;
    }
    Thing target = other(source, "sourceState", "targetState");
    return target != null && !Vmis.state(target, "targetNodeDomainReadyTimestamp").isEmpty();
  }

  /** Of a target: somebody paused the guest before it moved. */
  boolean pausedByUser(Thing target) {
    Thing source = other(target, "targetState", "sourceState");
    return source != null && Guests.PAUSED_BY_USER.equals(Conditions.reason(source, "Paused"));
  }

  /** Of a source: the QEMU at the other end has given up or died. */
  boolean targetDead(Thing source) {
    return dead(source, "sourceState", "targetState", false);
  }

  /** Of a target: the QEMU at the other end has given up or died. */
  boolean sourceDead(Thing target) {
    return dead(target, "targetState", "sourceState", true);
  }

  /** Of a target: the source has given up because it was asked to, which is also synchronized. */
  boolean sourceAborted(Thing target) {
    Thing peer = other(target, "targetState", "sourceState");
    return peer != null && !Vmis.state(peer, "abortStatus").isEmpty();
  }

  private boolean dead(Thing vmi, String mine, String theirs, boolean watchPod) {
    if (Vmis.state(vmi, theirs + ".virtualMachineInstanceUID").isEmpty()) {
      return false;
    }
    Thing peer = other(vmi, mine, theirs);
    if (peer == null || Vmis.isFinal(peer) || Vmis.flag(peer, "failed")) {
      return true;
    }
    String reason = Conditions.reason(peer, "Ready");
    return watchPod && (reason.equals("PodTerminating") || reason.equals("PodNotExists"));
  }
}
