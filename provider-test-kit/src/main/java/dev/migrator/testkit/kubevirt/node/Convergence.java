package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.time.Duration;
import java.util.Map;

/**
 * What a launcher does for a guest that dirties its memory faster than it is copied, by the
 * configuration that the target has told (contract 8): post-copy, a pause, or nothing.
 */
record Convergence(Map<String, Object> configuration) {
  private static final String MODE = Vmis.STATE + ".mode";
  private static final String BY_MONITOR = "PausedByMigrationMonitor";
  private static final int DEFAULT_SECONDS = 150;

  static Convergence of(Thing vmi) {
    return new Convergence(vmi.map(Vmis.STATE + ".migrationConfiguration"));
  }

  /** How long a copy may go on without progress. */
  Duration patience() {
    return Duration.ofSeconds(number("progressTimeout"));
  }

  /** Makes the copy converge once it has taken too long; answers whether it has done so now. */
  boolean assist(Site site, Thing copy, String key, long bytes) {
    boolean postCopy = allows("allowPostCopy");
    boolean pauses = postCopy || allows("allowWorkloadDisruption");
    Duration acceptable =
        Duration.ofMillis(number("completionTimeoutPerGiB") * 1000 * bytes / (1L << 30));
    if (!pauses || !site.elapsed(copy, key + "-acceptable", acceptable)) {
      return false;
    }
    copy.set(MODE, postCopy ? "PostCopy" : "Paused");
    if (!postCopy) {
      Conditions.set(
          copy,
          "Paused",
          "True",
          BY_MONITOR,
          "VMI was paused by the migration monitor",
          site.now());
    }
    return true;
  }

  /** The guest goes on where it is: the pause that was made for the copy ends with it. */
  static void resume(Thing copy) {
    if (BY_MONITOR.equals(Conditions.reason(copy, "Paused"))) {
      Conditions.remove(copy, "Paused");
    }
  }

  private boolean allows(String field) {
    return Boolean.TRUE.equals(configuration.get(field));
  }

  private long number(String field) {
    String text = Json.text(configuration, field);
    return text.isEmpty() ? DEFAULT_SECONDS : Long.parseLong(text);
  }
}
