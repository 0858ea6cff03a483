package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.RequestLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What a validation costs (R19, docs/adr): 2 DataVolumes, 1 Secret, 1 ConfigMap. The run after it
 * is counted apart, in {@link RunBudgetTest}.
 */
final class BudgetTest {

  private static final Set<String> OF_THE_PLAN = Set.of("GET nodes", "GET namespaces");

  @Test
  void aFullValidationAsksForEachThingOnceAndWritesNothing() {
    try (MigrationRig rig = checked("full")) {
      rig.runner().validate(rig.plan);

      assertThat(all(rig, RequestLog::writes)).isEmpty();
      assertThat(all(rig, RequestLog::watches)).isEmpty();
      assertThat(counts(rig.clusters.requests(Side.SOURCE)))
          .as("source")
          .isEqualTo(
              Map.ofEntries(
                  // Of the plan.
                  Map.entry("LIST kubevirts", 1),
                  Map.entry("GET nodes", 1),
                  Map.entry("GET namespaces", 1),
                  Map.entry("LIST migrationpolicies", 1),
                  // Of the machine; the run uses what is read here.
                  Map.entry("GET virtualmachines", 1),
                  Map.entry("GET virtualmachineinstances", 1),
                  Map.entry("GET datavolumes", 2),
                  Map.entry("GET persistentvolumeclaims", 2),
                  Map.entry("GET secrets", 1),
                  // One is the bundle, of the plan.
                  Map.entry("GET configmaps", 2),
                  Map.entry("LIST virtualmachineinstancemigrations", 1),
                  Map.entry("try virtualmachineinstancemigrations", 1)));
      assertThat(counts(rig.clusters.requests(Side.TARGET)))
          .as("target")
          .isEqualTo(
              Map.ofEntries(
                  // Of the plan.
                  Map.entry("LIST kubevirts", 1),
                  Map.entry("GET configmaps", 1),
                  Map.entry("LIST cdis", 1),
                  Map.entry("LIST migrationpolicies", 1),
                  Map.entry("LIST nodes", 1),
                  Map.entry("GET namespaces", 1),
                  Map.entry("LIST virtualmachines", 1),
                  Map.entry("LIST resourcequotas", 1),
                  Map.entry("LIST limitranges", 1),
                  Map.entry("GET storageclasses", 1),
                  Map.entry("GET storageprofiles", 1),
                  // Of the machine.
                  Map.entry("try secrets", 1),
                  Map.entry("try configmaps", 1),
                  Map.entry("try datavolumes", 2),
                  Map.entry("try virtualmachines", 1),
                  Map.entry("GET persistentvolumeclaims", 2),
                  Map.entry("GET virtualmachineinstances", 1)));
    }
  }

  @Test
  void aRunAddsNothingToItsFullValidation() {
    try (MigrationRig quick = checked("quick");
        MigrationRig full = checked("full");
        MigrationRig validated = checked("full")) {
      quick.run();
      full.run();
      validated.runner().validate(validated.plan);

      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        Map<String, Integer> expected = counts(quick.clusters.requests(side));
        // Either check reads the source and both installations; the full one asks for the rest.
        Map<String, Integer> more = counts(validated.clusters.requests(side));
        if (side == Side.SOURCE) {
          more.keySet().removeIf(each -> each.startsWith("GET ") && !OF_THE_PLAN.contains(each));
          more.put("GET configmaps", 1); // The bundle.
        }
        more.remove("LIST kubevirts");
        more.forEach((request, times) -> expected.merge(request, times, Integer::sum));
        assertThat(counts(full.clusters.requests(side))).as("%s", side).isEqualTo(expected);
      }
    }
  }

  private static MigrationRig checked(String preflight) {
    MigrationRig rig = new MigrationRig();
    rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", preflight)).build();
    rig.sample = MoveTest.full();
    return rig.booted();
  }

  private static List<ApiRequest> all(
      MigrationRig rig, Function<RequestLog, List<ApiRequest>> which) {
    List<ApiRequest> all = new ArrayList<>(which.apply(rig.clusters.requests(Side.SOURCE)));
    all.addAll(which.apply(rig.clusters.requests(Side.TARGET)));
    return all;
  }

  /** By verb and resource; a dry run is a try. Access reviews are counted apart. */
  static Map<String, Integer> counts(RequestLog log) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ApiRequest request : log.all()) {
      if (request.group().equals("authorization.k8s.io")) {
        continue;
      }
      String verb = request.dryRun() ? "try" : request.verb().toString();
      counts.merge(verb + " " + request.resource(), 1, Integer::sum);
    }
    return counts;
  }
}
