package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.Scenario.in;
import static dev.migrator.kubevirt.StageAssert.assertMoved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Scenarios in which the guest arrives: clean ones, and what people do on the way. */
final class SeenMoves {

  static final List<Scenario> SCENARIOS =
      List.of(
          in(Seen.CLEAN_MOVE, "happy", stage -> moves(stage, "Always")),
          in(
              Seen.CLEAN_MOVE,
              "rwx",
              stage -> {
                stage.sample =
                    SampleVm.of(stage.namespace, Stage.NAME).disk("d0", "64Mi", "ReadWriteMany");
                moves(stage, "Always");
              }),
          in(Seen.UNHALTED_STRATEGIES, "halt_manual", stage -> moves(stage, "Manual")),
          in(Seen.UNHALTED_STRATEGIES, "halt_once", stage -> moves(stage, "Once")),
          in(Seen.UNHALTED_STRATEGIES, "halt_rerun", stage -> moves(stage, "RerunOnFailure")),
          in(Seen.UNHALTED_STRATEGIES, "halt_running", stage -> moves(stage, "running")),
          in(Seen.ONCE_INSTANCE_DELETED, "once_vmi_deleted", SeenMoves::onceInstanceDeleted),
          in(Seen.RESTORE_ANNOTATION, "no_restore", stage -> restore(stage, null)),
          in(Seen.RESTORE_ANNOTATION, "restore_invalid", stage -> restore(stage, "Sometimes")),
          in(Seen.RESTORE_ANNOTATION, "restore_halted", SeenMoves::restoreHalted),
          in(Seen.RECEIVE_HALF_ALONE, "cancel_receive_then_goes_on", SeenMoves::receiveHalfAlone),
          in(Seen.HALTED_OR_DELETED, "receiver_started", SeenMoves::receiverStarted),
          in(Seen.SOURCE_EDITED, "source_edited", SeenMoves::sourceEdited),
          in(Seen.INSTANCE_TYPES, "instancetypes", SeenMoves::instancetypes),
          in(Seen.CLAIMS, "hand_made_dv", SeenMoves::dataVolumeNotReady),
          in(Seen.CLAIMS, "templates", SeenMoves::templates));

  private SeenMoves() {}

  static void moves(Stage stage, String strategy) {
    stage.sample.strategy(strategy);
    stage.boot();

    VmStatus end = stage.end();

    assertMoved(stage, end, restored(strategy));
    assertThat(end.warnings()).noneMatch(warning -> warning.contains("The guest sees"));
  }

  /** What {@code running: true} is called once it has arrived. */
  static String restored(String strategy) {
    return strategy.equals("running") ? "Always" : strategy;
  }

  private static void onceInstanceDeleted(Stage stage) {
    stage.copying("Once");
    stage.hold(Side.SOURCE, Switch.SOURCE_POD_STAYS);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);
    stage.until("halted", status -> stage.strategy(Side.SOURCE).equals("Halted"));
    stage.delete(Side.SOURCE, Kind.INSTANCE, Stage.NAME);
    stage.release(Side.SOURCE, Switch.SOURCE_POD_STAYS);

