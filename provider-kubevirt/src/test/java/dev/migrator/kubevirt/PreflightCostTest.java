package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A validation costs requests by what the plan's machines refer to, whatever the clusters hold. */
final class PreflightCostTest {

  /** For a machine with one DataVolume: 5 looks and a try on the source, 2 tries, 2 looks there. */
  private static final int OF_A_MACHINE = 5 + 1 + 2 + 2;

  /** KubeVirt, its bundle, policies and namespace on both, a node; CDI, nodes, class, profile. */
  private static final int OF_THE_PLAN = 2 * 4 + 1 + 4 + 3;

  @Test
  void twoHundredMachinesCostTwoHundredTimesWhatOneCostsAndSayHowFarTheyAre() {
    try (PreflightWorld world = new PreflightWorld().fresh()) {
      MigrationPlan plan = deploy(world, 200);

      assertThat(requests(world, plan)).isEqualTo(OF_THE_PLAN + 200 * OF_A_MACHINE);

      List<MigrationEvent.Validated> progress =
          world.events.stream()
              .filter(MigrationEvent.Validated.class::isInstance)
              .map(MigrationEvent.Validated.class::cast)
              .toList();
      assertThat(progress)
          .extracting(MigrationEvent.Validated::done)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 200).boxed().toList());
      assertThat(progress).extracting(MigrationEvent.Validated::total).containsOnly(200);
      assertThat(progress).flatMap(MigrationEvent.Validated::concerns).isNotEmpty();
    }
  }

  @Test
  void rightsAreAskedForOnceHoweverManyMachinesThereAre() {
    int one = reviews(1);

    assertThat(one).isLessThanOrEqualTo(28);
    assertThat(reviews(20)).isEqualTo(one);
  }

  private static int reviews(int machines) {
    try (PreflightWorld world = new PreflightWorld().fresh()) {
      world.validate(deploy(world, machines));
      return world.clusters.requests(Side.SOURCE).accessReviews().size()
          + world.clusters.requests(Side.TARGET).accessReviews().size();
    }
  }

  @Test
  void largerClustersCostNoFurtherRequest() {
    try (PreflightWorld world = new PreflightWorld().fresh()) {
      MigrationPlan plan = deploy(world, 3);
      for (int i = 0; i < 50; i++) {
        for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
          world.node(side, "further-" + i);
          world.storage(side, "further-" + i);
          world.put(side, Kind.VIRTUAL_MACHINE.blank(PreflightWorld.NAMESPACE, "further-" + i));
          world.put(side, Kind.SECRET.blank(PreflightWorld.NAMESPACE, "further-" + i));
          world.put(side, Kind.PVC.blank(PreflightWorld.NAMESPACE, "further-" + i));
        }
      }

      assertThat(requests(world, plan)).isEqualTo(OF_THE_PLAN + 3 * OF_A_MACHINE);
    }
  }

  @Test
  void whatTheMachinesSharedIsLookedUpAgainAfterAMinute() {
    try (PreflightWorld world = new PreflightWorld().fresh();
        var runner = world.runner()) {
      MigrationPlan plan = deploy(world, 1);
      assertThat(runner.validate(plan)).noneMatch(Concern::isCritical);
      world.delete(Side.TARGET, Kind.NODE, "", "node-1");
      assertThat(runner.validate(plan)).as("at once").noneMatch(Concern::isCritical);
      world.clock.advance(java.time.Duration.ofSeconds(61));
      assertThat(runner.validate(plan))
          .as("a minute later")
          .extracting(Concern::code)
          .contains("NoSuitableNode");
    }
  }

  private static int requests(PreflightWorld world, MigrationPlan plan) {
    assertThat(world.validate(plan)).noneMatch(Concern::isCritical);
    int all = 0;
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      all += world.clusters.requests(side).all().size();
      all -= world.clusters.requests(side).accessReviews().size();
    }
    return all;
  }

  private static MigrationPlan deploy(PreflightWorld world, int machines) {
    MigrationPlan.Builder plan =
        MigrationPlan.builder(
                "plan", Endpoint.of("kubevirt", "east"), Endpoint.of("kubevirt", "west"))
            .type(MigrationType.LIVE)
            .settings(Map.of());
    for (int i = 0; i < machines; i++) {
      world.deploy(Machines.plain("vm-" + i));
      plan.vm(PreflightWorld.NAMESPACE, "vm-" + i);
    }
    return plan.build();
  }
}
