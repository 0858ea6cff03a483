package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides the next phase of a half: first the ways to fail, in KubeVirt's order, then the way on.
 */
final class MigrationVerdict {
  private static final String QUOTA_CONDITION = "migrationRejectedByResourceQuota";

  private final Site site;
  private final TargetPods targetPods;
  private final MigrationBlocks blocks;

  MigrationVerdict(Site site, TargetPods targetPods) {
    this.site = site;
    this.targetPods = targetPods;
    this.blocks = new MigrationBlocks(site);
  }

  /** The phase that follows; conditions that come with it are set on the copy. */
  String next(Thing copy, Thing vmi, List<Thing> targetPods) {
    String failure = failure(copy, vmi, targetPods);
    if (failure != null) {
      site.event(copy, "Warning", "FailedMigration", failure);
      return "Failed";
    }
    if (copy.deleting() && Conditions.find(copy, Migrations.ABORT_CONDITION) == null) {
      abortRequested(copy);
    }
    return phase(copy, vmi, targetPods);
  }

  private @Nullable String failure(Thing copy, Thing vmi, List<Thing> pods) {
    String phase = Migrations.phase(copy);
    boolean receives = Migrations.receives(copy);
    String owner = Vmis.state(vmi, "migrationUid");
    if (Vmis.isFinal(vmi) && !Vmis.isSource(vmi)) {
      return "Migration failed because vmi shutdown during migration.";
    }
    if (copy.deleting() && !owner.equals(copy.uid())) {
      abortRequested(copy);
      return "Migration failed because it was canceled before the target pod was handed off.";
    }
    if (!pods.isEmpty() && pods.stream().allMatch(LauncherPods::isDown)) {
      for (Thing pod : pods) {
        if (!pod.deleting()) {
          site.store().delete(Kind.POD, pod);
        }
      }
      return "Migration failed because target pod shutdown during migration";
    }
    boolean past = !phase.isEmpty() && !phase.equals("Pending") && !phase.equals("WaitingForSync");
    if (receives && past && pods.isEmpty()) {
      return "Migration target pod was removed during active migration.";
    }
    if (!Migrations.isHandedOff(copy)) {
      return !copy.deleting() && receives && AttachmentPods.down(site, pods)
          ? "Migration failed because target attachment pod shutdown during migration"
          : null;
    }
    if (!vmi.has(Vmis.STATE) || owner.isEmpty()) {
      return "VMI's migration state was cleared during the active migration.";
    }
    if (!owner.equals(copy.uid())) {
      return "VMI's migration state was taken over by another migration job";
    }
    if (Vmis.flag(vmi, "failed")) {
      return "source node reported migration failed";
    }
    return !Vmis.hotplugged(vmi).isEmpty() && AttachmentPods.down(site, pods)
        ? "Migration failed because target attachment pod shutdown during migration"
        : null;
  }

  private void abortRequested(Thing copy) {
    Conditions.put(
        copy,
        Json.object(
            "type", Migrations.ABORT_CONDITION, "status", "True", "lastProbeTime", site.now()));
  }

  private String phase(Thing copy, Thing vmi, List<Thing> pods) {
    boolean sends = Migrations.sends(copy);
    String phase = Migrations.phase(copy);
    return switch (phase) {
      case "" -> first(copy, vmi);
      case "Synchronizing" ->
          Vmis.isSynchronized(vmi) && Migrations.known(copy, vmi) ? pending(copy, vmi) : phase;
      case "WaitingForSync" ->
          Vmis.isSourceSynchronized(vmi) && Migrations.known(copy, vmi) ? "Pending" : phase;
      case "Pending" -> leavesPending(copy, vmi, pods);
      case "Scheduling" -> scheduled(copy, vmi, pods) ? "Scheduled" : phase;
      case "Scheduled" -> Vmis.isTargetPreparing(vmi) ? "PreparingTarget" : phase;
      case "PreparingTarget" -> published(sends, vmi) ? "TargetReady" : phase;
      case "TargetReady" -> Vmis.state(vmi, "startTimestamp").isEmpty() ? phase : "Running";
      case "Running" -> Vmis.isCompleted(vmi) && settled(vmi) ? "Succeeded" : phase;
      default -> phase;
    };
  }

  private String first(Thing copy, Thing vmi) {
    String owner = Vmis.state(vmi, "migrationUid");
    boolean free = owner.isEmpty() || owner.equals(copy.uid());
    if (!free) {
      Thing other = site.store().byUid(Kind.VMIM, owner);
      free = other == null || Migrations.isFinal(other);
    }
    if (!free) {
      return "Failed";
    }
    if (!Migrations.isDecentralized(copy)) {
      return "Pending";
    }
    return Migrations.sends(copy) ? "Synchronizing" : "WaitingForSync";
  }

  private String pending(Thing copy, Thing vmi) {
    for (Thing pod : LauncherPods.of(site, vmi)) {
      copy.set("status.migrationState.sourcePod", pod.name());
    }
    return "Pending";
  }

  private String leavesPending(Thing copy, Thing vmi, List<Thing> pods) {
    String blocked = blocks.of(copy, vmi);
    if (!blocked.isEmpty()) {
      return blocked;
    }
    if (Migrations.sends(copy)) {
      return "Running".equals(Vmis.phase(vmi)) ? "Scheduling" : "Pending";
    }
    if (pods.isEmpty() && targetPods.overQuota(copy)) {
      Conditions.put(
          copy, Json.object("type", QUOTA_CONDITION, "status", "True", "lastProbeTime", null));
    }
    return !pods.isEmpty() && AttachmentPods.ready(site, vmi, pods) ? "Scheduling" : "Pending";
  }

  private boolean scheduled(Thing copy, Thing vmi, List<Thing> pods) {
    Conditions.remove(copy, QUOTA_CONDITION);
    return Migrations.sends(copy)
        ? !Vmis.state(vmi, "targetState.pod").isEmpty()
            && Vmis.state(vmi, "migrationUid").equals(copy.uid())
        : pods.stream().anyMatch(LauncherPods::isReady) && AttachmentPods.ready(site, vmi, pods);
  }

  private static boolean published(boolean sends, Thing vmi) {
    return sends
        ? !Vmis.state(vmi, "targetState.nodeAddress").isEmpty()
        : !Vmis.state(vmi, "targetNode").isEmpty()
            && !Vmis.state(vmi, "targetNodeAddress").isEmpty();
  }

  private static boolean settled(Thing vmi) {
    return Conditions.find(vmi, "HotVCPUChange") == null
        && !"True".equals(Conditions.status(vmi, "HotMemoryChange"))
        && !"True".equals(Conditions.status(vmi, "MigrationRequired"));
  }
}
