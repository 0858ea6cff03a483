package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.Scenario.in;
import static dev.migrator.kubevirt.StageAssert.assertMoved;
import static dev.migrator.kubevirt.StageAssert.assertStopped;
import static dev.migrator.kubevirt.StageAssert.assertUndone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Scenarios in which the guest stays, comes back, or is stopped by a person. */
final class SeenFailures {

  static final List<Scenario> SCENARIOS =
      List.of(
          in(Seen.TARGET_POD_NEVER_STARTS, "timeouts", SeenFailures::podNeverStarts),
          in(Seen.TARGET_POD_NEVER_STARTS, "unschedulable", SeenFailures::unschedulable),
          in(Seen.TARGET_POD_NEVER_STARTS, "pvc_unbound", SeenFailures::claimUnbound),
          in(Seen.COPY_FAILS, "failed_copy_again", SeenFailures::failedCopyAgain),
          in(
              Seen.COPY_FAILS,
              "target_pod_killed",
              stage -> targetPodKilled(stage, Side.TARGET, Switch.HOLD_RUNNING, "Running")),
          in(
              Seen.COPY_FAILS,
              "target_pod_killed_early",
              stage ->
                  targetPodKilled(stage, Side.TARGET, Switch.TARGET_NOT_READY, "PreparingTarget")),
          in(
              Seen.COPY_FAILS,
              "target_pod_killed_ready",
              stage -> targetPodKilled(stage, Side.SOURCE, Switch.HOLD_START, "TargetReady")),
          in(Seen.SOURCE_DIES, "source_dies", stage -> sourceDies(stage, "Always")),
          in(Seen.SOURCE_DIES, "source_dies_rerun", stage -> sourceDies(stage, "RerunOnFailure")),
          in(Seen.SOURCE_DIES, "source_dies_running", stage -> sourceDies(stage, "running")),
          in(Seen.SOURCE_DIES, "source_dies_manual", stage -> sourceStaysDown(stage, "Manual")),
          in(Seen.SOURCE_DIES, "source_dies_once", stage -> sourceStaysDown(stage, "Once")),
          in(Seen.SOURCE_DIES, "source_crashes", stage -> sourceCrashes(stage, "Always")),
          in(
              Seen.SOURCE_DIES,
              "source_crashes_rerun",
              stage -> sourceCrashes(stage, "RerunOnFailure")),
          in(Seen.HALTED_OR_DELETED, "source_halted", SeenFailures::sourceHalted),
          in(Seen.HALTED_OR_DELETED, "source_deleted", SeenFailures::sourceDeleted),
          in(Seen.HALTED_OR_DELETED, "receiver_halted", SeenFailures::receiverHalted),
          in(Seen.HALTED_OR_DELETED, "receiver_deleted", SeenFailures::receiverDeleted),
          in(Seen.RECEIVER_DIFFERS, "pvc_smaller", SeenFailures::smallerClaim),
          in(Seen.CLAIMS, "pvc_missing", SeenFailures::claimMissing),
          in(Seen.SAME_ID, "failed_copy_same_id", SeenFailures::freshIds),
          in(Seen.SECOND_ORCHESTRATOR, "second_orchestrator", SeenFailures::secondOrchestrator),
          in(Seen.SECOND_ORCHESTRATOR, "local_on_receiver", SeenFailures::localOnReceiver));

  private SeenFailures() {}

  private static void podNeverStarts(Stage stage) {
    stage.impatient();
    stage.heldAt("Always", Side.TARGET, Switch.POD_PENDING, "Scheduling");
    stage.annotateHalf(Side.TARGET, "kubevirt.io/migrationPendingPodTimeoutSeconds", "5");

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
  }

