package dev.migrator.testkit;

import static dev.migrator.testkit.MigrationAssertions.assertThat;
import static dev.migrator.testkit.MigrationAssertions.assertThatThrownBy;
import static dev.migrator.testkit.MigrationAssertions.ended;
import static dev.migrator.testkit.MigrationAssertions.handedOver;
import static dev.migrator.testkit.MigrationAssertions.phaseEntered;
import static dev.migrator.testkit.MigrationAssertions.retryScheduled;
import static dev.migrator.testkit.MigrationAssertions.started;
import static dev.migrator.testkit.MigrationAssertions.waits;
import static dev.migrator.testkit.MigrationAssertions.warned;

import dev.migrator.core.MigrationEvent;
import dev.migrator.core.RetryPolicy;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.testkit.FaultPlan.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kit on the simulated provider: what a test of a provider reads like. */
class MigratorTestKitTest {

  private static final VmRef VM = new VmRef("demo", "vm-0");

  @Test
  void runsAMachineInVirtualTime() {
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld(1).transferTakes(Duration.ofMinutes(73))).run();

    assertThat(results)
        .looselyInOrder(
            started(),
            phaseEntered("CreateReceiver"),
            waits("Receiver"),
            phaseEntered("WaitForTransfer"),
            waits("Transfer"),
            handedOver(),
            phaseEntered("RetireSource"),
            ended(VmState.SUCCEEDED))
        .none(retryScheduled())
        .vm("demo", "vm-0")
        .hasSucceeded()
        .isHandedOver()
        .hasReached("RetireSource")
        .hasCompletedStep("Synchronize")
        .hasFact("address", "west/vm-0")
        .hasNoWarning()
        .hasGuestOn(Side.TARGET);
    assertThat(results.took()).isGreaterThan(Duration.ofMinutes(72));
    assertThat(results.phases()).startsWith("Started").endsWith("Completed");
  }

  @Test
  void exactlyMeansEveryEvent() {
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld(1))
            .faults(FaultPlan.none().at("CopySecret", Kind.CANCEL))
            .run();

    assertThat(results)
        .exactly(
            started(),
            phaseEntered("Started"),
            phaseEntered("CopySecret"),
            waits("kit"),
            MigrationAssertions.event(MigrationEvent.Ending.class),
            ended(VmState.CANCELLED));
    assertThatThrownBy(() -> assertThat(results).exactly(started()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("There should be 1 events but there are 6");
    assertThatThrownBy(() -> assertThat(results).exactly(handedOver()))
        .hasMessageContaining("Event 0 should be HandedOver but is Started");
  }

  @Test
  void looselyMeansInWhateverOrder() {
    MigrationResults results = MigratorTestKit.of(new SimulatedWorld(1)).run();

    assertThat(results).loosely(handedOver(), started());
    assertThatThrownBy(() -> assertThat(results).looselyInOrder(handedOver(), started()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("there should be one that is Started");
    assertThatThrownBy(() -> assertThat(results).loosely(started(), started()))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> assertThat(results).none(handedOver()))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aFailedAssertionCarriesTheLogAndTheStatus() {
    MigrationResults results = MigratorTestKit.of(new SimulatedWorld(1).breakTransfer(VM)).run();

    assertThat(results).vm("demo", "vm-0").hasFailedWith("TransferFailed").hasEmptyLedger();
    assertThatThrownBy(() -> assertThat(results).vm("demo", "vm-0").hasSucceeded())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("VM demo/vm-0 should be SUCCEEDED but is FAILED")
        .hasMessageContaining("PhaseEntered: Entered phase WaitForTransfer")
        .hasMessageContaining("+PT1M")
        .hasMessageContaining("VmStatus[plan=plan");
  }

  @Test
  void theSameRunHappensTwice() {
    FaultPlan faults =
        FaultPlan.seeded(42, MigratorTestKit.of(new SimulatedWorld(1)).run().phases(), 5);
    MigrationResults one = MigratorTestKit.of(new SimulatedWorld()).faults(faults).run();
    MigrationResults other = MigratorTestKit.of(new SimulatedWorld()).faults(faults).run();

    assertThat(one.log()).isEqualTo(other.log());
    assertThat(one.world()).isEqualTo(other.world());
  }

  @Test
  void seededFaultsAreSurvived() {
    List<String> phases = MigratorTestKit.of(new SimulatedWorld(1)).run().phases();
    for (long seed = 0; seed < 50; seed++) {
      FaultPlan faults = FaultPlan.seeded(seed, phases, 6);
      MigrationResults results = MigratorTestKit.of(new SimulatedWorld()).faults(faults).run();
      assertThat(results).vm("demo", "vm-0").hasSucceeded().hasGuestOn(Side.TARGET);
      assertThat(results).vm("demo", "vm-1").hasSucceeded().hasGuestOn(Side.TARGET);
    }
  }

  @Test
  void anActionThrowsAFewTimesAndThenWorks() {
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld(1))
            .faults(FaultPlan.none().at("CreateDisk", Kind.THROWS, 0, 3))
            .run();

    assertThat(results).loosely(retryScheduled(), retryScheduled(), retryScheduled());
    assertThat(results).vm("demo", "vm-0").hasSucceeded();
  }

  @Test
  void aFaultMayBeMeantForOneMachine() {
    VmRef second = new VmRef("demo", "vm-1");
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld())
            .faults(
                FaultPlan.none().with(new FaultPlan.Fault("CreateDisk", Kind.FAILS, 0, 1, second)))
            .run();

    assertThat(results).vm("demo", "vm-0").hasSucceeded().hasGuestOn(Side.TARGET);
    assertThat(results).vm("demo", "vm-1").hasFailedWith("InjectedFailure").hasGuestOn(Side.SOURCE);
  }

  @Test
  void aBudgetOfTriesIsTheHostsToSet() {
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld(1))
            .retryPolicy(RetryPolicy.defaults().attempts(2))
            .faults(FaultPlan.none().at("CreateDisk", Kind.THROWS, 0, 9))
            .run();

    assertThat(results).vm("demo", "vm-0").hasFailedWith("RetriesExhausted").isNotHandedOver();
  }

  @Test
  void aHandOverThatHappensWhileTheProcessIsDownIsNotUndone() {
    // The fifth look finds the guest on the target; the process dies with that knowledge.
    MigrationResults results =
        MigratorTestKit.of(new SimulatedWorld(1))
            .faults(FaultPlan.none().at("WaitForTransfer", Kind.CANCEL_AFTER_CRASH, 6, 1))
            .run();

    assertThat(results)
        .looselyInOrder(waits("Transfer"), handedOver(), warned("too late"))
        .vm("demo", "vm-0")
        .hasSucceeded()
        .hasWarning("too late")
        .hasGuestOn(Side.TARGET);
  }

  @Test
  void anEndlessRunIsAnErrorWithALog() {
    assertThatThrownBy(() -> MigratorTestKit.of(new SimulatedWorld(1)).looks(3).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Not all machines are final after 3 turns")
        .hasMessageContaining("Waits: The receiver boots");
  }

  @Test
  void aMatrixIsNamedPhaseByFault() {
    assertThat(FaultPlan.matrix(List.of("CreateDisk"), Kind.THROWS, Kind.CRASH_BEFORE_SAVE))
        .extracting(FaultPlan::toString)
        .containsExactly("CreateDisk x throws", "CreateDisk x crash before save");
    assertThat(FaultPlan.none().at("A", Kind.THROWS, 2, 3)).hasToString("A#2 x throws 3 times");
  }
}
