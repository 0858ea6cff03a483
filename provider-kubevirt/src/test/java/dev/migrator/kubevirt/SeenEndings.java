package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.Scenario.in;
import static dev.migrator.kubevirt.StageAssert.assertMoved;
import static dev.migrator.kubevirt.StageAssert.assertUndone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Scenarios of cancels at every moment, of stuck halves, and of what comes long after. */
final class SeenEndings {

  static final List<Scenario> SCENARIOS =
      List.of(
          in(Seen.CANCEL, "cancel_sync_a", SeenEndings::cancelBeforeMeeting),
          in(
              Seen.CANCEL,
              "cancel_pending",
              stage -> cancel(stage, Side.TARGET, Switch.POD_PENDING, "Scheduling")),
          in(
              Seen.CANCEL,
              "cancel_preparing",
              stage -> cancel(stage, Side.TARGET, Switch.TARGET_NOT_READY, "PreparingTarget")),
          in(
              Seen.CANCEL,
              "cancel_ready",
              stage -> cancel(stage, Side.SOURCE, Switch.HOLD_START, "TargetReady")),
          in(
              Seen.CANCEL,
              "cancel_running",
              stage -> cancel(stage, Side.TARGET, Switch.HOLD_RUNNING, "Running")),
          in(
              Seen.CANCEL,
              "cancel_switched",
              stage -> cancelTooLate(stage, Switch.HOLD_ACKNOWLEDGE)),
          in(Seen.CANCEL, "cancel_acked", stage -> cancelTooLate(stage, Switch.HOLD_COMPLETE)),
          in(Seen.CANCEL, "same_cluster_cancel", SeenEndings::cancelWithinOneCluster),
          in(
              Seen.STUCK_HALVES,
              "cancel_pending_then_repair",
              stage -> stuck(stage, Side.TARGET, Switch.POD_PENDING, "Scheduling")),
          in(
              Seen.STUCK_HALVES,
              "cancel_preparing_repair",
              stage -> stuck(stage, Side.TARGET, Switch.TARGET_NOT_READY, "PreparingTarget")),
          in(
              Seen.STUCK_HALVES,
              "cancel_ready_repair",
              stage -> stuck(stage, Side.SOURCE, Switch.HOLD_START, "TargetReady")),
          in(Seen.LATER, "later_guest_off", stage -> later(stage, "Succeeded")),
          in(Seen.LATER, "later_crash", stage -> later(stage, "Failed")),
          in(Seen.LATER, "later_restart", SeenEndings::laterRestart),
          in(Seen.LATER, "failed_then_guest_off", SeenEndings::failedThenGuestOff));

  private SeenEndings() {}

  private static void cancelBeforeMeeting(Stage stage) {
    stage.setting("connectUrl", "10.9.9.9:9185");
    stage.boot();
    stage.until("send half", status -> stage.half(Side.SOURCE).equals("Synchronizing"));
    stage.cancel();

    assertUndone(stage, stage.end(), VmState.CANCELLED, "Always");
  }

  private static void cancel(Stage stage, Side side, Switch held, String phase) {
    stage.impatient();
    stage.heldAt("Always", side, held, phase);
    stage.cancel();

    assertUndone(stage, stage.end(), VmState.CANCELLED, "Always");
    stage.release(side, held);
    stage.again();
    assertMoved(stage, stage.end(), "Always");
  }

  /** Within one cluster one deletion takes both halves, whoever asks for it. */
  private static void cancelWithinOneCluster(Stage stage) {
    String other = stage.namespace + "-other";
    stage.clusters.createNamespace(other);
    stage.sameCluster(other);
    stage.boot();
    stage.holdIn(Side.SOURCE, Switch.HOLD_RUNNING, other);
    stage.until("copying", status -> stage.half(Side.SOURCE).equals("Running"));
    stage.api(Side.SOURCE).delete(stage.receiveHalfIn(other), "");
    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
    assertThat(stage.api(Side.SOURCE).list(Kind.MIGRATION, other, Map.of())).isEmpty();

    stage.again();
    stage.until("copying", status -> stage.half(Side.SOURCE).equals("Running"));
    stage.cancel();
    assertUndone(stage, stage.end(), VmState.CANCELLED, "Always");
    assertThat(stage.api(Side.SOURCE).list(Kind.VIRTUAL_MACHINE, other, Map.of())).isEmpty();
  }

  /** The guest has switched over, and it is not finished yet. */
  private static void cancelTooLate(Stage stage, Switch held) {
    stage.copying("Always");
    stage.hold(Side.TARGET, held);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);
    stage.await("switched over", () -> isDomainReady(stage));
    stage.cancel();
    stage.until("hand-over", VmStatus::isHandedOver);
    stage.pass(Duration.ofSeconds(30));
    stage.release(Side.TARGET, held);

    assertMoved(stage, stage.end(), "Always");
  }

  private static boolean isDomainReady(Stage stage) {
    return stage
        .get(Side.TARGET, Kind.INSTANCE, Stage.NAME)
        .map(VmiView::new)
        .map(vmi -> Stamp.of(vmi.migrationState()).isMoved())
        .orElse(false);
  }

  /** Somebody deletes the send half at a moment at which KubeVirt cannot end it. */
  private static void stuck(Stage stage, Side side, Switch held, String phase) {
    stage.impatient();
    stage.heldAt("Always", side, held, phase);
    stage.deleteHalf(Side.SOURCE);

    assertUndone(stage, stage.end(), VmState.FAILED, "Always");
    stage.release(side, held);
    stage.again();
    assertMoved(stage, stage.end(), "Always");
  }

  /** KubeVirt halts a guest that ends after a move, whatever its strategy (contract 2.8). */
  private static void later(Stage stage, String phase) {
    SeenMoves.moves(stage, "Always");

    stage.endGuest(Side.TARGET, phase);
    stage.pass(Duration.ofSeconds(15));

    assertThat(stage.strategy(Side.SOURCE)).isEqualTo("Halted");
    assertThat(stage.runs(Side.SOURCE)).isFalse();
    assertThat(stage.objects(Side.TARGET))
        .contains("VirtualMachine/web", "PersistentVolumeClaim/web-d0");
  }

  private static void laterRestart(Stage stage) {
    SeenMoves.moves(stage, "Always");
    String before = uid(stage);

    stage.restart(Side.TARGET);
    stage.await("another instance", () -> !uid(stage).equals(before) && stage.runs(Side.TARGET));

    assertThat(stage.strategy(Side.TARGET)).isEqualTo("Always");
    assertThat(stage.running()).containsExactly(Side.TARGET);
  }

  private static String uid(Stage stage) {
    return stage
        .get(Side.TARGET, Kind.INSTANCE, Stage.NAME)
        .map(vmi -> vmi.getMetadata().getUid())
        .orElse("");
  }

  private static void failedThenGuestOff(Stage stage) {
    stage.hold(Side.SOURCE, Switch.FAIL_SOURCE);
    stage.boot();
    assertUndone(stage, stage.end(), VmState.FAILED, "Always");

    stage.endGuest(Side.SOURCE, "Succeeded");
    stage.pass(Duration.ofSeconds(15));

    assertThat(stage.objects(Side.SOURCE))
        .contains("VirtualMachine/web", "PersistentVolumeClaim/web-d0");
    assertThat(stage.objects(Side.TARGET)).isEmpty();
  }
}