  private static void unschedulable(Stage stage) {
    stage.impatient();
    stage.heldAt("Always", Side.TARGET, Switch.POD_UNSCHEDULABLE, "Scheduling");
    stage.annotateHalf(Side.TARGET, "kubevirt.io/migrationUnschedulablePodTimeoutSeconds", "5");

    VmStatus end = stage.end();

    assertUndone(stage, end, VmState.FAILED, "Always");
    assertThat(end.failure().message()).contains("Unschedulable");
  }

  private static void claimUnbound(Stage stage) {
    stage.setting("deadline.volumes", "15s");
    stage.boot();
    stage.hold(Side.TARGET, Switch.CLAIM_PENDING);

    VmStatus end = stage.end();

    assertUndone(stage, end, VmState.FAILED, "Always");
    assertThat(end.failure().message()).contains("web-d0");
  }

  private static void failedCopyAgain(Stage stage) {
    stage.boot();
    stage.hold(Side.SOURCE, Switch.FAIL_SOURCE);
    assertUndone(stage, stage.end(), VmState.FAILED, "Always");

    stage.release(Side.SOURCE, Switch.FAIL_SOURCE);
    stage.again();
    assertMoved(stage, stage.end(), "Always");
  }

  private static void targetPodKilled(Stage stage, Side side, Switch held, String phase) {
    stage.impatient();
    stage.heldAt("Always", side, held, phase);
    stage.killPods(Side.TARGET);

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
  }

  private static void sourceDies(Stage stage, String strategy) {
    stage.copying(strategy);
    stage.killPods(Side.SOURCE);

    assertUndone(
        stage,
        stage.end(),
        VmState.FAILED,
        strategy.equals("running") ? "running: true" : strategy);
  }

  private static void sourceStaysDown(Stage stage, String strategy) {
    stage.copying(strategy);
    stage.killPods(Side.SOURCE);

    VmStatus end = stage.end();

    assertStopped(stage, end, VmState.FAILED, strategy);
    assertThat(end.warnings()).anyMatch(warning -> warning.contains("Start it by hand"));
  }

  private static void sourceCrashes(Stage stage, String strategy) {
    stage.copying(strategy);
    stage.endGuest(Side.SOURCE, "Failed");

    assertUndone(stage, stage.end(), VmState.FAILED, strategy);
  }

  private static void sourceHalted(Stage stage) {
    stage.impatient();
    stage.copying("Always");
    stage.setStrategy(Side.SOURCE, "Halted");

    VmStatus end = stage.end();

    assertStopped(stage, end, VmState.FAILED, "Halted");
    assertThat(stage.running()).isEmpty();
  }

