package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.Timing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The bed's scenarios by their names, played by hand on the simulator. */
final class Scenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  /** The bed's own pace: claims at once, pods in a moment. */
  private static final Timing PACE =
      new Timing(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          Duration.ofSeconds(20),
          0);

  static {
    add("happy", bed -> bed.prepared().go().pass());
    add("manual", bed -> bed.prepared("Manual").go().pass());
    add("rerun_on_failure", bed -> bed.prepared("RerunOnFailure").go().pass());
    add("running_true", bed -> bed.prepared("running").go().pass());
    add(
        "fail_copying",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.HOLD_RUNNING);
          bed.world.source().hold(Switch.FAIL_SOURCE);
          bed.go().pass();
        });
    add(
        "cancel_copying",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
          bed.delete(Side.TARGET, Kind.VM, "web");
          bed.pass();
        });
    add(
        "unschedulable",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass(Duration.ofSeconds(20));
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
        });
    add(
        "halt_once",
        bed -> {
          bed.prepared("Once").go().pass();
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    add(
        "halt_manual",
        bed -> {
          bed.prepared("Manual").go().pass();
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    add(
        "halt_rerun",
        bed -> {
          bed.prepared("RerunOnFailure").go().pass();
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    add(
        "halt_running",
        bed -> {
          bed.prepared("running").go().pass();
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    add(
        "failed_copy",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.HOLD_RUNNING);
          bed.go().until("Running");
          bed.world.source().hold(Switch.FAIL_SOURCE);
          bed.pass();
        });
    add(
        "cancel_running_ab",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
          bed.pass();
        });
    add(
        "cancel_running_ba",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.drop(Side.TARGET);
          bed.drop(Side.SOURCE);
          bed.pass();
        });
    add(
        "cancel_preparing_ab",
        bed -> {
          held(bed, Switch.TARGET_NOT_READY, "PreparingTarget");
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
          bed.world.target().release(Switch.TARGET_NOT_READY);
          bed.pass();
        });
    add(
        "cancel_switched_ab",
        bed -> {
          held(bed, Switch.HOLD_ACKNOWLEDGE, "Running");
          bed.pass();
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
          bed.world.target().release(Switch.HOLD_ACKNOWLEDGE);
          bed.pass();
        });
    add(
        "source_dies",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    add(
        "source_dies_once",
        bed -> {
          held(bed, "Once", Switch.HOLD_RUNNING, "Running");
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    add(
        "source_dies_rerun",
        bed -> {
          held(bed, "RerunOnFailure", Switch.HOLD_RUNNING, "Running");
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    add(
        "source_crashes",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.guest(Side.SOURCE).crash();
          bed.pass();
        });
    add(
        "target_pod_killed",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.guest(Side.TARGET).killPods();
          bed.pass();
        });
    add(
        "target_pod_killed_early",
        bed -> {
          held(bed, Switch.TARGET_NOT_READY, "PreparingTarget");
          bed.guest(Side.TARGET).killPods();
          bed.pass();
        });
    add(
        "source_halted",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.halt(Side.SOURCE);
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
        });
    add(
        "source_deleted",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.delete(Side.SOURCE, Kind.VM, "web");
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
        });
    add(
        "receiver_halted",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.halt(Side.TARGET);
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
        });
    add(
        "receiver_deleted",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.delete(Side.TARGET, Kind.VM, "web");
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
        });
    add(
        "receiver_started",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.edit(Side.TARGET, Kind.VM, "web", v -> v.set("spec.runStrategy", "Always"));
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
        });
    add(
        "receiver_started_waiting",
        bed -> {
          bed.prepared();
          bed.edit(Side.TARGET, Kind.VM, "web", v -> v.set("spec.runStrategy", "Always"));
          bed.pass();
          bed.go().pass();
        });
    add(
        "later_guest_off",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).shutDown();
          bed.pass();
        });
    add(
        "later_crash",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).crash();
          bed.pass();
        });
    add(
        "later_restart",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).restart();
          bed.pass();
        });
    add(
        "restore_halted",
        bed -> {
          bed.prepared();
          bed.edit(
              Side.TARGET,
              Kind.VM,
              "web",
              v -> v.annotation("kubevirt.io/restore-run-strategy", "Halted"));
          bed.go().pass();
        });
    add(
        "vm_before_vmim",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass();
          bed.delete(Side.TARGET, Kind.VM, "web");
          bed.pass();
          bed.drop(Side.TARGET);
          bed.drop(Side.SOURCE);
        });
    add(
        "cut_then_pod_gone",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.world.cutLink(true);
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
          bed.world.cutLink(false);
          bed.pass();
        });
    add(
        "cut_then_pod_gone_rerun",
        bed -> {
          held(bed, "RerunOnFailure", Switch.HOLD_RUNNING, "Running");
          bed.world.cutLink(true);
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
          bed.world.cutLink(false);
          bed.pass();
        });
    add(
        "restart_a_then_pod_gone",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.world.source().restartSync();
          bed.pass();
          bed.world.target().release(Switch.HOLD_RUNNING);
          bed.pass();
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    add(
        "restart_a_then_cancel",
        bed -> {
          held(bed, Switch.HOLD_RUNNING, "Running");
          bed.world.source().restartSync();
          bed.pass();
          bed.drop(Side.SOURCE);
          bed.drop(Side.TARGET);
        });
    add(
        "timeouts",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass(Duration.ofMinutes(20));
          bed.drop(Side.SOURCE);
        });
  }

  /** Those that were recorded with older versions too. */
  static final List<String> OLDER =
      List.of(
          "happy",
          "manual",
          "rerun_on_failure",
          "running_true",
          "fail_copying",
          "cancel_copying",
          "unschedulable");

  private Scenarios() {}

  private static void add(String name, Consumer<Bed> scenario) {
    ALL.put(name, scenario);
  }

  private static void held(Bed bed, Switch hold, String phase) {
    held(bed, "Always", hold, phase);
  }

  private static void held(Bed bed, String strategy, Switch hold, String phase) {
    bed.prepared(strategy);
    bed.world.target().hold(hold);
    bed.go().until(phase);
  }

  static Story play(String scenario) {
    return play(scenario, KubeVirtVersion.V1_9, KubeVirtVersion.V1_9);
  }

  static Story play(String scenario, KubeVirtVersion from, KubeVirtVersion to) {
    Story story = new Story();
    try (Bed bed =
        new Bed(builder -> builder.version(Side.SOURCE, from).version(Side.TARGET, to))) {
      bed.world.timing(PACE);
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        for (Kind kind : List.of(Kind.VM, Kind.VMI, Kind.VMIM, Kind.POD)) {
          bed.clusters
              .actorClient(side)
              .genericKubernetesResources(kind.context())
              .inAnyNamespace()
              .watch(
                  new Watcher<GenericKubernetesResource>() {
                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource raw) {
                      raw.setKind(kind.kind());
                      story.event(
                          side == Side.SOURCE ? "a" : "b", action == Action.DELETED, Thing.of(raw));
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                      // the story ends with its bed
                    }
                  });
        }
      }
      ALL.get(scenario).accept(bed);
    }
    return story;
  }
}
