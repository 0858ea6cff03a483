package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.world.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What KubeVirt leaves of a source after success, by its run strategy (contract 2.6, 2.7, 2.8). */
class RunStrategyLeftoversTest {

  @ParameterizedTest
  @CsvSource({"Manual, Succeeded", "Once, Succeeded", "RerunOnFailure, gone"})
  void otherStrategiesThanAlwaysAreNotHalted(String strategy, String vmi) {
    try (Bed bed = new Bed().prepared(strategy)) {
      bed.go().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo(strategy);
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo(vmi);
      assertThat(bed.printable(Side.SOURCE)).isEqualTo("Stopped");
      assertThat(bed.strategy(Side.TARGET)).isEqualTo(strategy);
    }
  }

  @Test
  void runningTrueIsRefusedItsHaltingForEver() {
    try (Bed bed = new Bed().prepared("running")) {
      bed.go().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.get(Side.SOURCE, Kind.VM, Bed.VM).truth("spec.running")).isTrue();
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Succeeded");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Succeeded");
      assertThat(Conditions.reason(bed.get(Side.SOURCE, Kind.VM, Bed.VM), "Failure"))
          .isEqualTo("FailedUpdateError");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Always", "Manual", "Once", "RerunOnFailure", "running"})
  void haltingByHandSettlesEveryStrategy(String strategy) {
    try (Bed bed = new Bed().prepared(strategy)) {
      bed.go().pass();
      bed.halt(Side.SOURCE);
      bed.pass();

      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.guest(Side.SOURCE).podPhases()).isEmpty();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void deletingTheLeftOverVmiOfAOnceSourceMakesTwoGuests() {
    try (Bed bed = new Bed().prepared("Once")) {
      bed.go().pass();
      bed.delete(Side.SOURCE, Kind.VMI, Bed.VM);
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.SOURCE, Side.TARGET);
      assertThat(bed.simulator.oracles().violations())
          .anyMatch(text -> text.contains("Two guests"));
    }
  }

  @Test
  void withoutAnnotationTheStrategyStays() {
    try (Bed bed = new Bed()) {
      bed.prepared();
      Steps.annotate(bed, null);
      bed.go().pass();
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("WaitAsReceiver");

      Steps.annotate(bed, "Always");
      assertThat(bed.strategy(Side.TARGET)).as("honoured late").isEqualTo("Always");
    }
  }

  @Test
  void anInvalidAnnotationIsRefusedForEver() {
    try (Bed bed = new Bed()) {
      bed.prepared();
      Steps.annotate(bed, "Sometimes");
      bed.go().pass();

      assertThat(bed.strategy(Side.TARGET)).isEqualTo("WaitAsReceiver");
      assertThat(Conditions.status(bed.get(Side.TARGET, Kind.VM, Bed.VM), "Failure"))
          .isEqualTo("True");
      bed.edit(Side.TARGET, Kind.VM, Bed.VM, vm -> vm.set("spec.runStrategy", "Always"));
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(Conditions.find(bed.get(Side.TARGET, Kind.VM, Bed.VM), "Failure")).isNull();
    }
  }

  @Test
  void restoringHaltedStopsTheGuestThatHasJustArrived() {
    try (Bed bed = new Bed()) {
      bed.prepared();
      Steps.annotate(bed, "Halted");
      bed.go().pass();

      assertThat(bed.running()).isEmpty();
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("gone");
    }
  }

  @Test
  void aLaterShutDownOfTheMigratedGuestHaltsTheVm() {
    try (Bed bed = new Bed().prepared()) {
      bed.go().pass();
      bed.guest(Side.TARGET).shutDown();
      bed.pass();

      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Halted");
      assertThat(bed.running()).isEmpty();
    }
  }

  @Test
  void aLaterCrashOfTheMigratedGuestHaltsTheVm() {
    try (Bed bed = new Bed().prepared()) {
      bed.go().pass();
      bed.guest(Side.TARGET).crash();
      bed.pass();

      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Halted");
    }
  }

  @Test
  void aLaterRestartOfTheMigratedVmWorks() {
    try (Bed bed = new Bed().prepared()) {
      bed.go().pass();
      String before = bed.vmiOf(Side.TARGET).uid();
      bed.guest(Side.TARGET).restart();
      bed.pass();

      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Always");
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.vmiOf(Side.TARGET).uid()).isNotEqualTo(before);
    }
  }

  @Test
  void anOrdinaryGuestThatShutsDownIsStartedAgain() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      String before = bed.vmiOf(Side.SOURCE).uid();
      bed.guest(Side.SOURCE).shutDown();
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.vmiOf(Side.SOURCE).uid()).isNotEqualTo(before);
    }
  }

  @Test
  void theMovedVmMayMoveBack() {
    try (Bed bed = new Bed().prepared()) {
      bed.go().pass();
      bed.drop(Side.TARGET);
      bed.edit(
          Side.SOURCE,
          Kind.VM,
          Bed.VM,
          vm ->
              vm.set("spec.runStrategy", "WaitAsReceiver")
                  .annotation("kubevirt.io/restore-run-strategy", "Always"));
      bed.pass();
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("WaitingForSync");
      bed.id = "11111111-0000-0000-0000-000000000002";
      bed.back();
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.strategy(Side.TARGET)).isEqualTo("Halted");
    }
  }

  @Test
  void aPodThatIsStuckKeepsItsVmiTerminating() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.POD_STUCK);
      bed.halt(Side.SOURCE);
      bed.pass();
      assertThat(bed.vmiOf(Side.SOURCE).deleting()).isTrue();
      assertThat(bed.guest(Side.SOURCE).podPhases()).hasSize(1);
      bed.world.source().release(Switch.POD_STUCK);
      bed.pass();
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
    }
  }
}