  private static void sourceDeleted(Stage stage) {
    stage.impatient();
    stage.copying("Always");
    stage.delete(Side.SOURCE, Kind.VIRTUAL_MACHINE, Stage.NAME);

    VmStatus end = stage.end();

    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.FAILED);
    assertThat(end.warnings()).anyMatch(warning -> warning.contains("deleted by somebody else"));
    assertThat(stage.objects(Side.TARGET)).isEmpty();
    assertThat(stage.objects(Side.SOURCE)).containsExactly("PersistentVolumeClaim/web-d0");
  }

  private static void receiverHalted(Stage stage) {
    stage.impatient();
    stage.copying("Always");
    stage.setStrategy(Side.TARGET, "Halted");

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
  }

  private static void receiverDeleted(Stage stage) {
    stage.impatient();
    stage.copying("Always");
    stage.delete(Side.TARGET, Kind.VIRTUAL_MACHINE, Stage.NAME);

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
  }

  private static void smallerClaim(Stage stage) {
    stage.boot();
    GenericKubernetesResource claim = Kind.PVC.blank(stage.namespace, "web-d0");
    claim.setAdditionalProperty(
        "spec",
        Map.of(
            "accessModes",
            List.of("ReadWriteOnce"),
            "storageClassName",
            "local",
            "resources",
            Map.of("requests", Map.of("storage", "1Mi"))));
    stage.api(Side.TARGET).create(claim);

    VmStatus end = stage.end();

    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains("web-d0");
    assertThat(stage.running()).containsExactly(Side.SOURCE);
    assertThat(stage.objects(Side.TARGET)).containsExactly("PersistentVolumeClaim/web-d0");
  }

  /** Somebody deletes the claim that we made before the receiver's pod can use it. */
  private static void claimMissing(Stage stage) {
    stage.impatient();
    stage.setting("deadline.prepare", "40s");
    stage.heldAt("Always", Side.TARGET, Switch.POD_PENDING, "Scheduling");
    stage.delete(Side.TARGET, Kind.PVC, "web-d0");

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
  }

  private static void freshIds(Stage stage) {
    Set<String> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    stage.hold(Side.SOURCE, Switch.FAIL_SOURCE);
    stage.boot();
    for (int run = 1; run <= 2; run++) {
      stage.until("send half", status -> !stage.half(Side.SOURCE).equals("gone"));
      names.add(stage.halfName(Side.SOURCE));
      ids.add(Names.of(stage.plan, stage.plan.vms().get(0)).migrationId(1));
      assertUndone(stage, stage.end(), VmState.FAILED, "Always");
      stage.again();
    }
    assertThat(ids).hasSize(2);
    assertThat(names).hasSize(2);
    stage.release(Side.SOURCE, Switch.FAIL_SOURCE);
    assertMoved(stage, stage.end(), "Always");
  }

  /** Somebody else is already moving the machine to nowhere. */
  private static void secondOrchestrator(Stage stage) {
    stage.boot();
    GenericKubernetesResource other = Kind.MIGRATION.blank(stage.namespace, "other");
    // The label is KubeVirt's own; where nobody plays its webhooks, nobody else sets it.
    other.getMetadata().setLabels(Map.of("kubevirt.io/vmi-name", Stage.NAME));
    other.setAdditionalProperty(
        "spec",
        Map.of(
            "vmiName",
            Stage.NAME,
            "sendTo",
            Map.of("migrationID", "somebody-elses", "connectURL", "10.9.9.9:9185")));
    stage.api(Side.SOURCE).create(other);
    stage.pass(Duration.ofSeconds(2));

    VmStatus end = stage.end();

    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains("other");
    assertThat(stage.objects(Side.TARGET)).isEmpty();
    assertThat(stage.get(Side.SOURCE, Kind.MIGRATION, "other")).isPresent();
    assertThat(stage.running()).containsExactly(Side.SOURCE);
  }

  /** Somebody asks for an ordinary migration of the receiver while it waits. */
  private static void localOnReceiver(Stage stage) {
    stage.boot();
    stage.until(
        "receiver waits",
        status ->
            stage.instance(Side.TARGET).equals("WaitingForSync")
                && stage.half(Side.TARGET).equals("gone"));
    GenericKubernetesResource local = Kind.MIGRATION.blank(stage.namespace, "local");
    local.getMetadata().setLabels(Map.of("kubevirt.io/vmi-name", Stage.NAME));
    local.setAdditionalProperty("spec", Map.of("vmiName", Stage.NAME));
    stage.api(Side.TARGET).create(local);

    VmStatus end = stage.end();

    if (end.state() == VmState.SUCCEEDED) {
      // Nobody plays the webhook that refuses a second one, and the first still waits.
      stage.delete(Side.TARGET, Kind.MIGRATION, "local");
      stage.await("gone", () -> stage.get(Side.TARGET, Kind.MIGRATION, "local").isEmpty());
      assertMoved(stage, end, "Always");
      return;
    }
    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.FAILED);
    assertThat(end.failure().message()).contains("in-flight");
    assertThat(end.ledger()).isEmpty();
    assertThat(stage.running()).containsExactly(Side.SOURCE);
    assertThat(stage.strategy(Side.SOURCE)).isEqualTo("Always");
    assertThat(stage.objects(Side.TARGET))
        .as("what is somebody else's stays")
        .containsExactly("VirtualMachineInstanceMigration/local");
  }
}
