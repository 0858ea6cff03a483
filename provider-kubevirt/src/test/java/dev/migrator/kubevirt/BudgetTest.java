package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Verb;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one move costs (R19): 2 DataVolumes, 1 Secret, 1 ConfigMap. */
final class BudgetTest {

  @Test
  void aMoveOfTwoDisksASecretAndAConfigMapIsCheap() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();

      MoveTest.assertMoved(rig, rig.run(), "Always");

      List<ApiRequest> reads = new ArrayList<>();
      List<ApiRequest> writes = new ArrayList<>();
      List<ApiRequest> watches = new ArrayList<>();
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        reads.addAll(
            rig.clusters.requests(side).reads().stream()
                .filter(read -> !opensAWatch(read))
                .toList());
        writes.addAll(rig.clusters.requests(side).writes());
        watches.addAll(rig.clusters.requests(side).watches());
      }
      assertThat(reads).as("reads %s", lines(reads)).hasSizeLessThanOrEqualTo(14);
      assertThat(writes).as("writes %s", lines(writes)).hasSizeLessThanOrEqualTo(12);
      assertThat(watches.stream().map(BudgetTest::place))
          .as("one a kind, cluster and namespace; one more a cluster for trust (R17)")
          .containsExactlyInAnyOrder(
              "SOURCE virtualmachineinstances ns",
              "SOURCE virtualmachineinstancemigrations ns",
              "TARGET virtualmachineinstances ns",
              "TARGET virtualmachineinstancemigrations ns",
              "TARGET datavolumes ns",
              "SOURCE configmaps kubevirt",
              "TARGET configmaps kubevirt");
    }
  }

  private static String place(ApiRequest watch) {
    return watch.side() + " " + watch.resource() + " " + watch.namespace();
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
