package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.RequestLog;
import dev.migrator.testkit.apiserver.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What one move costs (R19, docs/adr): 2 DataVolumes, 1 Secret, 1 ConfigMap, both clusters
 * together. The run is counted apart from the validation before it, which costs what it looks at.
 */
final class BudgetTest {

  /** 2(S + C + D + P) + I + 6 + H + [H > 0] + 3X of the performance anchors. */
  private static final int LOWER_BOUND = 2 * (1 + 1 + 2) + 6;

  /**
   * What a plan costs however many machines it has: 2 KubeVirt resources, 4 CA bundles, 2 writes.
   */
  private static final int CONSTANT_READS = 2 + 4;

  private static final int CONSTANT_WRITES = 2;

  @Test
  void aMoveOfTwoDisksASecretAndAConfigMapIsCheap() {
    try (MigrationRig rig = checked("quick")) {
      MoveTest.assertMoved(rig, rig.run(), "Always");

      List<ApiRequest> reads = all(rig, RequestLog::reads);
      reads.removeIf(BudgetTest::opensAWatch);
      List<ApiRequest> writes = all(rig, RequestLog::writes);
      List<ApiRequest> watches = all(rig, RequestLog::watches);
      assertThat(all(rig, RequestLog::dryRuns)).isEmpty();
      assertThat(reads).as("reads %s", lines(reads)).hasSizeLessThanOrEqualTo(14);
      assertThat(writes).as("writes %s", lines(writes)).hasSizeLessThanOrEqualTo(12);
      assertThat(watches).as("watches %s", lines(watches)).hasSizeLessThanOrEqualTo(7);
      assertThat(reads.size() - CONSTANT_READS + writes.size() - CONSTANT_WRITES)
          .as("requests of the machine")
          .isLessThanOrEqualTo((int) (1.3 * LOWER_BOUND));
    }
  }

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
                  // Of the machine; the run uses what is read here.
                  Map.entry("GET virtualmachines", 1),
                  Map.entry("GET virtualmachineinstances", 1),
                  Map.entry("GET datavolumes", 2),
                  Map.entry("GET persistentvolumeclaims", 2),
                  Map.entry("GET secrets", 1),
                  Map.entry("GET configmaps", 1),
                  Map.entry("LIST virtualmachineinstancemigrations", 1),
                  Map.entry("try virtualmachineinstancemigrations", 1)));
      assertThat(counts(rig.clusters.requests(Side.TARGET)))
          .as("target")
          .isEqualTo(
              Map.ofEntries(
                  // Of the plan.
                  Map.entry("LIST kubevirts", 1),
                  Map.entry("LIST cdis", 1),
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
          more.keySet().removeIf(each -> each.startsWith("GET ") && !each.equals("GET nodes"));
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

  /** By verb and resource; a dry run is a try. */
  static Map<String, Integer> counts(RequestLog log) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ApiRequest request : log.all()) {
      String verb = request.dryRun() ? "try" : request.verb().toString();
      counts.merge(verb + " " + request.resource(), 1, Integer::sum);
    }
    return counts;
  }

  /** An informer is one list and one watch; both are counted as the watch. */
  private static boolean opensAWatch(ApiRequest read) {
    return read.verb() == Verb.LIST && !read.resource().equals("kubevirts");
  }

  private static String lines(List<ApiRequest> requests) {
    StringBuilder text = new StringBuilder();
    requests.forEach(each -> text.append('\n').append(each.side()).append(' ').append(each));
    return text.toString();
  }
}
