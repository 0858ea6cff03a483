package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Halves that neither move nor say why are touched once, which makes KubeVirt look again (R10). */
final class SilenceTest {

  @Test
  void halvesThatStallWithoutAWordAreTouchedOnceAndGoOn() {
    try (MigrationRig rig = silent()) {
      rig.world.cutLink(true);
      rig.runUntil("send half", status -> rig.half(Side.SOURCE).equals("Synchronizing"));
      rig.runUntil("touched", status -> status.fact(Facts.TOUCHED + ".1").isPresent());
      rig.world.cutLink(false);

      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(touches(rig, Side.SOURCE)).isEqualTo(1);
      assertThat(touches(rig, Side.TARGET)).isEqualTo(1);
    }
  }

  /** A controller that lost its lease stays alive without listening, for good (contract 14). */
  @ParameterizedTest
  @CsvSource({
    "TARGET, with the address 10.77.2.14:9185",
    "SOURCE, looks at the send half",
  })
  void whatNobodySynchronizesIsSaidWithThePodToRestart(Side dead, String words) {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.stopAtPhase("CreateVirtualMachineInstanceMigrations");
      rig.world.side(dead).syncDown(true);

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().message())
          .contains("restart the pod of virt-synchronization-controller", words);
    }
  }

  @Test
  void halvesThatMoveAreLeftAlone() {
    try (MigrationRig rig = silent()) {
      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(touches(rig, Side.SOURCE) + touches(rig, Side.TARGET)).isZero();
    }
  }

  @Test
  void aReceiveHalfWhosePeerComesFirstIsNotMet() {
    try (MigrationRig rig = silent()) {
      List<String> uids = new java.util.ArrayList<>();
      ContractMeetingTest.onCreated(
          rig,
          Side.SOURCE,
          half ->
              rig.get(Side.TARGET, Kind.INSTANCE, MigrationRig.NAME)
                  .map(VmiView::new)
                  .flatMap(vmi -> vmi.migrationState().target().migrationUid())
                  .ifPresent(uids::add));

      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(uids).as("the receiver knew its half when the send half was made").hasSize(1);
    }
  }

  /** Up to 1.7 KubeVirt has no condition for it. */
  private static MigrationRig silent() {
    return new MigrationRig(
            builder ->
                builder
                    .version(Side.SOURCE, KubeVirtVersion.V1_7)
                    .version(Side.TARGET, KubeVirtVersion.V1_7))
        .booted();
  }

  private static long touches(MigrationRig rig, Side side) {
    return rig.clusters
        .requests(side)
        .matching(
            request ->
                List.of(Verb.PATCH, Verb.UPDATE).contains(request.verb())
                    && request.resource().equals("virtualmachineinstancemigrations"))
        .size();
  }
}
