package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.StageAssert.assertMoved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Scenarios in which the sides lose each other, and one guest must not become two. */
final class SeenSplits {

  static final List<Scenario> SCENARIOS = scenarios();

  private SeenSplits() {}

  private static List<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    for (String strategy : List.of("Always", "Manual", "Once", "RerunOnFailure", "running")) {
      String suffix = strategy.equals("Always") ? "" : "_" + strategy.toLowerCase();
      all.add(
          sync(
              Seen.CUT_THEN_POD_GONE,
              "cut_then_pod_gone" + suffix,
              stage -> cutThenPodGone(stage, strategy)));
    }
    all.add(sync(Seen.SYNC_RESTARTED, "restart_a_then_pod_gone", SeenSplits::restartA));
    all.add(sync(Seen.SYNC_RESTARTED, "restart_b_running", SeenSplits::restartB));
    all.add(sync(Seen.SYNC_RESTARTED, "restart_b_scheduling", SeenSplits::restartBEarly));
    all.add(sync(Seen.SYNC_RESTARTED, "restart_a_then_cancel", SeenSplits::restartThenCancel));
    all.add(sync(Seen.CUT_THEN_HEALED, "partition", SeenSplits::partition));
    all.add(sync(Seen.CUT_THEN_HEALED, "cut_then_receive_deleted", SeenSplits::cutThenDeleted));
    all.add(sync(Seen.CUT_THEN_HEALED, "cut_then_halted", SeenSplits::cutThenHalted));
    return List.copyOf(all);
  }

  private static Scenario sync(Seen row, String name, Consumer<Stage> body) {
    return new Scenario(row, name, Scenario.Reach.SYNC, body);
  }

  private static void cutThenPodGone(Stage stage, String strategy) {
    cut(stage, strategy);
    stage.until("hand-over", VmStatus::isHandedOver);
    stage.killPods(Side.SOURCE);

    assertMoved(stage, stage.end(), SeenMoves.restored(strategy));
    heal(stage);
  }

  private static void restartA(Stage stage) {
    stage.copying("Always");
    stage.restartSync(Side.SOURCE);
    stage.pass(Duration.ofSeconds(22));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
    stage.killPods(Side.SOURCE);
    stage.pass(Duration.ofMinutes(5));
    assertThat(stage.running()).containsExactly(Side.TARGET);
  }

  private static void restartB(Stage stage) {
    stage.copying("Always");
    stage.restartSync(Side.TARGET);
    stage.pass(Duration.ofSeconds(22));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
  }

  /**
   * The bed's nodes did not end the receiver then, and KubeVirt never restored its run strategy;
   * Migrator does (R16).
   */
  private static void restartBEarly(Stage stage) {
    stage.heldAt("Always", Side.TARGET, Switch.POD_PENDING, "Scheduling");
    stage.hold(Side.TARGET, Switch.RECEIVER_KEPT);
    stage.restartSync(Side.TARGET);
    stage.pass(Duration.ofSeconds(22));
    stage.release(Side.TARGET, Switch.POD_PENDING);

    VmStatus end = stage.end();

    assertMoved(stage, end, "Always");
    assertThat(end.warnings()).anyMatch(warning -> warning.contains("marked as a receiver"));
    stage.release(Side.TARGET, Switch.RECEIVER_KEPT);
  }

  private static void restartThenCancel(Stage stage) {
    stage.copying("Always");
    stage.restartSync(Side.SOURCE);
    stage.pass(Duration.ofSeconds(22));
    stage.cancel();

    StageAssert.assertUndone(stage, stage.end(), dev.migrator.model.VmState.CANCELLED, "Always");
  }

  private static void partition(Stage stage) {
    cut(stage, "Always");
    stage.until("hand-over", VmStatus::isHandedOver);
    assertThat(stage.objects(Side.TARGET)).contains("VirtualMachine/web");

    assertMoved(stage, stage.end(), "Always");
    heal(stage);
  }

  private static void cutThenDeleted(Stage stage) {
    cut(stage, "Always");
    stage.until("target done", status -> stage.half(Side.TARGET).equals("Succeeded"));
    stage.deleteHalf(Side.TARGET);
    stage.pass(Duration.ofSeconds(3));

    assertMoved(stage, stage.end(), "Always");
    heal(stage);
  }

  private static void cutThenHalted(Stage stage) {
    cut(stage, "Always");
    stage.until("target done", status -> stage.half(Side.TARGET).equals("Succeeded"));
    stage.setStrategy(Side.SOURCE, "Halted");
    stage.pass(Duration.ofSeconds(10));

    assertMoved(stage, stage.end(), "Always");
    heal(stage);
  }

  /** The line goes while memory is copied, and the guest switches over behind it. */
  private static void cut(Stage stage, String strategy) {
    stage.copying(strategy);
    stage.cutLink(true);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);
  }

  private static void heal(Stage stage) {
    stage.cutLink(false);
    stage.pass(Duration.ofMinutes(30));
    assertThat(stage.running()).containsExactly(Side.TARGET);
    assertThat(stage.violations()).isEmpty();
  }
}
