package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HappyMoveTest {

  @Test
  void theGuestEndsOnTheTargetAndTheSourceIsHalted() {
    try (Bed bed = new Bed().prepared()) {
      Guest before = bed.simulator.oracles().guests().get(0);
      bed.go().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
      assertThat(bed.halfOf(Side.TARGET).meta().getFinalizers()).isNullOrEmpty();
      assertThat(bed.halfOf(Side.TARGET).truth("status.migrationState.completed")).isTrue();
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.printable(Side.SOURCE)).isEqualTo("Stopped");
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(bed.printable(Side.TARGET)).isEqualTo("Running");
      assertThat(bed.vmiOf(Side.TARGET).annotation("kubevirt.io/create-migration-target"))
          .isEmpty();
      assertThat(bed.simulator.oracles().guests().get(0).looksLike(before)).isTrue();
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyOrderOfTheControllersEndsTheSame(long seed) {
    try (Bed bed = new Bed(builder -> builder.seed(seed)).prepared()) {
      bed.go().pass();

      assertThat(bed.running()).as(bed.simulator.oracles().describe()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void theSourceMayBeFirst() {
    try (Bed bed = new Bed().prepared()) {
      bed.send(bed.address());
      assertThat(bed.blocked(Side.SOURCE))
          .isEqualTo(
              "rpc error: code = Unknown desc = source: unable to locate VMI for migrationID "
                  + bed.id);
      assertThat(bed.halfCondition(Side.SOURCE, "decentralizedMigrationBlocked"))
          .contains("unable to locate VMI");
      bed.receive().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
    }
  }

  @Test
  void anIdleWorldWritesNothing() {
    try (Bed bed = new Bed().prepared()) {
      bed.go().pass();
      assertThat(bed.simulator.round()).isFalse();
      assertThat(bed.simulator.nextDue()).isEmpty();
    }
  }

  @Test
  void theReceiverShowsItsClaimsBeforeTheMove() {
    try (Bed bed = new Bed().prepared()) {
      assertThat(bed.vmiOf(Side.TARGET).maps("status.migratedVolumes"))
          .extracting(entry -> entry.get("volumeName"))
          .isEqualTo(List.of("d0"));
      assertThat(bed.printable(Side.TARGET)).isEqualTo("WaitingForReceiver");
      bed.receive();
      assertThat(bed.blocked(Side.TARGET))
          .isEqualTo("waiting for incoming synchronization, unable to proceed");
      assertThat(bed.get(Side.TARGET, Kind.VM, Bed.VM).text("status.printableStatus"))
          .isEqualTo("WaitingForReceiver");
    }
  }
}
