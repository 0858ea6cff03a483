package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.SimulatedKubeVirt;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of {@code docs/testing.md}, which may say nothing that does not stand here. */
@SimulatedKubeVirt
class TestingExampleTest {

  private final InMemoryStatusStore store = new InMemoryStatusStore();
  private final MigrationPlan plan =
      MigrationPlan.builder("move", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
          .type(MigrationType.LIVE)
          .vm("shop", "web")
          .storage(StorageMapping.of("*", "local"))
          .build();

  private MigrationRunner runner(EmbeddedClusters clusters, ManualClock clock) {
    return MigrationRunner.builder()
        .store(store)
        .clock(clock)
        .connection("a", KubernetesClient.class, clusters.client(Side.SOURCE))
        .connection("b", KubernetesClient.class, clusters.client(Side.TARGET))
        .build();
  }

  private boolean ended() {
    return store.load(plan.id()).stream().anyMatch(status -> status.state().isFinal());
  }

  @Test
  void aMachineMoves(KubeVirtSimulator kubevirt, EmbeddedClusters clusters, ManualClock clock) {
    SampleVm.of("shop", "web").disk("root", "1Gi").boot(kubevirt);
    MigrationRunner runner = runner(clusters, clock);

    kubevirt.runUntil("the end", () -> runner.turn(plan), this::ended);

    assertThat(kubevirt.oracles().guests())
        .singleElement()
        .satisfies(guest -> assertThat(guest.side()).isEqualTo(Side.TARGET));
    assertThat(kubevirt.oracles().violations()).isEmpty();
  }

  @Test
  void aServerThatFailsForAWhileIsRiddenThrough(
      KubeVirtSimulator kubevirt, EmbeddedClusters clusters, ManualClock clock) {
    SampleVm.of("shop", "web").disk("root", "1Gi").boot(kubevirt);
    AtomicInteger creations = new AtomicInteger();
    FaultHook firstCreations =
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            boolean hit = request.verb() == Verb.CREATE && creations.incrementAndGet() <= 5;
            return hit ? Fault.answer(503) : Fault.NONE;
          }
        };
    clusters.faults(Side.TARGET, firstCreations);
    MigrationRunner runner = runner(clusters, clock);

    kubevirt.runUntil("the end", () -> runner.turn(plan), this::ended);

    assertThat(creations).hasValueGreaterThan(5);
    assertThat(store.load(plan.id()).get(0).state()).isEqualTo(VmState.SUCCEEDED);
  }

  @Test
  void aFailedCopyLeavesTheGuestWhereItWas(
      KubeVirtSimulator kubevirt, EmbeddedClusters clusters, ManualClock clock, World world) {
    SampleVm.of("shop", "web").disk("root", "1Gi").boot(kubevirt);
    world.source().hold(Switch.FAIL_SOURCE, "shop/web");
    MigrationRunner runner = runner(clusters, clock);

    kubevirt.runUntil("the end", () -> runner.turn(plan), this::ended);

    assertThat(store.load(plan.id()).get(0).state()).isEqualTo(VmState.FAILED);
    assertThat(kubevirt.guest(Side.SOURCE, "shop", "web").isReady()).isTrue();
    assertThat(kubevirt.oracles().objects(Side.TARGET, "shop")).isEmpty();
  }

  @Test
  void theDocumentShowsWhatIsTestedHere() throws Exception {
    String document = Files.readString(Path.of("../docs/testing.md"));
    String source =
        Files.readString(Path.of("src/test/java/dev/migrator/kubevirt/TestingExampleTest.java"));

    List<String> blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(document)
            .results()
            .map(result -> result.group(1).strip())
            .toList();
    assertThat(blocks)
        .hasSize(4)
        .allSatisfy(block -> assertThat(flat(source)).contains(flat(block)));
  }

  private static String flat(String code) {
    return code.replaceAll("\\s+", " ");
  }
}
