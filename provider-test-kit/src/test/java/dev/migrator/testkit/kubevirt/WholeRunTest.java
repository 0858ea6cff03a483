package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.Timing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Properties of whole runs: repeatable, at once where wished, within one cluster, left to others.
 */
class WholeRunTest {

  @Test
  void theSameSeedGivesTheSameRunToTheByte() {
    List<String> first = run(7, bed -> bed.go().pass());
    assertThat(first).hasSizeGreaterThan(100).anyMatch(event -> event.contains("BEGIN CERT"));
    assertThat(run(7, bed -> bed.go().pass())).isEqualTo(first);
    assertThat(run(8, bed -> bed.go().pass())).isNotEqualTo(first);
  }

  @Test
  void aDisturbedRunIsTheSameToTheByteToo() {
    List<String> first = run(7, WholeRunTest::disturbed);
    assertThat(first)
        .anyMatch(event -> event.contains("source node reported migration failed"))
        .anyMatch(event -> event.contains("i/o timeout"));
    assertThat(run(7, WholeRunTest::disturbed)).isEqualTo(first);
    assertThat(run(8, WholeRunTest::disturbed)).isNotEqualTo(first);
  }

  /** Lines are cut, controllers restart, a copy fails, pods die; in the end the guest moves. */
  private static void disturbed(Bed bed) {
    bed.world.cutLink(true);
    bed.go().pass(Duration.ofSeconds(20));
    bed.world.cutLink(false);
    bed.world.target().hold(Switch.HOLD_RUNNING);
    bed.world.target().replaceSyncPod();
    bed.pass(Duration.ofMinutes(2));
    bed.world.source().restartSync();
    bed.world.source().hold(Switch.FAIL_SOURCE);
    bed.pass();
    bed.world.source().release(Switch.FAIL_SOURCE);
    bed.world.target().release(Switch.HOLD_RUNNING);
    bed.gate(Side.TARGET, false);
    bed.pass();
    bed.gate(Side.TARGET, true);
    bed.guest(Side.SOURCE).restart();
    bed.pass();
    bed.trust();
    Steps.drop(bed, "ab");
    Steps.again(bed);
    assertThat(bed.running()).containsExactly(Side.TARGET);
    bed.guest(Side.TARGET).killPods();
    bed.pass();
  }

  /** All that a watcher of everything sees on both sides. */
  private static List<String> run(long seed, Consumer<Bed> course) {
    List<String> events = new ArrayList<>();
    try (Bed bed = new Bed(builder -> builder.seed(seed))) {
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        for (Kind kind : Kind.values()) {
          bed.clusters
              .actorClient(side)
              .genericKubernetesResources(kind.context())
              .inAnyNamespace()
              .watch(new Recorder(side, events));
        }
      }
      course.accept(bed.prepared());
    }
    return events;
  }

  private record Recorder(Side side, List<String> events)
      implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource raw) {
      events.add(side + " " + action + " " + Serialization.asJson(raw));
    }

    @Override
    public void onClose(WatcherException cause) {
      // the run is over
    }
  }

  @Test
  void aWorldThatAnswersAtOnceMovesWithoutTimePassing() {
    try (Bed bed = new Bed()) {
      bed.world.timing(Timing.INSTANT);
      bed.prepared();
      bed.go();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void withinOneClusterAGuestMovesToAnotherNamespace() {
    try (Bed bed = new Bed(KubeVirtSimulator.Builder::oneCluster)) {
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      Steps.receiverElsewhere(bed, Side.SOURCE);
      bed.pass();
      assertThat(bed.simulator.oracles().guests())
          .singleElement()
          .satisfies(guest -> assertThat(guest.namespace()).isEqualTo("elsewhere"));
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void withinOneClusterOneDeletionTakesBothHalves() {
    try (Bed bed = new Bed(KubeVirtSimulator.Builder::oneCluster)) {
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      bed.world.source().unreachable(bed.address(Side.SOURCE), true);
      Steps.receiverElsewhere(bed, Side.SOURCE);
      bed.pass();
      bed.delete(Side.SOURCE, Kind.VMIM, "web-out");
      bed.pass();
      assertThat(bed.simulator.oracles().objects(Side.SOURCE, "elsewhere"))
          .noneMatch(name -> name.contains("Migration/"));
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
    }
  }

  @Test
  void anActorThatIsLeftOutDoesNothing() {
    try (Bed bed = new Bed(builder -> builder.without(Role.KUBELET))) {
      bed.simulator.install();
      bed.sample.create(bed.clusters, Side.SOURCE);
      bed.pass();
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Scheduling");
      assertThat(bed.guest(Side.SOURCE).podPhases()).containsExactly("Pending");
    }
  }

  @Test
  void theOraclesListWhatStandsInANamespace() {
    try (Bed bed = new Bed().prepared()) {
      assertThat(bed.simulator.oracles().objects(Side.TARGET, Bed.NAMESPACE))
          .containsAll(
              List.of(
                  "PersistentVolumeClaim/web-d0",
                  "VirtualMachine/web",
                  "VirtualMachineInstance/web"));
    }
  }

  @Test
  void theOraclesSeeASourceThatIsDeletedTooEarly() {
    try (Bed bed = new Bed().prepared()) {
      bed.delete(Side.SOURCE, Kind.VM, Bed.VM);
      bed.pass();
      assertThat(bed.simulator.oracles().violations())
          .anyMatch(text -> text.contains("runs nowhere else"));
    }
  }
}
