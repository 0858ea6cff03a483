package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** KubeVirt's synchronization controller (contract 2.3): pushes VMI status to the other side. */
public final class SyncController implements Actor {
  private static final String REASON = "DecentralizedNotLiveMigratable";
  private static final String WAITING = "waiting for incoming synchronization, unable to proceed";
  private static final Duration FIRST_RETRY = Duration.ofMillis(5);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1000);
  private static final int LEFTOVER_ODDS = 3;

  private final Site site;
  private final SyncNetwork network;
  private final SyncServer server;
  private final Map<String, SyncLink> links = new HashMap<>();
  private int restartsSeen;

  /** The synchronization controller of a cluster, joined to the others by the network. */
  public SyncController(Site site, SyncNetwork network) {
    this.site = site;
    this.network = network;
    this.server = new SyncServer(site);
    this.restartsSeen = site.world().syncRestarts();
    network.join(this);
  }

  Site site() {
    return site;
  }

  SyncServer server() {
    return server;
  }

  /** Whether its program runs and holds the port, as far as a VM can tell. */
  boolean listens(String namespace, String name) {
    return !site.world().syncDown(namespace, name) && KubeVirts.gate(site);
  }

  @Override
  public void tick() {
    if (!listens("", "")) {
      links.clear(); // what it knew is gone with the program
      restartsSeen = -1;
      return;
    }
    int restarts = site.world().syncRestarts();
    if (restartsSeen != restarts) {
      int before = restartsSeen;
      restartsSeen = restarts;
      if (before < 0 || site.world().restartedSince(before, "", "")) {
        links.clear();
      }
      site.each(Kind.VMIM, migration -> restarted(migration, before));
    }
    site.each(Kind.VMIM, this::reconcile);
    orphans();
  }

  /** The address of the other side, as far as it is known. */
  private static String peer(Thing migration, Thing vmi) {
    return Vmis.state(
        vmi, (Migrations.sends(migration) ? "targetState" : "sourceState") + ".syncAddress");
  }

  private static String field(Thing migration) {
    return Migrations.sends(migration) ? "sourceState" : "targetState";
  }

  /** What a program that begins anew does for a half; a count below zero: it was down. */
  private void restarted(Thing migration, int before) {
    if (before < 0
        || site.world()
            .restartedSince(before, migration.namespace(), migration.text("spec.vmiName"))) {
      links.remove(migration.uid());
      rebuild(migration);
    }
  }

  /** After a restart it writes its own address on the VMI, which breaks the exclusive-or there. */
  private void rebuild(Thing migration) {
    Thing vmi = Migrations.vmi(site, migration);
    if (vmi == null
        || !Migrations.isDecentralized(migration)
        || Migrations.isFinal(migration)
        || !Migrations.known(migration, vmi)
        || peer(migration, vmi).isEmpty()) { // nobody to connect to yet, so nothing is rebuilt
      return;
    }
    String path = Vmis.STATE + "." + field(migration) + ".syncAddress";
    site.store().replace(Kind.VMI, vmi.copy().set(path, KubeVirts.syncAddress(site)));
  }

  private void reconcile(Thing known) {
    if (!listens(known.namespace(), known.text("spec.vmiName"))) {
      links.remove(known.uid());
      return;
    }
    Thing vmi = Migrations.vmi(site, known);
    if (vmi == null || !Migrations.isDecentralized(known) || !Migrations.known(known, vmi)) {
      return;
    }
    Thing migration = finalizer(known, vmi);
    Thing current = Migrations.vmi(site, known);
    boolean sends = Migrations.sends(migration);
    if (current == null || (sends && Migrations.id(migration).isEmpty())) {
      return;
    }
    if (!sends && migration.deleting()) {
      return; // a receive half that is being deleted pushes nothing any more
    }
    String peer = peer(migration, current);
    if (peer.isEmpty()) {
      if (!sends && "WaitingForSync".equals(Migrations.phase(migration))) {
        complain(current, WAITING);
      }
      return;
    }
    SyncLink link = links.computeIfAbsent(migration.uid(), unused -> new SyncLink());
    link.remember(Migrations.id(migration), peer);
    if (wanted(link, migration, current)) {
      push(link, migration.uid(), sends, current);
      link.note(migration);
    }
  }

  private boolean wanted(SyncLink link, Thing migration, Thing vmi) {
    if (link.failed() && Migrations.sends(migration)) {
      if (link.touched(migration)) {
        return true;
      }
      return site.timers().elapsed(retryKey(migration.uid(), link), link.delay());
    }
    if (link.poked()) {
      return true;
    }
    if (Migrations.isFinal(migration)) {
      boolean untold = Vmis.isCompleted(vmi) && !link.toldCompleted() && link.isNews(vmi);
      return untold
          || link.touched(migration)
          || (link.isNews(vmi) && link.leftover(site.random().nextInt(LEFTOVER_ODDS) == 0));
    }
    return link.isNews(vmi) || link.touched(migration);
  }

  private static String retryKey(String uid, SyncLink link) {
    return uid + "/sync-" + link.failures();
  }

  private void push(SyncLink link, String migrationUid, boolean sends, Thing vmi) {
    SyncNetwork.Dialled dialled = network.dial(site, vmi, link.address(), link.open());
    String error = dialled.error();
    if (error.isEmpty()) {
      link.opened();
      Thing sent =
          vmi.copy()
              .set(
                  Vmis.STATE + (sends ? ".sourceState" : ".targetState") + ".syncAddress",
                  KubeVirts.syncAddress(site));
      SyncController peer = dialled.peer().get(0);
      error =
          sends
              ? peer.server().syncSource(link.id(), sent)
              : peer.server().syncTarget(link.id(), sent);
      if (error.isEmpty() && sends) {
        peer.poke(link.id());
      }
    }
    Thing now = site.store().find(Kind.VMI, vmi.namespace(), vmi.name());
    Thing left = now == null ? vmi : error.isEmpty() ? calm(now) : complain(now, error);
    if (error.isEmpty()) {
      link.delivered(left, Vmis.isCompleted(vmi));
    } else {
      link.lost(left, backoff(link.failures()));
      site.timers().begun(retryKey(migrationUid, link));
    }
  }

  private static Duration backoff(int failures) {
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 30));
    return delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
  }

  /** A source got through: what this side could not tell it before is told now. */
  private void poke(String id) {
    for (SyncLink link : links.values()) {
      if (link.id().equals(id) && link.failed()) {
        link.poke();
        site.store().nudge();
      }
    }
  }

  private Thing complain(Thing vmi, String message) {
    if (!site.version().showsConditions()) {
      return vmi;
    }
    Thing copy = vmi.copy();
    Conditions.set(copy, Vmis.SYNC_CONDITION, "True", REASON, message, site.now());
    return copy.same(vmi) ? vmi : site.store().replace(Kind.VMI, copy);
  }

  private Thing calm(Thing vmi) {
    if (Conditions.find(vmi, Vmis.SYNC_CONDITION) == null) {
      return vmi;
    }
    Thing copy = vmi.copy();
    Conditions.remove(copy, Vmis.SYNC_CONDITION);
    return site.store().replace(Kind.VMI, copy);
  }

  private Thing finalizer(Thing migration, Thing vmi) {
    boolean wanted =
        !Migrations.isFinal(migration)
            && (!migration.deleting() || site.version().keepsDeletedHalves());
    if (migration.deleting()) {
      calm(vmi);
      cancelPeer(migration);
    }
    if (wanted == migration.hasFinalizer(Migrations.SYNC_FINALIZER)) {
      return migration;
    }
    return site.store()
        .replace(Kind.VMIM, migration.copy().finalizer(Migrations.SYNC_FINALIZER, wanted));
  }

  /** A cancellation reaches the other half only within one cluster. */
  private void cancelPeer(Thing migration) {
    for (Thing other : Migrations.all(site)) {
      if (!other.uid().equals(migration.uid())
          && Migrations.isDecentralized(other)
          && Migrations.id(other).equals(Migrations.id(migration))
          && !other.deleting()
          && !Migrations.isFinal(other)) {
        site.store().delete(Kind.VMIM, other);
      }
    }
  }

  /** A source whose half went while it was aborted tells the target once more (from 1.9 on). */
  private void orphans() {
    if (!site.version().limitsDowntime()) {
      return;
    }
    site.each(
        Kind.VMI,
        vmi -> {
          String uid = Vmis.state(vmi, "sourceState.migrationUID");
          SyncLink link = links.get(uid);
          if (link != null
              && Vmis.flag(vmi, "abortRequested")
              && Vmis.isCompleted(vmi)
              && !link.toldCompleted()
              && site.store().byUid(Kind.VMIM, uid) == null
              && (!link.failed() || site.timers().elapsed(retryKey(uid, link), link.delay()))) {
            push(link, uid, true, vmi);
          }
        });
  }
}
