package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of status.migratedVolumes: made from claims, merged between the sides by name. */
final class MigratedVolumes {
  static final String SOURCE = "sourcePVCInfo";
  static final String DESTINATION = "destinationPVCInfo";
  static final String PATH = "status.migratedVolumes";

  private MigratedVolumes() {}

  /** What KubeVirt notes of the claim behind a volume; empty where there is no such claim. */
  static Map<String, Object> claimInfo(Site site, Thing vmi, Map<String, Object> volume) {
    String name = Vmis.claimOf(volume);
    Thing claim = name.isEmpty() ? null : site.store().find(Kind.CLAIM, vmi.namespace(), name);
    if (claim == null) {
      return Map.of();
    }
    String mode = claim.text("spec.volumeMode");
    return Json.object(
        "claimName", name,
        "accessModes", Thing.copyOf(claim.at("spec.accessModes")),
        "volumeMode", mode.isEmpty() ? "Filesystem" : mode,
        "requests", Thing.copyOf(claim.at("spec.resources.requests")),
        "capacity", Thing.copyOf(claim.at("status.capacity")));
  }

  /**
   * The source's entries: its own claim for every volume, and as destination what the target has
   * told, or else its own claim again.
   */
  static List<Map<String, Object>> ofSource(Site site, Thing vmi) {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      Map<String, Object> info = claimInfo(site, vmi, volume);
      if (!info.isEmpty()) {
        String name = Json.text(volume, "name");
        Map<String, Object> old = Json.find(vmi.maps(PATH), "volumeName", name);
        Object destination = old == null ? null : old.get(DESTINATION);
        entries.add(
            Json.object(
                "volumeName",
                name,
                SOURCE,
                info,
                DESTINATION,
                destination == null ? info : destination));
      }
    }
    return entries;
  }

  /**
   * Takes over one kind of info from the other side, by volume name; {@code adopt} says whether
   * entries that this side does not have are added.
   */
  static List<Map<String, Object>> merge(
      List<Map<String, Object>> mine,
      List<Map<String, Object>> theirs,
      String field,
      boolean adopt) {
    List<Map<String, Object>> merged = new ArrayList<>();
    for (Map<String, Object> entry : mine) {
      Map<String, Object> twin = new LinkedHashMap<>(entry);
      Map<String, Object> other = Json.find(theirs, "volumeName", Json.text(entry, "volumeName"));
      if (other != null && other.get(field) != null) {
        twin.put(field, other.get(field));
      }
      merged.add(twin);
    }
    if (adopt) {
      for (Map<String, Object> entry : theirs) {
        if (Json.find(mine, "volumeName", Json.text(entry, "volumeName")) == null) {
          merged.add(new LinkedHashMap<>(entry));
        }
      }
    }
    return merged;
  }
}
