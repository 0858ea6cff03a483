package dev.migrator.examples.toybox;

import static dev.migrator.testkit.MigrationAssertions.assertThat;
import static dev.migrator.testkit.MigrationAssertions.handedOver;
import static dev.migrator.testkit.MigrationAssertions.phaseEntered;
import static dev.migrator.testkit.MigrationAssertions.waits;

import dev.migrator.model.Side;
import dev.migrator.testkit.FaultPlan;
import dev.migrator.testkit.FaultPlan.Kind;
import dev.migrator.testkit.MigrationResults;
import dev.migrator.testkit.MigratorTestKit;
import org.junit.jupiter.api.Test;

class ToyMoveTest {

  @Test
  void aRunningMachineIsStoppedCopiedAndStarted() {
    MigrationResults results = MigratorTestKit.of(new ToyWorld()).run();

    assertThat(results)
        .looselyInOrder(
            phaseEntered("StopMachine"), waits("Stopped"), handedOver(), waits("Running"));
    assertThat(results).vm("demo", "vm-0").hasSucceeded().hasGuestOn(Side.TARGET);
    assertThat(results.world())
        .containsKeys("source ConfigMap demo/vm-0", "target ConfigMap demo/vm-0");
  }

  @Test
  void aMachineThatCannotBeCopiedRunsOn() {
    MigrationResults results =
        MigratorTestKit.of(new ToyWorld())
            .faults(FaultPlan.none().at("SwitchOver", Kind.FAILS))
            .run();

    assertThat(results).vm("demo", "vm-0").hasFailedWith("InjectedFailure").hasEmptyLedger();
    assertThat(results.world().get("source ConfigMap demo/vm-0")).contains("state=Running");
    assertThat(results.world()).doesNotContainKey("target ConfigMap demo/vm-0");
  }
}
