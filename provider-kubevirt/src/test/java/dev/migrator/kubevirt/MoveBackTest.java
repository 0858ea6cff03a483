package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A guest that moved moves back onto the halted machine that it left (contract 2.12)")
class MoveBackTest {

  private final MigrationRig rig = new MigrationRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"claim", "DataVolume"})
  void roundTripAndOnceMore(String disk) {
    moved(disk);
    // CDI adds a file system's own need to each request, so that every move makes it larger.
    grow(Side.SOURCE);

    rig.plan = back("adopt");
    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);

    assertRuns(Side.SOURCE);
    assertHalted(Side.TARGET);
    assertThat(rig.status().ledger())
        .as("nothing that was there is in the ledger")
        .noneMatch(entry -> Set.of("VirtualMachine", "DataVolume").contains(entry.kind()));
    assertThat(annotations(Side.SOURCE)).doesNotContainKey(HaltedTarget.KEPT);

    grow(Side.TARGET);
    rig.plan = there("2", "adopt");
    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);

    assertRuns(Side.TARGET);
    assertHalted(Side.SOURCE);
    assertThat(rig.simulator.oracles().violations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"full, It exists on the target", "quick, The name is taken"})
  void withoutTheSettingTheNameIsTaken(String preflight, String words) {
    moved("claim");
    Map<String, Object> before = spec(Side.SOURCE);

    rig.plan = back("refuse").toBuilder().settings(Map.of("preflight", preflight)).build();
    VmStatus end = rig.run();

    assertThat(end.state()).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains(words).contains("haltedTarget");
    assertThat(spec(Side.SOURCE)).isEqualTo(before);
    assertRuns(Side.TARGET);
  }

  @Test
  void aRollBackGivesTheMachineBackAsItWas() {
    moved("DataVolume");
    grow(Side.SOURCE);
    Map<String, Object> before = spec(Side.SOURCE);
    Map<String, String> annotations = annotations(Side.SOURCE);
    Set<String> objects = rig.simulator.oracles().objects(Side.SOURCE, MigrationRig.NAMESPACE);
    rig.plan = back("adopt");
    rig.world.source().hold(Switch.HOLD_RUNNING);
    rig.runUntil(
        "copy", status -> status.waiting() != null && status.waiting().name().equals("copy"));

    rig.plan = rig.plan.cancel(List.of(MigrationRig.VM));
    VmStatus end = rig.run();

    assertThat(end.state()).as(rig::describe).isEqualTo(VmState.CANCELLED);
    assertThat(end.ledger()).isEmpty();
    assertRuns(Side.TARGET);
    assertHalted(Side.SOURCE);
    assertThat(spec(Side.SOURCE)).isEqualTo(before);
    assertThat(annotations(Side.SOURCE)).isEqualTo(annotations);
    assertThat(rig.simulator.oracles().objects(Side.SOURCE, MigrationRig.NAMESPACE))
        .isEqualTo(objects);
  }

  @Test
  void aRollBackGivesBackWhatAnEarlierMoveWroteOnTheMachine() {
    moved("claim");
    rig.plan = back("adopt");
    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
    Map<String, Object> before = spec(Side.TARGET);
    Map<String, String> annotations = annotations(Side.TARGET);
    Map<String, String> labels = new VmView(vm(Side.TARGET)).labels();
    rig.plan = there("2", "adopt");
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runToPhase("WaitForStateTransfer");
    assertThat(new VmView(vm(Side.TARGET)).labels()).isNotEqualTo(labels);

    rig.plan = rig.plan.cancel(List.of(MigrationRig.VM));

    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.CANCELLED);
    assertThat(spec(Side.TARGET)).isEqualTo(before);
    assertThat(annotations(Side.TARGET)).isEqualTo(annotations);
    assertThat(new VmView(vm(Side.TARGET)).labels()).isEqualTo(labels);
    assertRuns(Side.SOURCE);
  }

  @Test
  void aMachineThatSomebodyStartedIsNotTouched() {
    moved("claim");
    rig.setStrategy(Side.SOURCE, "Manual");

    rig.plan = back("adopt");
    VmStatus end = rig.run();

    assertThat(end.state()).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains("its run strategy is Manual and not Halted");
    assertRuns(Side.TARGET);
  }

  @Test
  void anotherGuestsMachineIsNotTouched() {
    moved("claim");
    rig.edit(
        Side.SOURCE,
        vm ->
            Tree.put(
                vm.getAdditionalProperties(),
                "5d307ca9-b3ef-428c-8861-06e72d69f223",
                "spec",
                "template",
                "spec",
                "domain",
                "firmware",
                "uuid"));

    rig.plan = back("adopt");
    VmStatus end = rig.run();

    assertThat(end.state()).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains("firmware UUID").contains("not that of the guest");
    assertRuns(Side.TARGET);
  }

  @Test
  void aLostStatusIsMadeAnewFromTheMachineThatIsMovedOnto() {
    moved("claim");
    rig.plan = back("adopt");
    rig.runToPhase("WaitForStateTransfer");

    rig.loseStatus();

    assertThat(rig.run().state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
    assertRuns(Side.SOURCE);
    assertHalted(Side.TARGET);
  }

  @Test
  void aDiskThatIsTooSmallIsNamed() {
    moved("DataVolume");

    rig.plan = back("adopt");
    VmStatus end = rig.run();

    assertThat(end.state()).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message())
        .contains("its PersistentVolumeClaim web-d0 has", "bytes and the disk on the source has");
    assertRuns(Side.TARGET);
  }

  @ParameterizedTest(name = "{0}, which takes effect: {1}")
  @CsvSource({"move, false", "move, true", "roll-back, false", "roll-back, true"})
  void aCrashAtTheChangeOfTheMachineLosesNothing(String flow, boolean after) {
    moved("claim");
    boolean cancels = flow.equals("roll-back");
    Map<String, Object> before = spec(Side.SOURCE);
    rig.plan = back("adopt");
    if (cancels) {
      rig.runToPhase("WaitForStateTransfer");
      rig.world.source().hold(Switch.HOLD_RUNNING);
      rig.plan = rig.plan.cancel(List.of(MigrationRig.VM));
    } else {
      rig.runToPhase("CreateStandbyVM");
    }
    AtomicBoolean crashed = new AtomicBoolean();
    rig.clusters.faults(Side.SOURCE, crashAtChangeOfMachine(after, crashed));

    VmStatus end = rig.run();

    assertThat(crashed).isTrue();
    assertThat(end.state())
        .as(rig::describe)
        .isEqualTo(cancels ? VmState.CANCELLED : VmState.SUCCEEDED);
    assertRuns(cancels ? Side.TARGET : Side.SOURCE);
    assertHalted(cancels ? Side.SOURCE : Side.TARGET);
    if (cancels) {
      assertThat(spec(Side.SOURCE)).isEqualTo(before);
    }
  }

  private static FaultHook crashAtChangeOfMachine(boolean after, AtomicBoolean crashed) {
    return new FaultHook() {
      @Override
      public Fault before(ApiRequest request) {
        return !after && isIt(request) ? Fault.crash() : Fault.NONE;
      }

      @Override
      public Fault after(ApiRequest request, int code) {
        return after && isIt(request) ? Fault.crash() : Fault.NONE;
      }

      private boolean isIt(ApiRequest request) {
        return request.verb() == Verb.PATCH
            && request.resource().equals("virtualmachines")
            && crashed.compareAndSet(false, true);
      }
    };
  }

  /** The administrator enlarges what the halted machine has. */
  private void grow(Side side) {
    GenericKubernetesResource claim = rig.get(side, Kind.PVC, "web-d0").orElseThrow();
    Tree.put(claim.getAdditionalProperties(), "2Gi", "status", "capacity", "storage");
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.PVC.context())
        .inNamespace(MigrationRig.NAMESPACE)
        .resource(claim)
        .updateStatus();
  }

  private void moved(String disk) {
    if (disk.equals("DataVolume")) {
      rig.sample = SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME).dataVolume("d0", "1Gi");
    }
    rig.booted();
    rig.plan = there("1", "refuse");
    assertThat(rig.run().state()).isEqualTo(VmState.SUCCEEDED);
    assertRuns(Side.TARGET);
  }

  private static MigrationPlan there(String run, String halted) {
    return plan("there", "a", "b", halted).toBuilder().run(run).build();
  }

  private static MigrationPlan back(String halted) {
    return plan("back", "b", "a", halted);
  }

  private static MigrationPlan plan(String id, String from, String to, String halted) {
    return MigrationPlan.builder(id, Endpoint.of("kubevirt", from), Endpoint.of("kubevirt", to))
        .type(MigrationType.LIVE)
        .vm(MigrationRig.NAMESPACE, MigrationRig.NAME)
        .storage(StorageMapping.of("*", "local"))
        .settings(Map.of("haltedTarget", halted))
        .build();
  }

  private void assertRuns(Side side) {
    assertThat(rig.simulator.guest(side, MigrationRig.NAMESPACE, MigrationRig.NAME).isReady())
        .as(rig::describe)
        .isTrue();
  }

  private void assertHalted(Side side) {
    assertThat(new VmView(vm(side)).isHalted()).isTrue();
    assertThat(rig.get(side, Kind.INSTANCE, MigrationRig.NAME)).isEmpty();
  }

  private GenericKubernetesResource vm(Side side) {
    return rig.get(side, Kind.VIRTUAL_MACHINE, MigrationRig.NAME).orElseThrow();
  }

  private Map<String, Object> spec(Side side) {
    return new VmView(vm(side)).spec();
  }

  private Map<String, String> annotations(Side side) {
    return new VmView(vm(side)).annotations();
  }
}
