package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KubeVirt's operator: the KubeVirt object's status and the CA bundles (contract 1.4 and 7). */
public final class Operator implements Actor {
  /** As it was seen: a controller that was deleted with its pod is missed, and succeeded. */
  private static final Duration POD_MISSED = Duration.ofSeconds(3);

  private static final Duration POD_BACK = Duration.ofSeconds(21);

  private final Site site;
  private final CaKeeper keeper;
  private @Nullable Boolean gateShown;
  private int syncPods;

  /** The operator of a cluster. */
  public Operator(Site site) {
    this.site = site;
    this.keeper = new CaKeeper(site);
    this.syncPods = site.world().syncPods();
  }

  @Override
  public void tick() {
    site.each(
        Kind.KUBEVIRT,
        kubevirt -> {
          status(kubevirt);
          keeper.reconcile(kubevirt);
        });
  }

  private void status(Thing kubevirt) {
    Thing copy = kubevirt.copy();
    String tag = site.version().tag();
    copy.set("status.phase", "Deployed")
        .set("status.observedKubeVirtVersion", tag)
        .set("status.targetKubeVirtVersion", tag)
        .set("status.operatorVersion", tag)
        .set("status.defaultArchitecture", "amd64")
        .set("status.observedGeneration", kubevirt.meta().getGeneration());
    if (!copy.has("status.conditions")) {
      copy.set(
          "status.conditions",
          List.of(
              Json.object("type", "Available", "status", "True", "reason", "AllComponentsReady"),
              Json.object("type", "Created", "status", "True", "reason", "AllResourcesCreated")));
    }
    addresses(kubevirt, copy);
    if (!copy.same(kubevirt)) {
      site.store().replaceStatus(Kind.KUBEVIRT, copy);
    }
  }

  private void addresses(Thing kubevirt, Thing copy) {
    boolean gate = KubeVirts.gate(site);
    boolean known = gateShown != null;
    if (known && gate != Boolean.TRUE.equals(gateShown)) {
      var delay = gate ? site.world().timing().gateOn() : site.world().timing().gateOff();
      if (!site.elapsed(kubevirt, "gate-" + gate, delay)) {
        return;
      }
      site.timers().forget(kubevirt.uid() + "/gate-" + gate);
    }
    gateShown = gate;
    boolean listed = gate && !podMissed(kubevirt);
    copy.set(
        "status.synchronizationAddresses", listed ? List.of(KubeVirts.syncAddress(site)) : null);
  }

  private boolean podMissed(Thing kubevirt) {
    int pods = site.world().syncPods();
    if (pods == syncPods) {
      return false;
    }
    boolean missed = site.elapsed(kubevirt, "sync-pod-missed-" + pods, POD_MISSED);
    if (site.elapsed(kubevirt, "sync-pod-back-" + pods, POD_BACK)) {
      syncPods = pods;
      site.world().syncDown(false);
      return false;
    }
    return missed;
  }
}
