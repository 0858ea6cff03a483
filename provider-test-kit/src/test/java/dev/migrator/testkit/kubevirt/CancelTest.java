package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of halves that are deleted, by the moment (contract 2.10). */
class CancelTest {
  private static final String ABORTED = "Live migration has been aborted";

  @Test
  void halvesThatNeverMetGoAtOnce() {
    try (Bed bed = new Bed().prepared()) {
      bed.receive();
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      bed.send(bed.address());
      bed.drop(Side.SOURCE);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void beforeTheHandOffTheSourceHalfIsStuckAndStrippingItAllowsARetry() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.POD_PENDING);
      bed.go().until("Scheduling");
      bed.drop(Side.SOURCE);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Scheduling Terminating");
      assertThat(bed.halfCondition(Side.SOURCE, "migrationAbortRequested")).isEqualTo("True");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Scheduling");
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.guest(Side.TARGET).podPhases()).isEmpty();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Scheduling Terminating");
      assertThat(bed.running()).containsExactly(Side.SOURCE);

      bed.world.target().release(Switch.POD_PENDING);
      bed.strip(Side.SOURCE);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      bed.id = "11111111-0000-0000-0000-000000000002";
      bed.go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void whileTheTargetPreparesBothAreStuck() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.TARGET_NOT_READY);
      bed.go().until("PreparingTarget");
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("PreparingTarget Terminating");
      assertThat(bed.half(Side.TARGET)).isEqualTo("PreparingTarget Terminating");
      bed.world.target().release(Switch.TARGET_NOT_READY);
      bed.pass();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("PreparingTarget Terminating");
      assertThat(bed.half(Side.TARGET)).isEqualTo("TargetReady Terminating");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void deletingTheTargetsPodFreesTheReceiver() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.TARGET_NOT_READY);
      bed.go().until("PreparingTarget");
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      bed.guest(Side.TARGET).killPods();
      bed.pass();
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      bed.world.target().release(Switch.TARGET_NOT_READY);
      bed.strip(Side.SOURCE);
      bed.id = "11111111-0000-0000-0000-000000000002";
      bed.go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void heldBeforeTheCopyBothAbortAsSoonAsItStarts() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.HOLD_START);
      bed.go().until("TargetReady");
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("TargetReady Terminating");
      assertThat(bed.half(Side.TARGET)).isEqualTo("TargetReady Terminating");
      bed.world.source().release(Switch.HOLD_START);
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.pass();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.state(Side.SOURCE, "abortStatus")).isEqualTo("Succeeded");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void whileCopyingTheSourceHalfAbortsCleanly() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.drop(Side.SOURCE);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      for (Side side : new Side[] {Side.SOURCE, Side.TARGET}) {
        assertThat(bed.state(side, "failed")).isEqualTo("true");
        assertThat(bed.state(side, "completed")).isEqualTo("true");
        assertThat(bed.state(side, "abortStatus")).isEqualTo("Succeeded");
        assertThat(bed.state(side, "failureReason")).isEqualTo(ABORTED);
      }
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("True");
      assertThat(bed.guest(Side.TARGET).podPhases()).doesNotContain("Running");
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      bed.delete(Side.TARGET, Kind.VM, Bed.VM);
      bed.pass();
      assertThat(bed.get(Side.TARGET, Kind.VM, Bed.VM)).isNull();
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void whileCopyingTheReceiveHalfAloneCancelsNothing() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Running Terminating");
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.half(Side.SOURCE)).as("never hears of it").isEqualTo("Running");
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.printable(Side.SOURCE)).isEqualTo("Migrating");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Switch.class,
      names = {"HOLD_ACKNOWLEDGE", "HOLD_COMPLETE"})
  void afterTheSwitchOverACancelDoesNothing(Switch held) {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(held);
      bed.go().until("Running");
      bed.pass();
      assertThat(bed.state(Side.SOURCE, "targetNodeDomainReadyTimestamp")).isNotEmpty();
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Running Terminating");
      bed.world.target().release(held);
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Running Terminating");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      bed.halt(Side.SOURCE);
      bed.pass();
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.SOURCE)).as("needs stripping").isEqualTo("Running Terminating");
      bed.strip(Side.SOURCE);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void anAbortThatIsOvertakenByTheSwitchOverLeavesTheGuestOnTheTarget() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.ABORT_OVERTAKEN);
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.drop(Side.SOURCE);
      assertThat(bed.state(Side.SOURCE, "abortRequested")).isEqualTo("true");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("Running");
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void wordsThatCrossLeaveTheGuestOnTheSourceThoughTheTargetWasReady() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.ABORT_CROSSED);
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.drop(Side.SOURCE);
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();

      assertThat(bed.state(Side.TARGET, "targetNodeDomainReadyTimestamp")).isNotEmpty();
      assertThat(bed.state(Side.SOURCE, "abortStatus")).isEqualTo("Succeeded");
      assertThat(bed.state(Side.SOURCE, "failureReason")).isEqualTo(ABORTED);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void aVmDeletedBeforeItsHalfLeavesTheHalfTerminatingForEver() {
    try (Bed bed = new Bed().prepared()) {
      bed.receive();
      bed.delete(Side.TARGET, Kind.VM, Bed.VM);
      bed.pass();
      assertThat(bed.get(Side.TARGET, Kind.VM, Bed.VM)).isNull();
      Thing half = bed.halfOf(Side.TARGET);
      assertThat(half.deleting()).isTrue();
      assertThat(half.meta().getFinalizers()).hasSize(2);
    }
  }

  @Test
  void aFailedCopyMayBeTriedAgainOnTheSameReceiver() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.world.source().hold(Switch.FAIL_SOURCE);
      bed.go().pass();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.world.source().release(Switch.FAIL_SOURCE);
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      bed.id = "11111111-0000-0000-0000-000000000002";
      bed.go().pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }
}
