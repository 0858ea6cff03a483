package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The ways in which real KubeVirt ran one guest twice, and those in which it did not (14). */
class TrapTest {

  @Test
  void aRestartedSourceSyncControllerIsNeverHaltedAndBootsAgain() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.world.source().restartSync();
      bed.pass();
      assertThat(bed.state(Side.SOURCE, "sourceState.syncAddress")).isNotEmpty();
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Succeeded");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.simulator.oracles().violations()).isEmpty();

      bed.guest(Side.SOURCE).killPods();
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.SOURCE, Side.TARGET);
      assertThat(bed.simulator.oracles().violations())
          .anyMatch(text -> text.startsWith("Two guests"));
    }
  }

  @Test
  void haltedInTimeTheSameIsHarmless() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.world.source().restartSync();
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();
      bed.halt(Side.SOURCE);
      bed.pass();

      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.guest(Side.SOURCE).podPhases()).isEmpty();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void aRestartOnTheTargetSideIsHarmless() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.world.target().restartSync();
      bed.pass();
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
    }
  }

  @Test
  void aCutLineWithTheSourcePodRemovedHaltsAlways() {
    try (Bed bed = cutAtTheSwitchOver("Always")) {
      bed.guest(Side.SOURCE).killPods();
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void aCutLineWithTheSourcePodRemovedMakesTwoOfARerunOnFailureGuest() {
    try (Bed bed = cutAtTheSwitchOver("RerunOnFailure")) {
      bed.guest(Side.SOURCE).killPods();
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.SOURCE, Side.TARGET);
    }
  }

  @Test
  void aHealedLineHaltsTheSource() {
    try (Bed bed = cutAtTheSwitchOver("Always")) {
      bed.world.cutLink(false);
      bed.pass(Duration.ofMinutes(5));

      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
    }
  }

  @Test
  void aReceiveHalfDeletedMeanwhileLeavesTheSourceUnhalted() {
    try (Bed bed = cutAtTheSwitchOver("Always")) {
      bed.drop(Side.TARGET);
      bed.world.cutLink(false);
      bed.pass(Duration.ofMinutes(30));

      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void haltingByHandWhileTheLineIsCutStrandsTheSendHalf() {
    try (Bed bed = cutAtTheSwitchOver("Always")) {
      bed.halt(Side.SOURCE);
      bed.pass();

      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Running Terminating");
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  @Test
  void aGateTurnedOffOnTheTargetLeavesTheSourceUnhaltedUntilTheReceiveHalfIsTouched() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.gate(Side.TARGET, false);
      bed.pass();
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");

      bed.gate(Side.TARGET, true);
      bed.pass();
      assertThat(bed.strategy(Side.SOURCE)).as("the CA is another now").isEqualTo("Always");
      bed.trust();
      bed.edit(Side.TARGET, Kind.VMIM, "web-in", half -> half.annotation("touched", "once"));
      bed.pass();
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void anImageWhoseTagHasMovedCorruptsTheDisk() {
    try (Bed bed = new Bed()) {
      bed.world.source().digest("registry/fedora:41", "sha256:old");
      bed.world.target().digest("registry/fedora:41", "sha256:new");
      bed.sample.volume("os", Map.of("containerDisk", Map.of("image", "registry/fedora:41")));
      bed.prepared().go().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.simulator.oracles().violations()).anyMatch(text -> text.contains("corrupt"));
    }
  }

  @Test
  void anImageThatIsPinnedByItsDigestIsWhole() {
    try (Bed bed = new Bed()) {
      bed.world.source().digest("registry/fedora:41", "sha256:old");
      bed.world.target().digest("registry/fedora:41", "sha256:new");
      bed.sample.volume("os", Map.of("containerDisk", Map.of("image", "registry/fedora:41")));
      bed.simulator.install();
      bed.trust().sample.boot(bed.simulator);
      bed.claim("web-d0", "1Gi")
          .receiver(
              vm ->
                  vm.maps("spec.template.spec.volumes")
                      .get(1)
                      .put("containerDisk", Map.of("image", "registry/fedora:41@sha256:old")));
      bed.go().pass();

      assertThat(bed.simulator.oracles().violations()).isEmpty();
    }
  }

  private static Bed cutAtTheSwitchOver(String strategy) {
    Bed bed = new Bed().prepared(strategy);
    bed.world.target().hold(Switch.HOLD_RUNNING);
    bed.go().until("Running");
    bed.world.cutLink(true);
    bed.world.target().release(Switch.HOLD_RUNNING);
    bed.pass();
    assertThat(bed.running()).containsExactly(Side.TARGET);
    assertThat(bed.half(Side.TARGET)).isEqualTo("Succeeded");
    assertThat(bed.half(Side.SOURCE)).isEqualTo("Running");
    assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Running");
    assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
    return bed;
  }
}