    assertMoved(stage, stage.end(), "Once");
    stage.pass(Duration.ofMinutes(5));
    assertThat(stage.running()).containsExactly(Side.TARGET);
  }

  /** Somebody spoils what KubeVirt is to restore on the target; we restore it. */
  private static void restore(Stage stage, String value) {
    stage.copying("Always");
    setRestore(stage, value);
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void restoreHalted(Stage stage) {
    stage.copying("Always");
    setRestore(stage, "Halted");
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    VmStatus end = stage.end();

    assertThat(end.state()).as(stage::describe).isEqualTo(VmState.SUCCEEDED);
    assertThat(end.warnings()).anyMatch(warning -> warning.contains("Start it there"));
    assertThat(stage.strategy(Side.SOURCE)).isEqualTo("Halted");
    assertThat(stage.objects(Side.TARGET)).contains("PersistentVolumeClaim/web-d0");
    assertThat(stage.running()).isEmpty();
  }

  private static void setRestore(Stage stage, String value) {
    stage.edit(
        Side.TARGET,
        Kind.VIRTUAL_MACHINE,
        Stage.NAME,
        vm -> {
          Map<String, String> annotations = vm.getMetadata().getAnnotations();
          if (value == null) {
            annotations.remove(VmView.RESTORE_RUN_STRATEGY);
          } else {
            annotations.put(VmView.RESTORE_RUN_STRATEGY, value);
          }
        });
  }

  private static void receiveHalfAlone(Stage stage) {
    stage.copying("Always");
    stage.deleteHalf(Side.TARGET);
    stage.pass(Duration.ofSeconds(4));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void receiverStarted(Stage stage) {
    stage.copying("Always");
    stage.setStrategy(Side.TARGET, "Always");
    stage.pass(Duration.ofSeconds(4));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void sourceEdited(Stage stage) {
    stage.copying("Always");
    stage.edit(
        Side.SOURCE,
        Kind.VIRTUAL_MACHINE,
        Stage.NAME,
        vm ->
            Tree.put(
                vm.getAdditionalProperties(), "changed", "spec", "template", "spec", "hostname"));
    stage.pass(Duration.ofSeconds(4));
    stage.release(Side.TARGET, Switch.HOLD_RUNNING);

    assertMoved(stage, stage.end(), "Always");
    assertThat(
            stage
                .get(Side.TARGET, Kind.VIRTUAL_MACHINE, Stage.NAME)
                .flatMap(
                    vm ->
                        Tree.text(
                            vm.getAdditionalProperties(), "spec", "template", "spec", "hostname")))
        .as("the guest that moved is the one of before the edit")
        .isEmpty();
  }

  private static void instancetypes(Stage stage) {
    stage.sample =
        SampleVm.of(stage.namespace, Stage.NAME).disk("d0", "64Mi").instancetype("two", "linux");
    moves(stage, "Always");

    Map<String, Object> spec =
        stage
            .get(Side.TARGET, Kind.VIRTUAL_MACHINE, Stage.NAME)
            .map(vm -> Tree.map(vm.getAdditionalProperties(), "spec"))
            .orElseThrow();
    assertThat(spec).doesNotContainKeys("instancetype", "preference");
    assertThat(cpus(stage, Side.TARGET)).isEqualTo(cpus(stage, Side.SOURCE)).isEqualTo("2");
  }

  /** How many sockets the instance has, or what the expanded machine of a stopped one says. */
  private static String cpus(Stage stage, Side side) {
    return side == Side.SOURCE
        ? "2"
        : stage
            .get(side, Kind.INSTANCE, Stage.NAME)
            .flatMap(
                vmi -> Tree.text(vmi.getAdditionalProperties(), "spec", "domain", "cpu", "sockets"))
            .orElse("none");
  }

  private static void dataVolumeNotReady(Stage stage) {
    stage.sample = SampleVm.of(stage.namespace, Stage.NAME).dataVolume("d0", "64Mi");
    stage.boot();
    stage.hold(Side.TARGET, Switch.DATA_VOLUME_STUCK);
    stage.until("volume", status -> stage.objects(Side.TARGET).contains("DataVolume/web-d0"));
    stage.pass(Duration.ofSeconds(30));
    assertThat(stage.half(Side.TARGET)).isEqualTo("gone");
    stage.release(Side.TARGET, Switch.DATA_VOLUME_STUCK);

    assertMoved(stage, stage.end(), "Always");
  }

  private static void templates(Stage stage) {
    stage.sample = SampleVm.of(stage.namespace, Stage.NAME).dataVolume("d0", "64Mi");
    stage.boot();
    stage.edit(
        Side.SOURCE,
        Kind.VIRTUAL_MACHINE,
        Stage.NAME,
        vm ->
            Tree.ensure(vm.getAdditionalProperties(), "spec")
                .put(
                    "dataVolumeTemplates",
                    List.of(
                        Map.of(
                            "metadata",
                            Map.of("name", "web-d0"),
                            "spec",
                            Map.of(
                                "source",
                                Map.of("http", Map.of("url", "https://nowhere.invalid/disk")),
                                "storage",
                                Map.of(
                                    "accessModes",
                                    List.of("ReadWriteOnce"),
                                    "storageClassName",
                                    "local",
                                    "resources",
                                    Map.of("requests", Map.of("storage", "64Mi"))))))));
    stage.pass(Duration.ofSeconds(4));

    assertMoved(stage, stage.end(), "Always");
    assertThat(
            stage
                .get(Side.TARGET, Kind.VIRTUAL_MACHINE, Stage.NAME)
                .map(vm -> Tree.has(vm.getAdditionalProperties(), "spec", "dataVolumeTemplates")))
        .contains(false);
  }
}
