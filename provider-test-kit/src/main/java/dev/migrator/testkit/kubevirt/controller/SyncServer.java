package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The receiving end of the synchronization: which fields of the other side's status are kept. */
final class SyncServer {
  private static final List<String> BOTH = List.of("migrationConfiguration", "migrationPolicyName");
  private static final List<String> FROM_SOURCE =
      List.of("sourceNode", "sourcePod", "sourcePersistentStatePVCName");
  private static final List<String> FROM_TARGET =
      List.of(
          "targetNode",
          "targetPod",
          "targetNodeAddress",
          "targetDirectMigrationNodePorts",
          "targetNodeDomainDetected",
          "targetNodeDomainReadyTimestamp",
          "targetAttachmentPodUID",
          "targetCPUSet",
          "targetNodeTopology",
          "targetPersistentStatePVCName");

  private final Site site;

  SyncServer(Site site) {
    this.site = site;
  }

  /** A source's push arrives; answers the error's text, or nothing. */
  String syncSource(String id, Thing remote) {
    List<Thing> found = find(id, false);
    if (found.isEmpty()) {
      return "rpc error: code = Unknown desc = source: unable to locate VMI for migrationID " + id;
    }
    Thing vmi = found.get(1);
    if (ignored(found.get(0), vmi)) {
      return "";
    }
    Thing copy = vmi.copy();
    String state = Vmis.STATE + ".";
    take(copy, remote, "sourceState");
    FROM_SOURCE.forEach(field -> take(copy, remote, field));
    shared(copy, remote);
    if (Vmis.flag(remote, "abortRequested") && !Vmis.state(remote, "endTimestamp").isEmpty()) {
      List.of("completed", "failed", "abortStatus", "failureReason")
          .forEach(field -> take(copy, remote, field));
    }
    copyStatus(copy, remote, "migrationMethod");
    copyStatus(copy, remote, "migrationTransport");
    List<Map<String, Object>> volumes =
        MigratedVolumes.merge(
            copy.maps(MigratedVolumes.PATH),
            remote.maps(MigratedVolumes.PATH),
            MigratedVolumes.SOURCE,
            true);
    if (!volumes.isEmpty() && !Vmis.isCompleted(copy)) {
      copy.set(MigratedVolumes.PATH, volumes);
    }
    if (Vmis.flag(copy, "failed")) {
      copy.set(state + "completed", true);
    }
    return save(vmi, copy);
  }

  /** A target's push arrives; answers the error's text, or nothing. */
  String syncTarget(String id, Thing remote) {
    List<Thing> found = find(id, true);
    if (found.isEmpty()) {
      return "rpc error: code = Unknown desc = target: unable to locate VMI for migrationID " + id;
    }
    Thing vmi = found.get(1);
    if (ignored(found.get(0), vmi)) {
      return "";
    }
    Thing copy = vmi.copy();
    take(copy, remote, "targetState");
    FROM_TARGET.forEach(field -> take(copy, remote, field));
    shared(copy, remote);
    // what this side knows to have ended does not begin again by an older word from over there
    for (String field : List.of("completed", "failed")) {
      if (Vmis.flag(remote, field)) {
        copy.set(Vmis.STATE + "." + field, true);
      }
    }
    List<Map<String, Object>> mine = copy.maps(MigratedVolumes.PATH);
    if (!mine.isEmpty() && remote.has(MigratedVolumes.PATH)) {
      copy.set(
          MigratedVolumes.PATH,
          new ArrayList<>(
              MigratedVolumes.merge(
                  mine, remote.maps(MigratedVolumes.PATH), MigratedVolumes.DESTINATION, false)));
    }
    return save(vmi, copy);
  }

  private void shared(Thing copy, Thing remote) {
    BOTH.forEach(field -> take(copy, remote, field));
    take(copy, remote, "startTimestamp");
    take(copy, remote, "endTimestamp");
  }

  /** Any half with that id, as KubeVirt's index gives them in no order, and its VMI. */
  private List<Thing> find(String id, boolean sends) {
    List<List<Thing>> found = new ArrayList<>();
    for (Thing migration : Migrations.all(site)) {
      boolean matches = sends ? Migrations.sends(migration) : Migrations.receives(migration);
      Thing vmi = Migrations.vmi(site, migration);
      if (matches && Migrations.id(migration).equals(id) && vmi != null) {
        found.add(List.of(migration, vmi));
      }
    }
    return switch (found.size()) {
      case 0 -> List.of();
      case 1 -> found.get(0);
      default -> found.get(site.random().nextInt(found.size()));
    };
  }

  private static boolean ignored(Thing migration, Thing vmi) {
    String owner = Vmis.state(vmi, "migrationUid");
    return Migrations.isFinal(migration) || (!owner.isEmpty() && !owner.equals(migration.uid()));
  }

  private static void take(Thing copy, Thing remote, String field) {
    Object value = remote.at(Vmis.STATE + "." + field);
    if (value != null) {
      copy.set(Vmis.STATE + "." + field, Thing.copyOf(value));
    }
  }

  private static void copyStatus(Thing copy, Thing remote, String field) {
    Object value = remote.at("status." + field);
    if (value != null) {
      copy.set("status." + field, value);
    }
  }

  private String save(Thing vmi, Thing copy) {
    if (!copy.same(vmi)) {
      site.store().replace(Kind.VMI, copy);
    }
    return "";
  }
}
