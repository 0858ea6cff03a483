package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a move fails, and what stands afterwards (contract 2.8, 2.9, 11.4). */
class FailureTest {
  private static final String NOWHERE = "10.77.2.99:9185";

  @Test
  void aFailedCopyFailsBothHalvesAndTheGuestGoesOn() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.world.source().hold(Switch.FAIL_SOURCE);
      bed.pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.state(Side.SOURCE, "failureReason"))
          .isEqualTo("Live migration failed: unable to connect to server");
      assertThat(bed.state(Side.TARGET, "failed")).isEqualTo("true");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("True");
      assertThat(bed.printable(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.printable(Side.TARGET)).isEqualTo("WaitingForReceiver");
      assertThat(bed.events(Side.SOURCE, "FailedMigration"))
          .contains("source node reported migration failed");
    }
  }

  @Test
  void afterAFailedCopyALaterShutDownHaltsTheSource() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.FAIL_SOURCE);
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().pass();
      bed.drop(Side.SOURCE);
      bed.guest(Side.SOURCE).shutDown();
      bed.pass();

      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @ParameterizedTest
  @CsvSource({"TARGET_NOT_READY,PreparingTarget", "HOLD_RUNNING,Running"})
  void aLostTargetPodFailsBothHalves(Switch held, String phase) {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(held);
      bed.go().until(phase);
      bed.guest(Side.TARGET).killPods();
      bed.pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"Always,Halted,gone", "Manual,Manual,Failed", "Once,Once,Failed"})
  void aSourcePodThatDiesWhileCopyingEndsTheGuest(String strategy, String after, String vmi) {
    try (Bed bed = new Bed().prepared(strategy)) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.guest(Side.SOURCE).killPods();
      bed.pass();

      assertThat(bed.running()).isEmpty();
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo(after);
      assertThat(bed.vmi(Side.SOURCE)).isEqualTo(vmi);
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
    }
  }

  @Test
  void rerunOnFailureBootsTheSourceAgainWhenItsPodDies() {
    try (Bed bed = new Bed().prepared("RerunOnFailure")) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.guest(Side.SOURCE).killPods();
      bed.pass();

      assertThat(bed.running()).containsExactly(Side.SOURCE);
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
    }
  }

  @Test
  void aSourceThatCrashesWhileCopyingStaysRunningButNotReady() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.go().until("Running");
      bed.guest(Side.SOURCE).crash();
      bed.pass();

      assertThat(bed.vmi(Side.SOURCE)).isEqualTo("Running");
      assertThat(bed.ready(Side.SOURCE)).isEqualTo("False");
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Always");
      assertThat(bed.running()).isEmpty();
    }
  }

  @Test
  void aWrongAddressShowsOnTheSourceOnly() {
    try (Bed bed = new Bed().prepared()) {
      bed.receive().send(NOWHERE).pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Synchronizing");
      assertThat(bed.half(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.blocked(Side.SOURCE)).contains("no route to host").contains(NOWHERE);
      assertThat(bed.blocked(Side.TARGET)).startsWith("waiting for incoming synchronization");
      bed.drop(Side.SOURCE);
      bed.drop(Side.TARGET);
      assertThat(bed.half(Side.SOURCE)).isEqualTo("gone");
      assertThat(bed.half(Side.TARGET)).isEqualTo("gone");
      assertThat(bed.blocked(Side.SOURCE)).isEmpty();
    }
  }

  @Test
  void aBlockedCallbackLeavesTheSourceWithoutAWord() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().unreachable("", true);
      bed.go().pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Synchronizing");
      assertThat(bed.blocked(Side.SOURCE)).isEmpty();
      assertThat(bed.state(Side.TARGET, "sourceState.migrationUID")).isNotEmpty();
      assertThat(bed.blocked(Side.TARGET)).startsWith("waiting for incoming synchronization");
    }
  }

  @Test
  void missingTrustShowsOnTheSourceAndHealsByItself() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      bed.claim("web-d0", "1Gi").receiver(vm -> {}).go().pass();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Synchronizing");
      assertThat(bed.blocked(Side.SOURCE)).contains("could not verify peer certificate");
      assertThat(bed.halfCondition(Side.SOURCE, "decentralizedMigrationBlocked"))
          .contains("could not verify peer certificate");

      bed.offer(Side.SOURCE, bed.bundle(Side.TARGET));
      bed.pass();
      assertThat(bed.half(Side.SOURCE))
          .as("the other way is still missing")
          .isEqualTo("Synchronizing");
      bed.offer(Side.TARGET, bed.bundle(Side.SOURCE));
      bed.pass(Duration.ofMinutes(30));
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void theTargetWithoutTheSourcesCaAnswersByAnAlert() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.offer(Side.SOURCE, bed.bundle(Side.TARGET));
      bed.pass();
      bed.sample.boot(bed.simulator);
      bed.claim("web-d0", "1Gi").receiver(vm -> {}).go().pass();

      assertThat(bed.blocked(Side.SOURCE)).contains("remote error: tls");
    }
  }

  @Test
  void olderKubeVirtShowsNoConditionAtAll() {
    try (Bed bed = new Bed(Steps.both(KubeVirtVersion.V1_7))) {
      bed.simulator.install();
      bed.sample.boot(bed.simulator);
      bed.claim("web-d0", "1Gi").receiver(vm -> {}).go().pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Synchronizing");
      assertThat(bed.blocked(Side.SOURCE)).isEmpty();
      assertThat(bed.blocked(Side.TARGET)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"V1_6", "V1_7", "V1_8", "V1_9", "MAIN"})
  void everyVersionMoves(KubeVirtVersion version) {
    try (Bed bed =
        new Bed(builder -> builder.version(Side.SOURCE, version).version(Side.TARGET, version))
            .prepared()) {
      bed.go().pass();

      assertThat(bed.running()).containsExactly(Side.TARGET);
      assertThat(bed.strategy(Side.SOURCE)).isEqualTo("Halted");
    }
  }

  @Test
  void aMissingSecretKeepsThePodPendingForFifteenMinutes() {
    try (Bed bed = new Bed()) {
      bed.sample.cloudInit("web-user", "#cloud-config");
      bed.prepared();
      bed.go().pass();
      assertThat(bed.half(Side.TARGET)).isEqualTo("Scheduling");
      assertThat(bed.guest(Side.TARGET).podPhases()).containsExactly("Pending");
      assertThat(bed.events(Side.TARGET, "FailedMount"))
          .anyMatch(text -> text.contains("web-user"));
      bed.pass(Duration.ofMinutes(15));

      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.half(Side.SOURCE)).as("for ever, without a condition").isEqualTo("Scheduling");
      assertThat(bed.vmi(Side.TARGET)).isEqualTo("WaitingForSync");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void anUnschedulablePodIsGivenUpAfterFiveMinutes() {
    try (Bed bed = new Bed()) {
      bed.world.target().nodes(NodeSpec.amd("b-node1"), NodeSpec.amd("b-node2"));
      bed.prepared();
      bed.go().pass();
      Thing vmi = bed.vmiOf(Side.TARGET);
      assertThat(Conditions.reason(vmi, "PodScheduled")).isEqualTo("Unschedulable");
      assertThat(bed.printable(Side.TARGET)).isEqualTo("ErrorUnschedulable");
      bed.pass(Duration.ofMinutes(5));

      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Scheduling");
      assertThat(bed.events(Side.TARGET, "migrationTargetPodUnschedulable")).isNotEmpty();
    }
  }

  @Test
  void aDestinationThatIsTooSmallFailsTheCopy() {
    try (Bed bed = new Bed()) {
      bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "2Gi");
      bed.prepared();
      bed.go().pass();

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.state(Side.SOURCE, "failureReason"))
          .contains("smaller than the source volume");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void aMissingClaimIsWaitedFor() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.trust().sample.boot(bed.simulator);
      bed.receiver(vm -> {}).go().pass();
      assertThat(bed.half(Side.TARGET)).isEqualTo("Pending");
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Scheduling");
      assertThat(bed.printable(Side.TARGET)).isEqualTo("ErrorPvcNotFound");
      assertThat(bed.events(Side.TARGET, "FailedPvcNotFound"))
          .containsExactly("PVC ns/web-d0 does not exist, waiting for it to appear");

      bed.claim("web-d0", "1Gi").pass();
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void aGuestThatDirtiesFasterThanIsCopiedIsAborted() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().dirtyRate(Bed.SCOPE, 2L << 30);
      bed.go().pass(Duration.ofMinutes(5));

      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.state(Side.SOURCE, "failureReason"))
          .isEqualTo("Live migration has been aborted");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void withTheGateOffTheAddressesGo() {
    try (Bed bed = new Bed().prepared()) {
      bed.gate(Side.TARGET, false);
      bed.pass();
      assertThat(
              bed.get(Side.TARGET, Kind.KUBEVIRT, "kubevirt")
                  .has("status.synchronizationAddresses"))
          .isFalse();
      bed.gate(Side.TARGET, true);
      bed.pass();
      assertThat(bed.address()).isEqualTo("10.77.2.14:9185");
    }
  }

  @Test
  void fiveReceiversAtOnceAreQueuedWithoutAWord() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.trust();
      bed.world.target().hold(Switch.POD_PENDING);
      List<String> names = List.of("w0", "w1", "w2", "w3", "w4");
      for (String name : names) {
        bed.sample = SampleVm.of(Bed.NAMESPACE, name).disk("d0", "1Gi").boot(bed.simulator);
        bed.claim(name + "-d0", "1Gi").receiver(vm -> {});
      }
      for (String name : names) {
        bed.halves(name);
      }
      bed.pass();
      List<String> phases =
          names.stream()
              .map(name -> bed.get(Side.TARGET, Kind.VMIM, name + "-in").text("status.phase"))
              .sorted()
              .toList();
      assertThat(phases)
          .containsExactly("Pending", "Pending", "Pending", "Scheduling", "Scheduling");
      for (String name : names) {
        assertThat(bed.get(Side.SOURCE, Kind.VMIM, name + "-out").text("status.phase"))
            .isEqualTo("Scheduling");
      }
      bed.world.target().release(Switch.POD_PENDING);
      bed.pass(Duration.ofMinutes(5));
      assertThat(bed.running()).containsExactly(Side.TARGET);
    }
  }

  @Test
  void anIdIsNotUsedTwice() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.target().hold(Switch.HOLD_RUNNING);
      bed.world.source().hold(Switch.FAIL_SOURCE);
      bed.go().pass();
      bed.world.target().release(Switch.HOLD_RUNNING);
      bed.world.source().release(Switch.FAIL_SOURCE);
      bed.halves(Bed.VM, "x-in", "x-out");
      bed.pass(Duration.ofMinutes(10));

      assertThat(bed.get(Side.SOURCE, Kind.VMIM, "x-out").text("status.phase"))
          .isEqualTo("Synchronizing");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @Test
  void nodesThatDoNotReachEachOtherFailTheCopy() {
    try (Bed bed = new Bed().prepared()) {
      bed.world.source().hold(Switch.NODES_APART);
      bed.go();
      assertThat(bed.half(Side.SOURCE)).isNotEqualTo("Failed");
      bed.pass();
      assertThat(bed.half(Side.SOURCE)).isEqualTo("Failed");
      assertThat(bed.half(Side.TARGET)).isEqualTo("Failed");
      assertThat(bed.state(Side.SOURCE, "failureReason")).contains("unable to connect");
      assertThat(bed.running()).containsExactly(Side.SOURCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"V1_6,V1_9,SOURCE", "MAIN,V1_6,SOURCE", "V1_8,V1_9,TARGET", "V1_9,V1_8,TARGET"})
  void someVersionsDoNotUnderstandEachOther(
      KubeVirtVersion from, KubeVirtVersion to, Side runsAfterwards) {
    try (Bed bed =
        new Bed(builder -> builder.version(Side.SOURCE, from).version(Side.TARGET, to))
            .prepared()) {
      bed.go().pass();
      assertThat(bed.running()).containsExactly(runsAfterwards);
    }
  }
}
