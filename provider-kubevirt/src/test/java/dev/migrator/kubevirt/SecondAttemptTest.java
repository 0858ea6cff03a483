package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy that KubeVirt ended before the hand-over is tried again within the run, if asked for. */
final class SecondAttemptTest {

  @Test
  void oneAttemptIsAllUnlessThePlanSaysOtherwise() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.world.source().hold(Switch.FAIL_SOURCE);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      assertThat(end.fact(Facts.ATTEMPT)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Switch.class,
      names = {"FAIL_SOURCE", "POD_UNSCHEDULABLE", "POD_PENDING"})
  void whatPassesIsSurvived(Switch fault) {
    try (MigrationRig rig = failing(fault, 2)) {
      rig.runUntil("back-off", status -> status.attempts() > 0);
      VmStatus failed = rig.status();
      rig.world.source().release(fault);
      rig.world.target().release(fault);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "RerunOnFailure");
      assertThat(failed.failure().message())
          .startsWith("Attempt 1 of 2: The transfer of VM ns/web");
      assertThat(failed.failure().count()).isEqualTo(1);
      assertThat(failed.due()).isAfter(failed.failure().last());
      assertThat(rig.events).hasAtLeastOneElementOfType(MigrationEvent.RetryScheduled.class);
      assertThat(end.fact(Facts.ATTEMPT)).contains("2");
      assertThat(end.warnings()).anyMatch(warning -> warning.startsWith("Attempt 1 of 2: "));
    }
  }

  @Test
  void eachAttemptHasItsOwnNamesAndTheLastOneIsUndone() {
    try (MigrationRig rig = failing(Switch.FAIL_SOURCE, 3)) {
      Halves seen = new Halves();
      rig.clusters.faults(Side.SOURCE, seen);
      rig.clusters.faults(Side.TARGET, seen);

      VmStatus end = rig.run();

      assertThat(seen.created).isEqualTo(6);
      assertThat(seen.deleted).hasSize(6);
      RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      assertThat(end.fact(Facts.ATTEMPT)).contains("3");
      assertThat(end.warnings()).filteredOn(each -> each.startsWith("Attempt ")).hasSize(2);
    }
  }

  @Test
  void whatSomebodyEndedIsNotTriedAgain() {
    try (MigrationRig rig = failing(Switch.HOLD_ABORT, 2)) {
      rig.world.source().release(Switch.HOLD_ABORT);
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.deleteHalf(Side.SOURCE);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      assertThat(end.fact(Facts.ATTEMPT)).isEmpty();
    }
  }

  @Test
  void aCancelBetweenTwoAttemptsUndoesEverything() {
    try (MigrationRig rig = failing(Switch.FAIL_SOURCE, 2)) {
      rig.runUntil("second", status -> status.fact(Facts.ATTEMPT).isPresent());
      rig.cancel();

      RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "RerunOnFailure");
    }
  }

  @Test
  void aSourceThatDiesBetweenTwoAttemptsIsStartedAgain() {
    try (MigrationRig rig = failing(Switch.FAIL_SOURCE, 2)) {
      rig.runUntil("second", status -> status.fact(Facts.ATTEMPT).isPresent());
      rig.simulator.guest(Side.SOURCE, MigrationRig.NAMESPACE, MigrationRig.NAME).killPods();

      RollBackTest.assertUndone(rig, rig.run(), VmState.FAILED, "RerunOnFailure");
    }
  }

  @Test
  void aStatusThatIsLostInTheSecondAttemptIsMadeAnewWithItsNames() {
    try (MigrationRig rig = failing(Switch.FAIL_SOURCE, 2)) {
      rig.runUntil("second", status -> status.fact(Facts.ATTEMPT).isPresent());
      rig.world.source().release(Switch.FAIL_SOURCE);
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      rig.loseStatus();
      rig.runUntil("taken up", status -> "WaitForStateTransfer".equals(status.phase()));
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      MoveTest.assertMoved(rig, end, "RerunOnFailure");
      assertThat(end.fact(Facts.ATTEMPT)).contains("2");
    }
  }

  @Test
  void anEndThatTheFirstAttemptLeftOnTheInstancesIsNotTakenForTheSecondOnes() {
    try (MigrationRig rig = failing(Switch.FAIL_SOURCE, 2)) {
      rig.runUntil("second", status -> status.fact(Facts.ATTEMPT).isPresent());
      rig.world.source().release(Switch.FAIL_SOURCE);
      rig.world.target().hold(Switch.POD_PENDING);
      Instant later = rig.clock.instant().plus(Duration.ofMinutes(5));
      rig.runUntil("five minutes", status -> rig.clock.instant().isAfter(later));
      assertThat(rig.status().state()).as(rig::describe).isEqualTo(VmState.RUNNING);
      rig.world.target().release(Switch.POD_PENDING);

      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");
    }
  }

  private static MigrationRig failing(Switch fault, int attempts) {
    MigrationRig rig = Shape.FULL.boot();
    rig.setting("attempts", Integer.toString(attempts));
    rig.world.source().hold(fault);
    rig.world.target().hold(fault);
    return rig;
  }

  /** Counts the halves that are created, and which ones are deleted. */
  private static final class Halves implements FaultHook {
    private int created;
    private final Set<String> deleted = new LinkedHashSet<>();

    @Override
    public Fault after(ApiRequest request, int code) {
      if (request.resource().equals("virtualmachineinstancemigrations")
          && code < 300
          && !request.dryRun()) {
        created += request.verb() == Verb.CREATE ? 1 : 0;
        if (request.verb() == Verb.DELETE) {
          deleted.add(request.name());
        }
      }
      return Fault.NONE;
    }
  }
}
