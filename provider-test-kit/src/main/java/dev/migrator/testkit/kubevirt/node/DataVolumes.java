package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Denials;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.Map;

/** CDI: a claim for each DataVolume, its phases, its filling (contract 4.2). */
public final class DataVolumes implements Actor {
  static final String IMMEDIATE = "cdi.kubevirt.io/storage.bind.immediate.requested";
  private static final String POPULATOR = "cdi.kubevirt.io/storage.usePopulator";

  private final Site site;
  private final Denials denials;

  /** The CDI of a cluster. */
  public DataVolumes(Site site) {
    this.site = site;
    this.denials = new Denials(site);
  }

  @Override
  public void tick() {
    site.each(
        Kind.DATA_VOLUME,
        volume -> {
          String phase = volume.text("status.phase");
          if (!volume.deleting() && !"Succeeded".equals(phase) && !"Failed".equals(phase)) {
            look(volume);
          }
        });
  }

  private void look(Thing volume) {
    if (site.holds(Switch.DATA_VOLUME_STUCK, volume)) {
      return;
    }
    if (site.holds(Switch.DATA_VOLUME_FAILED, volume)) {
      phase(volume, "Failed");
      return;
    }
    Thing claim = site.store().find(Kind.CLAIM, volume.namespace(), volume.name());
    if (claim == null) {
      if (!denials.waits(volume)) {
        create(volume);
      }
      return;
    }
    StorageKind storage = site.world().storageOf(claim.text("spec.storageClassName"));
    if (!"Bound".equals(claim.text("status.phase"))) {
      boolean waits = storage.firstConsumer() && !volume.hasAnnotation(IMMEDIATE);
      phase(volume, waits ? waiting(volume, storage) : "Pending");
      return;
    }
    if (site.elapsed(volume, "filled", site.world().timing().volumeFilled())) {
      phase(volume, "Succeeded");
    } else {
      phase(volume, "ImportInProgress");
    }
  }

  private static String waiting(Thing volume, StorageKind storage) {
    String chosen = volume.annotation(POPULATOR);
    boolean populator = chosen.isEmpty() ? storage.populator() : Boolean.parseBoolean(chosen);
    return populator ? "PendingPopulation" : "WaitForFirstConsumer";
  }

  private void create(Thing volume) {
    boolean profiled = volume.has("spec.storage");
    Map<String, Object> wish = volume.map(profiled ? "spec.storage" : "spec.pvc");
    String named = Json.text(wish, "storageClassName");
    StorageKind storage = site.world().storageOf(named);
    if (storage.name().isEmpty()
        || (!named.isEmpty() && !site.world().storage().containsKey(named))) {
      site.event(
          volume,
          "Warning",
          "ErrClaimNotValid",
          "DataVolume.storage spec is missing accessMode and cannot get access mode from"
              + " StorageProfile "
              + named);
      phase(volume, "Pending");
      return;
    }
    Thing claim =
        Thing.create(Kind.CLAIM, volume.namespace(), volume.name())
            .ownedBy(volume)
            .label("app", "containerized-data-importer");
    if (volume.hasAnnotation(IMMEDIATE)) {
      claim.annotation(IMMEDIATE, volume.annotation(IMMEDIATE));
    }
    Object access = wish.get("accessModes");
    String mode = Json.text(wish, "volumeMode");
    if (mode.isEmpty()) {
      mode = profiled ? storage.volumeMode() : "Filesystem";
    }
    Object modes = Thing.copyOf(access == null ? storage.accessModes() : access);
    claim
        .set("spec.accessModes", modes)
        .set("spec.volumeMode", mode)
        .set("spec.storageClassName", named.isEmpty() ? storage.name() : named)
        .set(
            "spec.resources",
            Json.object("requests", Json.object("storage", size(wish, profiled, mode, storage))));
    try {
      site.store().createIfAbsent(Kind.CLAIM, claim);
      denials.over(volume);
    } catch (DeniedException e) {
      denials.note(volume, e);
      site.event(volume, "Warning", "ErrExceededQuota", String.valueOf(e.getMessage()));
      phase(volume, "Pending");
    }
  }

  /** A file system takes its share, so CDI asks for more where the profile is used. */
  private static String size(
      Map<String, Object> wish, boolean profiled, String mode, StorageKind storage) {
    String wanted = Json.text(wish, "resources.requests.storage");
    if (!profiled || !"Filesystem".equals(mode)) {
      return wanted;
    }
    return String.valueOf((long) Math.ceil(Sizes.bytes(wanted) / (1 - storage.overhead())));
  }

  private void phase(Thing volume, String phase) {
    Thing copy = volume.copy();
    boolean done = "Succeeded".equals(phase);
    copy.set("status.phase", phase)
        .set("status.progress", done ? "100.0%" : "N/A")
        .set("status.claimName", volume.name());
    String now = site.now();
    Conditions.set(copy, "Bound", done ? "True" : "False", "", "", now);
    Conditions.set(copy, "Ready", done ? "True" : "False", "", "", now);
    Conditions.set(copy, "Running", "False", "", "", now);
    if (!copy.same(volume)) {
      site.store().replaceStatus(Kind.DATA_VOLUME, copy);
    }
  }
}
