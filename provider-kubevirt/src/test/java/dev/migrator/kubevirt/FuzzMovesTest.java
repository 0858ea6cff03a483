package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A whole move, of a machine that was tampered with: it ends, and never badly. */
class FuzzMovesTest {

  private static final List<Kind> TAMPERED =
      List.of(
          Kind.VIRTUAL_MACHINE,
          Kind.INSTANCE,
          Kind.SECRET,
          Kind.CONFIG_MAP,
          Kind.PVC,
          Kind.DATA_VOLUME);

  @Property(tries = Fuzz.MOVE_TRIES)
  void aTamperedMachineIsMovedOrRefusedOrUndone(@ForAll long seed) {
    for (int round = 0; round < Fuzz.MOVES.rounds(); round++) {
      move(new Random(seed + round));
    }
  }

  private static void move(Random random) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      Map<Kind, Integer> places =
          Map.of(TAMPERED.get(random.nextInt(TAMPERED.size())), 1 + random.nextInt(3));
      places.forEach((kind, count) -> tamper(rig, kind, random, count));
      // To tamper with an instance may itself be the end of its guest, if only for a moment.
      List<Side> running;
      VmStatus end;
      rig.clusters.requests(Side.SOURCE).clear();
      rig.clusters.requests(Side.TARGET).clear();
      try {
        running = rig.running();
        end = rig.run();
      } catch (RuntimeException e) {
        // Real servers' schemas let nobody write this, so the simulator need not play it.
        assertThat(isOfTheSimulator(e)).as("thrown by the simulator: %s", e).isTrue();
        return;
      }

      String told = places + " " + end.failure();
      assertThat(end.state()).as(told).isIn(VmState.SUCCEEDED, VmState.FAILED);
      assertThat(rig.simulator.oracles().violations()).as(told).isEmpty();
      if (end.state() == VmState.SUCCEEDED) {
        assertThat(rig.running()).as(told).containsExactly(Side.TARGET);
      } else {
        assertThat(rig.running()).as(told).containsAll(running).doesNotContain(Side.TARGET);
        assertThat(end.failure().message()).as(told).isNotBlank();
      }
      if (end.state() == VmState.FAILED && end.failure().code().equals("ValidationFailed")) {
        for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
          assertThat(rig.clusters.requests(side).writes()).as(told).isEmpty();
        }
      }
    }
  }

  private static boolean isOfTheSimulator(RuntimeException e) {
    return Arrays.stream(e.getStackTrace())
        .map(StackTraceElement::getClassName)
        .filter(name -> name.startsWith("dev.migrator."))
        .findFirst()
        .filter(name -> name.startsWith("dev.migrator.testkit."))
        .isPresent();
  }

  /** Writes as somebody could who has every right on the source. */
  private static void tamper(MigrationRig rig, Kind kind, Random random, int places) {
    Cluster source = new Cluster(Side.SOURCE, rig.clusters.actorClient(Side.SOURCE));
    List<GenericKubernetesResource> all =
        new ArrayList<>(source.list(kind, MigrationRig.NAMESPACE, Map.of()));
    if (all.isEmpty()) {
      return;
    }
    GenericKubernetesResource one = all.get(random.nextInt(all.size()));
    Fuzz.mutate(one.getAdditionalProperties(), random, places);
    try {
      rig.clusters
          .actorClient(Side.SOURCE)
          .genericKubernetesResources(kind.context())
          .inNamespace(MigrationRig.NAMESPACE)
          .resource(one)
          .update();
    } catch (KubernetesClientException refusedByAdmission) {
      // The simulator's admission may stumble over what a real server's schema refuses first.
      assertThat(refusedByAdmission.getCode()).isIn(400, 403, 404, 409, 422, 500);
    }
  }
}
