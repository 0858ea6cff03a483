package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.time.Duration;

/** What holds a half in Pending from KubeVirt 1.8 on: a backup, or utility volumes (contract 8). */
final class MigrationBlocks {
  static final String UTILITY_VOLUMES = "spec.utilityVolumes";

  private static final String BACKUP = "status.changedBlockTracking.backupStatus";
  private static final String BY_BACKUP = "migrationBlockedByBackup";
  private static final String BY_VOLUMES = "migrationBlockedByUtilityVolumes";
  private static final String PATIENCE = "kubevirt.io/migrationUtilityVolumesTimeoutSeconds";

  private final Site site;

  MigrationBlocks(Site site) {
    this.site = site;
  }

  /**
   * The phase of a half that is held back, its conditions set on the copy; empty where it is not.
   */
  String of(Thing copy, Thing vmi) {
    if (!site.version().waitsForBackups()) {
      return "";
    }
    if (vmi.has(BACKUP) && !vmi.truth(BACKUP + ".completed")) {
      block(
          copy,
          BY_BACKUP,
          "Backup",
          "Waiting for backup %s to complete".formatted(vmi.text(BACKUP + ".backupName")));
      return "Pending";
    }
    Conditions.remove(copy, BY_BACKUP);
    if (vmi.maps(UTILITY_VOLUMES).isEmpty()) {
      Conditions.remove(copy, BY_VOLUMES);
      return "";
    }
    Duration patience = patience(copy, vmi);
    if (site.elapsed(copy, "utility-volumes", patience)) {
      site.event(
          copy,
          "Warning",
          "FailedMigration",
          "Migration timeout waiting for utility volumes to detach from VMI [%s]."
              .formatted(vmi.key()));
      return "Failed";
    }
    block(
        copy,
        BY_VOLUMES,
        "UtilityVolumesPresent",
        "Migration is waiting for utility volumes to detach. Will timeout in %d seconds."
            .formatted(patience.toSeconds()));
    return "Pending";
  }

  private Duration patience(Thing copy, Thing vmi) {
    String own = copy.annotation(PATIENCE);
    return Duration.ofSeconds(
        own.isEmpty()
            ? MigrationConfiguration.number(
                MigrationConfiguration.of(site, vmi), "utilityVolumesTimeout")
            : Long.parseLong(own));
  }

  private static void block(Thing copy, String type, String reason, String message) {
    if (Conditions.find(copy, type) == null) {
      Conditions.put(
          copy, Json.object("type", type, "status", "True", "reason", reason, "message", message));
    }
  }
}
