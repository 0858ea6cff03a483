package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.HashMap;
import java.util.Map;

/** The volume provisioner (and, where there is none, the controller that binds claims). */
public final class Volumes implements Actor {
  private static final String BOUND = "Bound";

  private final Site site;
  private final boolean binds;
  private final Map<String, Thing> made = new HashMap<>();

  /**
   * The provisioner of a cluster.
   *
   * @param binds whether it also marks claims as bound; false beside a real controller manager,
   *     which does that when it sees the volume
   */
  public Volumes(Site site, boolean binds) {
    this.site = site;
    this.binds = binds;
  }

  @Override
  public void tick() {
    site.each(
        Kind.CLAIM,
        claim -> {
          if (!BOUND.equals(claim.text("status.phase")) && !claim.deleting() && wanted(claim)) {
            provide(claim);
          }
        });
    reclaim();
  }

  private boolean wanted(Thing claim) {
    if (site.holds(Switch.CLAIM_PENDING, claim)) {
      return false;
    }
    StorageKind storage = site.world().storageOf(claim.text("spec.storageClassName"));
    return !storage.firstConsumer() || used(claim) || claim.hasAnnotation(DataVolumes.IMMEDIATE);
  }

  /** A scheduled pod uses the claim. */
  private boolean used(Thing claim) {
    for (Thing pod : site.store().all(Kind.POD)) {
      if (!pod.namespace().equals(claim.namespace()) || pod.text("spec.nodeName").isEmpty()) {
        continue;
      }
      for (Map<String, Object> volume : pod.maps("spec.volumes")) {
        if (claim.name().equals(Json.text(volume, "persistentVolumeClaim.claimName"))) {
          return true;
        }
      }
    }
    return false;
  }

  private void provide(Thing claim) {
    if (!site.elapsed(claim, "bound", site.world().timing().claimBound())) {
      return;
    }
    String volume = "pv-" + claim.uid();
    if (!binds) {
      create(claim, volume);
      return;
    }
    Thing current = claim;
    if (claim.text("spec.volumeName").isEmpty()) {
      current =
          site.store()
              .replace(
                  Kind.CLAIM,
                  claim
                      .copy()
                      .annotation("pv.kubernetes.io/bind-completed", "yes")
                      .annotation("pv.kubernetes.io/bound-by-controller", "yes")
                      .set("spec.volumeName", volume));
    }
    site.store()
        .replaceStatus(
            Kind.CLAIM,
            current
                .copy()
                .set("status.phase", BOUND)
                .set("status.accessModes", Thing.copyOf(claim.at("spec.accessModes")))
                .set(
                    "status.capacity",
                    Json.object("storage", claim.text("spec.resources.requests.storage"))));
  }

  private void create(Thing claim, String name) {
    String mode = claim.text("spec.volumeMode");
    Thing volume = Thing.create(Kind.VOLUME, null, name);
    volume.set(
        "spec",
        Json.object(
            "capacity", Json.object("storage", claim.text("spec.resources.requests.storage")),
            "accessModes", Thing.copyOf(claim.at("spec.accessModes")),
            "volumeMode", mode.isEmpty() ? "Filesystem" : mode,
            "storageClassName", claim.text("spec.storageClassName"),
            "persistentVolumeReclaimPolicy", "Retain",
            "hostPath", Json.object("path", "/nowhere"),
            "claimRef",
                Json.object(
                    "apiVersion", "v1",
                    "kind", "PersistentVolumeClaim",
                    "namespace", claim.namespace(),
                    "name", claim.name(),
                    "uid", claim.uid())));
    if (made.putIfAbsent(claim.uid(), volume) == null) {
      site.store().createIfAbsent(Kind.VOLUME, volume);
    }
  }

  /** The volumes of claims that are gone go too: nobody else reclaims them. */
  private void reclaim() {
    for (Map.Entry<String, Thing> entry : Map.copyOf(made).entrySet()) {
      if (site.store().byUid(Kind.CLAIM, entry.getKey()) == null) {
        made.remove(entry.getKey());
        site.store().delete(Kind.VOLUME, entry.getValue());
      }
    }
  }
}
