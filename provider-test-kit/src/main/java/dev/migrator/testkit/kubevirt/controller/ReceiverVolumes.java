package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes on a receiver's VMI which claims its volumes will be copied to (KubeVirt's {@code
 * handleWaitAsReceiverVolumeInfo}); not under the roll-out strategy Stage.
 */
final class ReceiverVolumes {
  private final Site site;

  ReceiverVolumes(Site site) {
    this.site = site;
  }

  void write(Thing vm, Thing vmi) {
    Thing current = site.store().find(Kind.VMI, vmi.namespace(), vmi.name());
    if (current == null
        || current.deleting()
        || !Vms.RECEIVER.equals(Vms.strategy(vm))
        || !Vmis.isReceiver(current)
        || Vmis.isCompleted(current)
        || staged()) {
      return;
    }
    List<Map<String, Object>> entries = new ArrayList<>(current.maps("status.migratedVolumes"));
    boolean changed = false;
    for (Map<String, Object> volume : current.maps("spec.volumes")) {
      Map<String, Object> info = MigratedVolumes.claimInfo(site, current, volume);
      String name = Json.text(volume, "name");
      if (info.isEmpty()) {
        continue;
      }
      Map<String, Object> old = Json.find(entries, "volumeName", name);
      if (old == null) {
        entries.add(Json.object("volumeName", name, "destinationPVCInfo", info));
        changed = true;
      }
    }
    if (changed) {
      site.store().replace(Kind.VMI, current.copy().set("status.migratedVolumes", entries));
    }
  }

  private boolean staged() {
    for (Thing kubevirt : site.store().all(Kind.KUBEVIRT)) {
      if ("Stage".equals(kubevirt.text("spec.configuration.vmRolloutStrategy"))) {
        return true;
      }
    }
    return false;
  }
}
