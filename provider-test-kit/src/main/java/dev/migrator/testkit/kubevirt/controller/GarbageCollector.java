package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Map;

/** Kubernetes' garbage collector: what a controlling owner leaves behind is deleted. */
public final class GarbageCollector implements Actor {
  private static final Map<String, Kind> OWNERS =
      Map.of(
          Kind.VM.kind(), Kind.VM,
          Kind.VMI.kind(), Kind.VMI,
          Kind.VMIM.kind(), Kind.VMIM,
          Kind.DATA_VOLUME.kind(), Kind.DATA_VOLUME,
          Kind.CLAIM.kind(), Kind.CLAIM,
          Kind.POD.kind(), Kind.POD);

  private final Site site;

  /** The garbage collector of a cluster. */
  public GarbageCollector(Site site) {
    this.site = site;
  }

  @Override
  public void tick() {
    for (Kind kind : List.of(Kind.VMI, Kind.DATA_VOLUME, Kind.CLAIM, Kind.POD)) {
      site.each(
          kind,
          thing -> {
            if (!thing.deleting() && orphaned(thing)) {
              site.store().delete(kind, thing);
            }
          });
    }
  }

  private boolean orphaned(Thing thing) {
    List<OwnerReference> owners = thing.meta().getOwnerReferences();
    if (owners == null || owners.isEmpty()) {
      return false;
    }
    for (OwnerReference owner : owners) {
      Kind kind = OWNERS.get(owner.getKind());
      if (kind == null || site.store().byUid(kind, owner.getUid()) != null) {
        return false;
      }
    }
    return true;
  }
}
