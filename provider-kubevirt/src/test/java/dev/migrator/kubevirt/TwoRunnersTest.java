package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two hosts that both think they lead: nothing is made twice, and the one whose save comes second
 * gives way.
 *
 * <p>The other host's turns fall between two turns of the first, or into the middle of one: before
 * or after one of its requests or saves.
 */
final class TwoRunnersTest {

  private static final int SEEDS = CrashTest.EVERYTHING ? 150 : 4;

  private static final List<Flow> FLOWS =
      List.of(
          Flow.SUCCESS,
          Flow.FAILURE_DURING_COPY,
          Flow.CANCEL_BEFORE_HAND_OVER,
          Flow.SECOND_ATTEMPT);

  @TestFactory
  Stream<DynamicTest> takeTurns() {
    return cells("by turns", 0);
  }

  @TestFactory
  Stream<DynamicTest> cutIntoEachOthersTurns() {
    return cells("into each other", 4);
  }

  private static Stream<DynamicTest> cells(String how, int oneIn) {
    return IntStream.range(0, SEEDS)
        .mapToObj(
            seed -> {
              Flow flow = FLOWS.get(seed % FLOWS.size());
              Shape shape = seed % 2 == 0 ? Shape.FULL : Shape.BARE_PVC;
              return DynamicTest.dynamicTest(
                  how + " x " + flow + " x " + shape + " x seed " + seed,
                  () -> {
                    End alone = run(flow, shape, new Random(seed), -1);
                    assertThat(run(flow, shape, new Random(seed), oneIn)).isEqualTo(alone);
                  });
            });
  }

  /** What is left, and how many objects were created on the way. */
  private record End(Left left, Map<String, Integer> created) {}

  private static End run(Flow flow, Shape shape, Random random, int oneIn) {
    try (MigrationRig rig = shape.boot();
        Other other = new Other(rig, random, oneIn)) {
      rig.runner();
      Runnable others = rig.bystander;
      rig.bystander =
          () -> {
            others.run();
            if (oneIn == 0 && random.nextBoolean()) {
              other.turn();
            }
          };
      flow.arrange(rig);
      flow.act(rig);
      Left left = Left.of(rig, rig.run(), flow);
      if (oneIn > 0) {
        assertThat(rig.events)
            .as("somebody gave way")
            .hasAtLeastOneElementOfType(MigrationEvent.SaveRefused.class);
      }
      return new End(left, other.created);
    }
  }

  /** The other host, which cuts in wherever the dice say. */
  private static final class Other implements FaultHook, AutoCloseable {
    private final MigrationRig rig;
    private final Random random;
    private final int oneIn;
    private final MigrationRunner runner;
    private final Map<String, Integer> created = new TreeMap<>();
    private boolean busy;

    Other(MigrationRig rig, Random random, int oneIn) {
      this.rig = rig;
      this.random = random;
      this.oneIn = oneIn;
      MigrationRunner.Builder builder =
          MigrationRunner.builder()
              .registry(MigratorRegistry.of(new KubeVirtProvider()))
              .store(rig.store)
              .clock(rig.clock)
              .listener(rig.events::add)
              .connection("a", KubernetesClient.class, rig.clusters.client(Side.SOURCE))
              .connection("b", KubernetesClient.class, rig.clusters.client(Side.TARGET));
      rig.settings.accept(builder);
      this.runner = builder.build();
      rig.clusters.faults(Side.SOURCE, this);
      rig.clusters.faults(Side.TARGET, this);
      rig.store.before = this::perhaps;
      rig.store.after = this::perhaps;
    }

    void turn() {
      busy = true;
      try {
        runner.turn(rig.plan);
      } finally {
        busy = false;
      }
    }

    @Override
    public Fault before(ApiRequest request) {
      perhaps();
      return Fault.NONE;
    }

    @Override
    public Fault after(ApiRequest request, int code) {
      if (code == 201 && request.changes()) {
        created.merge(request.side() + " " + request.resource(), 1, Integer::sum);
      }
      perhaps();
      return Fault.NONE;
    }

    private void perhaps() {
      if (!busy && oneIn > 0 && random.nextInt(oneIn) == 0) {
        turn();
      }
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
