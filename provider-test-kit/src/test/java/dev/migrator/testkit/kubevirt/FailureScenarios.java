package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Copies that fail, pods that die, machines that are stopped under a move. */
final class FailureScenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("fail_copying", FailureScenarios::failsAtOnce);
    ALL.put("failed_copy", FailureScenarios::fails);
    ALL.put(
        "failed_copy_again",
        bed -> {
          fails(bed);
          healed(bed);
          Steps.drop(bed, "ab");
          Steps.again(bed);
        });
    ALL.put(
        "failed_copy_same_id",
        bed -> {
          fails(bed);
          healed(bed);
          bed.receive("web-in2").send("web-out2", bed.address()).pass();
        });
    ALL.put(
        "failed_then_guest_off",
        bed -> {
          fails(bed);
          Steps.drop(bed, "ab");
          bed.guest(Side.SOURCE).shutDown();
          bed.pass();
        });
    ALL.put(
        "target_pod_dies",
        bed -> {
          Steps.copying(bed);
          bed.guest(Side.TARGET).crash();
          bed.pass();
        });
    ALL.put("target_pod_killed", bed -> targetPodKilled(bed, Switch.HOLD_RUNNING, "Running"));
    ALL.put(
        "target_pod_killed_early",
        bed -> targetPodKilled(bed, Switch.TARGET_NOT_READY, "PreparingTarget"));
    ALL.put(
        "target_pod_killed_ready", bed -> targetPodKilled(bed, Switch.HOLD_START, "TargetReady"));
    ALL.put("source_dies", bed -> sourceDies(bed, "Always"));
    ALL.put("source_dies_once", bed -> sourceDies(bed, "Once"));
    ALL.put("source_dies_manual", bed -> sourceDies(bed, "Manual"));
    ALL.put("source_dies_rerun", bed -> sourceDies(bed, "RerunOnFailure"));
    ALL.put(
        "source_crashes",
        bed -> {
          Steps.copying(bed);
          bed.guest(Side.SOURCE).crash();
          bed.pass();
        });
    ALL.put(
        "pause_strategy",
        bed -> {
          bed.prepared("RerunOnFailure");
          Steps.strategy(bed, Side.SOURCE, "Manual");
          bed.world.target().hold(Switch.HOLD_RUNNING);
          bed.go().until("Running");
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    whileCopying("source_halted", bed -> bed.halt(Side.SOURCE));
    whileCopying("source_stopped", bed -> bed.guest(Side.SOURCE).stop());
    whileCopying("source_deleted", bed -> bed.delete(Side.SOURCE, Kind.VM, Bed.VM));
    whileCopying("receiver_halted", bed -> bed.halt(Side.TARGET));
    whileCopying("receiver_deleted", bed -> bed.delete(Side.TARGET, Kind.VM, Bed.VM));
    whileCopying("receiver_started", bed -> Steps.strategy(bed, Side.TARGET, "Always"));
    whileCopying(
        "source_edited",
        bed ->
            bed.edit(
                Side.SOURCE,
                Kind.VM,
                Bed.VM,
                vm -> vm.set("spec.template.spec.domain.cpu.sockets", 2)));
    ALL.put(
        "source_halted_waiting",
        bed -> {
          bed.prepared().send(bed.address()).pass(Duration.ofSeconds(3));
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    ALL.put(
        "receiver_started_waiting",
        bed -> {
          bed.prepared();
          Steps.strategy(bed, Side.TARGET, "Always");
          bed.pass();
          bed.go().pass();
        });
    ALL.put(
        "receiver_subresources",
        bed -> {
          bed.prepared();
          bed.guest(Side.TARGET).stop();
          bed.pass();
          bed.guest(Side.TARGET).restart();
          bed.pass();
        });
    ALL.put(
        "unschedulable",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass(Duration.ofSeconds(20));
          Steps.drop(bed, "ab");
        });
    ALL.put(
        "timeouts",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass(Duration.ofMinutes(20));
          Steps.drop(bed, "a");
        });
    ALL.put(
        "timeouts_unschedulable",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          bed.claim("web-d0", "1Gi");
          bed.receiver(vm -> vm.set("spec.template.spec.nodeSelector", Json.object("no", "where")));
          bed.go().pass(Duration.ofMinutes(20));
          Steps.drop(bed, "ab");
        });
    ALL.put(
        "pvc_unbound",
        bed -> {
          bed.world.target().hold(Switch.CLAIM_PENDING);
          bed.prepared().go().pass(Duration.ofSeconds(12));
          Steps.drop(bed, "ba");
        });
    ALL.put(
        "pvc_missing",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          bed.receiver(vm -> {});
          bed.go().pass(Duration.ofSeconds(12));
          bed.claim("web-d0", "1Gi").pass(Duration.ofMinutes(5));
        });
    ALL.put("hand_made_dv", FailureScenarios::handMade);
    ALL.put("templates", bed -> templates(bed, false));
    ALL.put("templates_failed", bed -> templates(bed, true));
  }

  private FailureScenarios() {}

  private static void whileCopying(String name, Consumer<Bed> deed) {
    ALL.put(
        name,
        bed -> {
          Steps.copying(bed);
          deed.accept(bed);
          bed.pass();
          Steps.goOn(bed);
        });
  }

  static void failsAtOnce(Bed bed) {
    bed.prepared();
    bed.world.target().hold(Switch.HOLD_RUNNING);
    bed.world.source().hold(Switch.FAIL_SOURCE);
    bed.go().pass();
  }

  static void fails(Bed bed) {
    Steps.copying(bed);
    bed.world.source().hold(Switch.FAIL_SOURCE);
    bed.pass();
  }

  static void healed(Bed bed) {
    bed.world.target().release(Switch.HOLD_RUNNING);
    bed.world.source().release(Switch.FAIL_SOURCE);
  }

  private static void targetPodKilled(Bed bed, Switch hold, String phase) {
    Steps.held(bed, hold, phase);
    bed.guest(Side.TARGET).killPods();
    bed.pass();
  }

  private static void sourceDies(Bed bed, String strategy) {
    Steps.copying(bed, strategy);
    bed.guest(Side.SOURCE).killPods();
    bed.pass();
  }

  private static Thing dataVolume(String source) {
    return Thing.create(Kind.DATA_VOLUME, Bed.NAMESPACE, "web-d0")
        .set("spec.source", Json.object(source, Json.object("url", "http://nowhere/x")))
        .set(
            "spec.storage",
            Json.object(
                "accessModes",
                java.util.List.of("ReadWriteOnce"),
                "storageClassName",
                "local",
                "resources",
                Json.object("requests", Json.object("storage", "1Gi"))));
  }

  private static void onDataVolume(Thing vm) {
    vm.set(
        "spec.template.spec.volumes",
        java.util.List.of(Json.object("name", "d0", "dataVolume", Json.object("name", "web-d0"))));
  }

  private static void handMade(Bed bed) {
    bed.simulator.install();
    bed.trust();
    bed.sample.boot(bed.simulator);
    bed.world.target().hold(Switch.DATA_VOLUME_STUCK);
    Thing blank = dataVolume("blank").set("spec.source", Json.object("blank", Json.object()));
    bed.create(Side.TARGET, Kind.DATA_VOLUME, blank);
    bed.receiver(FailureScenarios::onDataVolume);
    bed.go().pass(Duration.ofSeconds(8));
    bed.world.target().release(Switch.DATA_VOLUME_STUCK);
    bed.pass();
  }

  private static void templates(Bed bed, boolean failed) {
    bed.simulator.install();
    bed.trust();
    bed.sample.boot(bed.simulator);
    bed.world.target().hold(Switch.DATA_VOLUME_STUCK);
    Thing vm = Thing.of(bed.sample.manifest());
    vm.set("spec.runStrategy", "WaitAsReceiver").annotation(Steps.RESTORE, "Always");
    vm.set(
        "spec.dataVolumeTemplates",
        java.util.List.of(
            Json.object(
                "metadata",
                Json.object("name", "web-d0"),
                "spec",
                dataVolume("http").map("spec"))));
    onDataVolume(vm);
    bed.create(Side.TARGET, Kind.VM, vm);
    bed.pass(Duration.ofSeconds(6));
    if (failed) {
      bed.world.target().hold(Switch.DATA_VOLUME_FAILED);
      bed.world.target().release(Switch.DATA_VOLUME_STUCK);
      bed.pass();
    } else {
      bed.world.target().release(Switch.DATA_VOLUME_STUCK);
      bed.pass();
      bed.go().pass();
    }
  }
}
