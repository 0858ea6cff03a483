package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KubeVirt's migration settings: its defaults under what the cluster's KubeVirt object says. */
final class MigrationConfiguration {
  private MigrationConfiguration() {}

  private static final List<String> OF_POLICIES =
      List.of(
          "allowAutoConverge",
          "bandwidthPerMigration",
          "completionTimeoutPerGiB",
          "allowPostCopy",
          "allowWorkloadDisruption");

  /** What the cluster says, and over it the policy that fits the VMI best. */
  static Map<String, Object> of(Site site, Thing vmi) {
    Map<String, Object> settings = of(site);
    Thing policy = policy(site, vmi);
    if (policy != null) {
      OF_POLICIES.stream()
          .filter(field -> policy.has("spec." + field))
          .forEach(field -> settings.put(field, Thing.copyOf(policy.at("spec." + field))));
    }
    return settings;
  }

  /** The policy's name; empty where none fits. */
  static String policyOf(Site site, Thing vmi) {
    Thing policy = policy(site, vmi);
    return policy == null ? "" : policy.name();
  }

  /** The one that names most labels, of VMI and namespace together; then the first by name. */
  private static @Nullable Thing policy(Site site, Thing vmi) {
    List<Thing> all = site.store().fetchAll(Kind.MIGRATION_POLICY, "");
    Thing namespace =
        all.isEmpty() ? null : site.store().fetch(Kind.NAMESPACE, "", vmi.namespace());
    Thing best = null;
    for (Thing policy : all) {
      boolean fits =
          fits(policy.map("spec.selectors.virtualMachineInstanceSelector"), vmi)
              && fits(policy.map("spec.selectors.namespaceSelector"), namespace);
      if (fits && weight(policy) > 0 && (best == null || weight(policy) > weight(best))) {
        best = policy;
      }
    }
    return best;
  }

  private static int weight(Thing policy) {
    return policy.map("spec.selectors.virtualMachineInstanceSelector").size()
        + policy.map("spec.selectors.namespaceSelector").size();
  }

  private static boolean fits(Map<String, Object> wanted, @Nullable Thing labelled) {
    return wanted.isEmpty()
        || (labelled != null
            && wanted.entrySet().stream()
                .allMatch(each -> labelled.label(each.getKey()).equals(each.getValue())));
  }

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
