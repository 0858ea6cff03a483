package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real controllers did to those who did less (contract 14), by the scenario's name. */
final class SeenOnRealControllersTest {

  @Test
  void restart_a_then_pod_gone() {
    try (MigrationRig rig = copying("Always")) {
      rig.world.source().restartSync();
      rig.idle(Duration.ofSeconds(5));
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();
      rig.idle(Duration.ofMinutes(5));
      assertThat(rig.running()).containsExactly(Side.TARGET);
    }
  }

  @ParameterizedTest
  @CsvSource({"Always", "Manual", "Once", "RerunOnFailure", "running"})
  void cut_then_pod_gone(String strategy) {
    try (MigrationRig rig = copying(strategy)) {
      rig.world.cutLink(true);
      rig.world.target().release(Switch.HOLD_RUNNING);
      rig.runUntil("hand-over", VmStatus::isHandedOver);
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, strategy.equals("running") ? "Always" : strategy);
      rig.world.cutLink(false);
      rig.idle(Duration.ofMinutes(30));
      assertThat(rig.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void partition_is_not_undone_in_between() {
    try (MigrationRig rig = copying("Always")) {
      rig.world.cutLink(true);
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
    }
  }

  @Test
  void cancel_receive_then_goes_on() {
    try (MigrationRig rig = copying("Always")) {
      rig.deleteHalf(Side.TARGET);
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SOURCE, HOLD_START, TargetReady",
    "TARGET, POD_PENDING, Scheduling",
    "TARGET, TARGET_NOT_READY, PreparingTarget"
  })
  void a_send_half_deleted_by_somebody_between_pending_and_target_ready_is_repaired(
      Side side, Switch held, String phase) {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.side(side).hold(held);
      rig.runUntil(phase, status -> rig.half(Side.SOURCE).equals(phase));
      rig.deleteHalf(Side.SOURCE);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      rig.world.side(side).release(held);
      rig.again();
      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void timeouts_end_the_attempt() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.POD_PENDING);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
    }
  }

  @Test
  void unschedulable() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.world.target().hold(Switch.POD_UNSCHEDULABLE);
      rig.booted();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
    }
  }

  @ParameterizedTest
  @CsvSource({"Always", "RerunOnFailure", "running"})
  void source_dies_and_is_started_again(String strategy) {
    try (MigrationRig rig = copying(strategy)) {
      String was = strategy.equals("running") ? "running: true" : strategy;
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, was);
    }
  }

  @ParameterizedTest
  @CsvSource({"Always", "RerunOnFailure"})
  void source_crashes_and_is_started_again(String strategy) {
    try (MigrationRig rig = copying(strategy)) {
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).crash();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, strategy);
    }
  }

  @ParameterizedTest
  @CsvSource({"Manual", "Once"})
  void source_dies_where_kubevirt_does_not_start_it(String strategy) {
    try (MigrationRig rig = copying(strategy)) {
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("Start it by hand"));
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo(strategy);
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
    }
  }

  @Test
  void source_halted_by_a_person_stays_halted() {
    try (MigrationRig rig = copying("Always")) {
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).stop();

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(rig.running()).isEmpty();
      assertThat(rig.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(rig.simulator.oracles().objects(Side.TARGET, MigrationRig.NAMESPACE)).isEmpty();
    }
  }

  @Test
  void receiver_deleted_by_a_person() {
    try (MigrationRig rig = copying("Always")) {
      rig.delete(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
    }
  }

  @Test
  void target_pod_killed() {
    try (MigrationRig rig = copying("Always")) {
      rig.simulator.guest(Side.TARGET, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
    }
  }

  @ParameterizedTest
  @CsvSource({"HOLD_ACKNOWLEDGE", "HOLD_COMPLETE"})
  void cancel_switched_comes_too_late(Switch held) {
    try (MigrationRig rig = copying("Always")) {
      rig.world.target().hold(held);
      rig.world.target().release(Switch.HOLD_RUNNING);
      rig.idle(Duration.ofSeconds(3));
      rig.cancel();
      rig.runUntil("hand-over", VmStatus::isHandedOver);
      rig.idle(Duration.ofSeconds(30));
      rig.world.target().release(held);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "Always");
    }
  }

  /** A move whose memory is being copied for as long as the test holds it. */
  private static MigrationRig copying(String strategy) {
    MigrationRig rig = new MigrationRig();
    rig.sample.strategy(strategy);
    rig.booted();
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runUntil(
        "both halves copy",
        status ->
            rig.half(Side.SOURCE).equals("Running") && rig.half(Side.TARGET).equals("Running"));
    return rig;
  }
}
