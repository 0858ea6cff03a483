package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.Map;

/** KubeVirt's migration settings: its defaults under what the cluster's KubeVirt object says. */
final class MigrationConfiguration {
  private MigrationConfiguration() {}

  static Map<String, Object> of(Site site) {
    Map<String, Object> settings =
        Json.object(
            "allowAutoConverge",
            false,
            "allowPostCopy",
            false,
            "allowWorkloadDisruption",
            false,
            "bandwidthPerMigration",
            "0",
            "completionTimeoutPerGiB",
            150,
            "maxDowntimeMs",
            site.version().limitsDowntime() ? 900 : null,
            "nodeDrainTaintKey",
            "kubevirt.io/drain",
            "parallelMigrationsPerCluster",
            5,
            "parallelOutboundMigrationsPerNode",
            2,
            "progressTimeout",
            150,
            "unsafeMigrationOverride",
            false,
            "utilityVolumesTimeout",
            150);
    for (Thing kubevirt : site.store().all(Kind.KUBEVIRT)) {
      settings.putAll(kubevirt.map("spec.configuration.migrations"));
    }
    return settings;
  }

  static int number(Map<String, Object> settings, String field) {
    return Integer.parseInt(Json.text(settings, field));
  }
}
