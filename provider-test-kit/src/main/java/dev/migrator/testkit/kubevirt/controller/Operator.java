package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** KubeVirt's operator: the KubeVirt object's status and the CA bundles (contract 1.4 and 7). */
public final class Operator implements Actor {
  private final Site site;
  private final CaKeeper keeper;
  private @Nullable Boolean gateShown;

  /** The operator of a cluster. */
  public Operator(Site site) {
    this.site = site;
    this.keeper = new CaKeeper(site);
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
    copy.set("status.synchronizationAddresses", gate ? List.of(KubeVirts.syncAddress(site)) : null);
  }
}
