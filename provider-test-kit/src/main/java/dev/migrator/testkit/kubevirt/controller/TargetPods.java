package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Denials;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The launcher pod of a receive half: made within the limits, given up after the timeouts (8). */
final class TargetPods {
  private static final Duration UNSCHEDULABLE = Duration.ofMinutes(5);
  private static final Duration PENDING = Duration.ofMinutes(15);

  private final Site site;
  private final Denials denials;

  TargetPods(Site site) {
    this.site = site;
    this.denials = new Denials(site);
  }

  /** Whether a quota was in the pod's way when it was tried last. */
  boolean overQuota(Thing migration) {
    return denials.said(migration).contains("exceeded quota");
  }

  void create(Thing migration, Thing vmi) {
    List<Thing> made = LauncherPods.ofMigration(site, migration);
    made.forEach(pod -> AttachmentPods.ensure(site, vmi, pod, migration.uid()));
    if (migration.deleting()
        || !made.isEmpty()
        || queued(migration, vmi)
        || claimMissing(vmi)
        || denials.waits(migration)) {
      return;
    }
    Thing pod =
        LauncherPods.render(site, vmi, migration.uid(), MigrationSync.required(migration, vmi))
            .annotation("kubevirt.io/migrationJobName", migration.name());
    try {
      if (BackendStorage.needed(vmi) && BackendStorage.claimOf(site, vmi).isEmpty()) {
        BackendStorage.ensure(site, vmi);
        return;
      }
      site.store().create(Kind.POD, pod);
      denials.over(migration);
      site.event(
          migration, "Normal", "SuccessfulCreate", "Created migration target pod " + pod.name());
    } catch (DeniedException e) {
      denials.note(migration, e);
      site.event(
          migration,
          "Warning",
          "FailedCreate",
          "Error creating migration target pod: " + e.getMessage());
    }
  }

  /** Whether the limits of parallel migrations hold this one back. */
  private boolean queued(Thing migration, Thing vmi) {
    Map<String, Object> settings = MigrationConfiguration.of(site);
    int inCluster = 0;
    int sameNode = 0;
    for (Thing other : Migrations.all(site)) {
      if (!Migrations.isUnderWay(other)
          || other.uid().equals(migration.uid())
          || Migrations.sends(other)) {
        continue;
      }
      inCluster++;
      Thing otherVmi = Migrations.vmi(site, other);
      if (otherVmi != null
          && otherVmi.text("status.nodeName").equals(vmi.text("status.nodeName"))) {
        sameNode++;
      }
    }
    return inCluster >= MigrationConfiguration.number(settings, "parallelMigrationsPerCluster")
        || sameNode >= MigrationConfiguration.number(settings, "parallelOutboundMigrationsPerNode");
  }

  private boolean claimMissing(Thing vmi) {
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String claim = Vmis.claimOf(volume);
      if (!claim.isEmpty() && site.store().find(Kind.CLAIM, vmi.namespace(), claim) == null) {
        site.event(
            vmi,
            "Normal",
            "FailedPvcNotFound",
            "PVC %s/%s does not exist, waiting for it to appear".formatted(vmi.namespace(), claim));
        return true;
      }
    }
    return false;
  }

  /** Deletes a pod that did not start in time. */
  void expire(Thing migration, Thing vmi) {
    for (Thing pod : LauncherPods.ofMigration(site, migration)) {
      if (!"Pending".equals(pod.text("status.phase")) || pod.deleting()) {
        continue;
      }
      boolean unschedulable = "Unschedulable".equals(Conditions.reason(pod, "PodScheduled"));
      if (unschedulable) {
        site.event(
            migration,
            "Warning",
            "migrationTargetPodUnschedulable",
            "Migration target pod for VMI [%s] is currently unschedulable.".formatted(vmi.key()));
      }
      Duration shorter =
          timeout(migration, "kubevirt.io/migrationUnschedulablePodTimeoutSeconds", UNSCHEDULABLE);
      Duration catchAll =
          timeout(migration, "kubevirt.io/migrationPendingPodTimeoutSeconds", PENDING);
      boolean late = site.elapsed(pod, "pending", catchAll);
      boolean unplaced = unschedulable && site.elapsed(pod, "unschedulable", shorter);
      if (late || unplaced) {
        site.store().delete(Kind.POD, pod);
        site.event(
            migration,
            "Normal",
            "SuccessfulDelete",
            "Deleted %s migration target pod %s, timeout period exceeded"
                .formatted(unplaced ? "unschedulable" : "pending", pod.name()));
      }
    }
  }

  private static Duration timeout(Thing migration, String annotation, Duration standard) {
    String seconds = migration.annotation(annotation);
    return seconds.isEmpty() ? standard : Duration.ofSeconds(Long.parseLong(seconds));
  }

  /** A half that failed before its hand-off takes its pod with it. */
  void deleteUnstarted(Thing migration) {
    List<Thing> pods = LauncherPods.ofMigration(site, migration);
    for (Thing pod : pods) {
      if (!LauncherPods.isDown(pod)) {
        site.store().delete(Kind.POD, pod);
      }
    }
  }
}
