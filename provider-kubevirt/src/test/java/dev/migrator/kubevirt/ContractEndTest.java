package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's catalogue (11.4), as far as a move ends, and what is left of it. */
final class ContractEndTest {

  @ParameterizedTest
  @ValueSource(strings = {"no_restore", "restore_invalid"})
  @DisplayName("S14 a spoiled restore annotation is repaired")
  void s14(String scenario) {
    Scenarios.play(scenario);
  }

  @Test
  @DisplayName("S15 running: true is halted all the same")
  void s15() {
    Scenarios.play("halt_running");
  }

  @Test
  @DisplayName("S16 RerunOnFailure is Manual before the send half exists, so nothing boots again")
  void s16() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample.strategy("RerunOnFailure");
      rig.booted();
      List<String> strategies = new ArrayList<>();
      ContractMeetingTest.onCreated(
          rig, Side.SOURCE, half -> strategies.add(rig.strategy(Side.SOURCE)));

      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");

      assertThat(strategies).containsExactly("Manual");
    }
    Scenarios.play("cut_then_pod_gone_rerunonfailure");
  }

  @Test
  @DisplayName("S17 a source whose pod is killed while copying is started again")
  void s17() {
    Scenarios.play("source_dies");
  }

  @Test
  @DisplayName("S18 the target says Succeeded and the source does not know: the instances decide")
  void s18() {
    Scenarios.play("partition");
  }

  @Test
  @DisplayName("S19 a receive half that says Succeeded although the source died is no success")
  void s19() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      GenericKubernetesResource half =
          rig.get(
                  Side.TARGET,
                  Kind.MIGRATION,
                  Names.of(rig.plan, rig.plan.vms().get(0)).receiveHalf(1))
              .orElseThrow();
      Tree.put(half.getAdditionalProperties(), "Succeeded", "status", "phase");
      rig.clusters
          .actorClient(Side.TARGET)
          .genericKubernetesResources(Kind.MIGRATION.context())
          .inNamespace(MigrationRig.NAMESPACE)
          .resource(half)
          .updateStatus();
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
    }
  }

  static Stream<String> cancels() {
    return Scenarios.ALL.stream().filter(each -> each.row() == Seen.CANCEL).map(Scenario::name);
  }

  @ParameterizedTest(name = "S20 {0}")
  @MethodSource("cancels")
  @DisplayName("S20 a cancel at each moment")
  void s20(String scenario) {
    Scenarios.play(scenario);
  }

  @Test
  @DisplayName("S21 a cancel that meets the switch-over comes too late, and the move is finished")
  void s21() {
    Scenarios.play("cancel_switched");
  }

  @Test
  @DisplayName("S29 the source's synchronization controller restarts: halted by us")
  void s29() {
    Scenarios.play("restart_a_then_pod_gone");
  }

  /** What an API server may answer to any request, the creation of the receive half for one. */
  enum Trouble {
    CONFLICT(Fault.answer(409)),
    BUSY(Fault.tooManyRequests(Duration.ofSeconds(20))),
    UNAVAILABLE(Fault.answer(503)),
    NO_ANSWER(Fault.drop()),
    CRASH(Fault.crash());

    private final Fault fault;

    Trouble(Fault fault) {
      this.fault = fault;
    }
  }

  @ParameterizedTest(name = "S30 {0}")
  @org.junit.jupiter.params.provider.EnumSource
  @DisplayName("S30 API trouble and a crash between any two writes change nothing")
  void s30(Trouble trouble) {
    try (MigrationRig rig = new MigrationRig().booted()) {
      AtomicInteger times = new AtomicInteger();
      rig.clusters.faults(
          Side.TARGET,
          new FaultHook() {
            @Override
            public Fault after(ApiRequest request, int code) {
              boolean half = request.resource().equals("virtualmachineinstancemigrations");
              return half && request.verb() == Verb.CREATE && times.incrementAndGet() == 1
                  ? trouble.fault
                  : Fault.NONE;
            }
          });

      VmStatus end = rig.run();

      assertThat(times).hasPositiveValue();
      MoveTest.assertMoved(rig, end, "Always");
    }
  }

  @Test
  @DisplayName("S30 a gap in the watches changes nothing")
  void s30Gap() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.clusters.dropWatches(Side.TARGET);
      rig.world.target().release(Switch.HOLD_RUNNING);
      rig.idle(Duration.ofSeconds(30));
      rig.clusters.compact(Side.TARGET);

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"later_guest_off", "later_crash"})
  @DisplayName("S32 a guest that ends after the move is halted by KubeVirt, and nothing is lost")
  void s32(String scenario) {
    Scenarios.play(scenario);
  }
}
