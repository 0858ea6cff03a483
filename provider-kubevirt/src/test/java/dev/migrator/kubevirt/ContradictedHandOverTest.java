package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A source that says the move failed, after the target said that the guest had arrived: the source
 * is halted only where the guest is seen to run on the target.
 */
final class ContradictedHandOverTest {

  @Test
  void theOnlyGuestThatIsSeenToRunIsNotHalted() {
    try (MigrationRig rig = handedOver()) {
      says(rig, Side.SOURCE, "failed", true);
      saysPhase(rig, "Scheduled");

      VmStatus end = turnsOnly(rig);

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(rig.strategy(Side.SOURCE)).as(rig::describe).isEqualTo("Always");
      assertThat(rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)).isPresent();
    }
  }

  @Test
  void theSourceIsHaltedWhereTheGuestRunsOnTheTarget() {
    try (MigrationRig rig = handedOver()) {
      rig.world.target().release(Switch.HOLD_ACKNOWLEDGE);
      rig.simulator.round();
      says(rig, Side.SOURCE, "failed", true);

      VmStatus end = rig.run();

      assertThat(rig.strategy(Side.SOURCE)).as(rig::describe).isEqualTo("Halted");
      assertThat(end.state()).as(rig::describe).isNotEqualTo(VmState.FAILED);
      assertThat(rig.running()).contains(Side.TARGET);
    }
  }

  /** Lets the runner look while KubeVirt stands still in its contradiction. */
  private static VmStatus turnsOnly(MigrationRig rig) {
    for (int look = 0; look < 400; look++) {
      rig.runner().wake(rig.plan.id(), MigrationRig.VM);
      rig.runner().turn(rig.plan);
      rig.clock.advance(Duration.ofSeconds(2));
    }
    return rig.status();
  }

  private static MigrationRig handedOver() {
    MigrationRig rig = new MigrationRig();
    rig.booted();
    rig.world.target().hold(Switch.HOLD_ACKNOWLEDGE);
    rig.runUntil("the guest has moved", status -> status.handedOver() != null);
    return rig;
  }

  private static void says(MigrationRig rig, Side side, String field, Object value) {
    status(rig, side, vmi -> Tree.put(vmi, value, "status", "migrationState", field));
  }

  private static void saysPhase(MigrationRig rig, String phase) {
    status(rig, Side.TARGET, vmi -> Tree.put(vmi, phase, "status", "phase"));
  }

  private static void status(MigrationRig rig, Side side, Consumer<Map<String, Object>> edit) {
    GenericKubernetesResource vmi = rig.get(side, Kind.INSTANCE, MigrationRig.NAME).orElseThrow();
    edit.accept(vmi.getAdditionalProperties());
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.INSTANCE.context())
        .inNamespace(MigrationRig.NAMESPACE)
        .resource(vmi)
        .update();
  }
}
