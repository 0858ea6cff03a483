package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.StageAssert.assertMoved;
import static dev.migrator.kubevirt.StageAssert.assertUndone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Scenarios in which a whole KubeVirt changes or goes away under a move. */
final class SeenClusters {

  private static final String GATE = "DecentralizedLiveMigration";

  static final List<Scenario> SCENARIOS =
      List.of(
          cluster(Seen.GATE_OFF, "gate_off_target", SeenClusters::gateOff),
          cluster(Seen.GATE_OFF, "gate_off_midway", SeenClusters::gateOffMidway),
          cluster(Seen.TRUST_LOST, "no_trust", SeenClusters::trustLostBefore),
          cluster(Seen.TRUST_LOST, "ca_lost_midway", SeenClusters::trustLostMidway),
          cluster(Seen.STAGE, "stage", SeenClusters::rolloutStage),
          new Scenario(
              Seen.API_STANDS_STILL,
              "api_stands_still",
              Scenario.Reach.SYNC,
              SeenClusters::apiStandsStill),
          new Scenario(Seen.SYNC_DOWN, "addresses", Scenario.Reach.SYNC, SeenClusters::syncDown),
          cluster(Seen.SYNC_DOWN, "address_pod_gone", SeenClusters::podReplaced));

  private SeenClusters() {}

  private static Scenario cluster(Seen row, String name, Consumer<Stage> body) {
    return new Scenario(row, name, Scenario.Reach.CLUSTER, body);
  }

  private static void gateOff(Stage stage) {
    stage.boot();
    gate(stage, false);

    VmStatus end = stage.end();

    gate(stage, true);
    assertUndone(stage, end, VmState.FAILED, "Always");
    assertThat(end.failure().message()).contains("FeatureGateOff");
  }

  private static void gateOffMidway(Stage stage) {
    stage.copying("Always");
    gate(stage, false);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    VmStatus end = stage.end();

    gate(stage, true);
    assertMoved(stage, end, "Always");
  }

  private static void trustLostBefore(Stage stage) {
    stage.heldAt("Always", Side.TARGET, Switch.POD_PENDING, "Scheduling");
    long before = fingerprint(stage);
    change(stage);
    stage.await("another CA", () -> fingerprint(stage) != before);
    stage.release(Side.TARGET, Switch.POD_PENDING);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void trustLostMidway(Stage stage) {
    stage.copying("Always");
    long before = fingerprint(stage);
    change(stage);
    stage.await("another CA", () -> fingerprint(stage) != before);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void rolloutStage(Stage stage) {
    stage.boot();
    configuration(stage, map -> map.put("vmRolloutStrategy", "Stage"));

    VmStatus end = stage.end();

    configuration(stage, map -> map.put("vmRolloutStrategy", "LiveUpdate"));
    assertUndone(stage, end, VmState.FAILED, "Always");
    assertThat(end.failure().message()).contains("RolloutStrategyStage");
  }

  /** The target's synchronization controller lost its lease meanwhile, and works no more. */
  private static void apiStandsStill(Stage stage) {
    stage.copying("Always");
    stage.syncDown(Side.TARGET, true);
    stage.outage(Side.TARGET, Duration.ofSeconds(45));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    VmStatus end = stage.end();

    stage.syncDown(Side.TARGET, false);
    assertMoved(stage, end, "Always");
  }

  private static void syncDown(Stage stage) {
    stage.boot();
    stage.syncDown(Side.TARGET, true);
    stage.until("send half", status -> !stage.half(Side.SOURCE).equals("gone"));
    stage.pass(Duration.ofSeconds(10));
    assertThat(stage.half(Side.SOURCE)).isIn("", "Synchronizing");
    stage.syncDown(Side.TARGET, false);

    assertMoved(stage, stage.end(), "Always");
  }

  /** The address is taken when it is needed: while there is none, the move waits for it. */
  private static void podReplaced(Stage stage) {
    stage.boot();
    stage.until(
        "claim", status -> stage.objects(Side.TARGET).contains("PersistentVolumeClaim/web-d0"));
    stage.replaceSyncPod(Side.TARGET);
    stage.await("no address", () -> addresses(stage).isEmpty());
    stage.until("receive half", status -> !stage.half(Side.TARGET).equals("gone"));
    stage.await("another pod", () -> !addresses(stage).isEmpty());

    assertMoved(stage, stage.end(), "Always");
  }

  private static List<String> addresses(Stage stage) {
    return stage.kubevirt(Side.TARGET).synchronizationAddresses();
  }

  /** Any change of the KubeVirt object makes its operator renew the CA (contract 7.2). */
  private static void change(Stage stage) {
    configuration(
        stage,
        map -> {
          Map<String, Object> migrations = Tree.ensure(map, "migrations");
          Object now = migrations.get("completionTimeoutPerGiB");
          migrations.put("completionTimeoutPerGiB", Integer.valueOf(800).equals(now) ? 801 : 800);
        });
  }

  private static long fingerprint(Stage stage) {
    return stage
        .api(Side.TARGET)
        .get(Kind.CONFIG_MAP, stage.kubevirt(Side.TARGET).namespace(), Trust.BUNDLE)
        .map(found -> Tree.at(found.getAdditionalProperties(), "data", "ca-bundle"))
        .map(bundle -> (long) bundle.hashCode())
        .orElse(0L);
  }

  private static void gate(Stage stage, boolean on) {
    gate(stage, Side.TARGET, on);
  }

  static void gate(Stage stage, Side side, boolean on) {
    configuration(
        stage,
        side,
        map -> {
          List<Object> gates =
              new ArrayList<>(Tree.texts(map, "developerConfiguration", "featureGates"));
          gates.remove(GATE);
          if (on) {
            gates.add(GATE);
          }
          Tree.put(map, gates, "developerConfiguration", "featureGates");
        });
    stage.await(
        "addresses " + on, () -> stage.kubevirt(side).synchronizationAddresses().isEmpty() != on);
  }

  private static void configuration(Stage stage, Consumer<Map<String, Object>> change) {
    configuration(stage, Side.TARGET, change);
  }

  private static void configuration(Stage stage, Side side, Consumer<Map<String, Object>> change) {
    stage.edit(
        side,
        Kind.KUBEVIRT,
        stage.kubevirt(side).namespace(),
        stage.kubevirt(side).name(),
        found ->
            change.accept(Tree.ensure(found.getAdditionalProperties(), "spec", "configuration")));
  }
}
