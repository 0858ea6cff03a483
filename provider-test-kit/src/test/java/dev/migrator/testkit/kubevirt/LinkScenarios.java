package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.ClusterWorld;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What becomes of moves when the synchronization controllers or their line do not work. */
final class LinkScenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(
        "partition",
        bed -> {
          cutAndSwitch(bed, "Always");
          healed(bed);
        });
    ALL.put("cut_then_pod_gone", bed -> podGone(bed, "Always"));
    ALL.put("cut_then_pod_gone_rerun", bed -> podGone(bed, "RerunOnFailure"));
    ALL.put(
        "cut_then_halted",
        bed -> {
          cutAndSwitch(bed, "Always");
          bed.halt(Side.SOURCE);
          bed.pass();
          healed(bed);
        });
    ALL.put(
        "cut_then_receive_deleted",
        bed -> {
          cutAndSwitch(bed, "Always");
          Steps.drop(bed, "b");
          healed(bed);
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    restart("restart_a_running", Side.SOURCE, Switch.HOLD_RUNNING, "Running");
    restart("restart_b_running", Side.TARGET, Switch.HOLD_RUNNING, "Running");
    restart("restart_a_scheduling", Side.SOURCE, Switch.POD_PENDING, "Scheduling");
    ALL.put(
        "restart_b_scheduling",
        bed -> {
          bed.world.target().hold(Switch.RECEIVER_KEPT); // as the bed's nodes did
          restart(bed, Side.TARGET, Switch.POD_PENDING, "Scheduling");
        });
    restart("sync_restarts", Side.SOURCE, Switch.HOLD_RUNNING, "Running");
    restart("sync_restarts_target", Side.TARGET, Switch.HOLD_RUNNING, "Running");
    ALL.put(
        "restart_a_then_pod_gone",
        bed -> {
          restarted(bed, Side.SOURCE);
          Steps.goOn(bed);
          bed.guest(Side.SOURCE).killPods();
          bed.pass();
        });
    ALL.put(
        "restart_a_then_halt",
        bed -> {
          restarted(bed, Side.SOURCE);
          Steps.goOn(bed);
          bed.halt(Side.SOURCE);
          bed.pass();
        });
    ALL.put(
        "restart_a_then_cancel",
        bed -> {
          restarted(bed, Side.SOURCE);
          Steps.drop(bed, "ab");
        });
    ALL.put(
        "wrong_address",
        bed -> {
          bed.prepared().receive().send("10.77.2.99:9185").pass(Duration.ofSeconds(12));
          Steps.drop(bed, "ab");
        });
    ALL.put(
        "wrong_id",
        bed -> {
          bed.prepared().receive();
          bed.next();
          bed.send(bed.address()).pass(Duration.ofSeconds(12));
        });
    ALL.put(
        "empty_id",
        bed -> {
          bed.prepared();
          bed.id = "";
          bed.go().pass();
        });
    ALL.put(
        "ca_lost_midway",
        bed -> {
          Steps.copying(bed);
          Steps.configure(
              bed,
              Side.TARGET,
              "spec.certificateRotateStrategy.selfSigned.ca",
              Json.object("duration", "168h", "renewBefore", "1m"));
          bed.pass();
          Steps.goOn(bed);
        });
    ALL.put(
        "gate_off_midway",
        bed -> {
          Steps.copying(bed);
          bed.gate(Side.TARGET, false);
          bed.pass();
          Steps.goOn(bed);
          bed.gate(Side.TARGET, true);
          bed.pass();
          bed.trust().pass();
        });
    ALL.put(
        "gate_off_target",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.gate(Side.TARGET, false);
          bed.pass();
          bed.claim("web-d0", "1Gi");
          Steps.refused(() -> bed.receiver(vm -> {}));
          Thing other = Thing.of(SampleVm.of(Bed.NAMESPACE, "other").strategy("Halted").manifest());
          bed.create(Side.TARGET, Kind.VM, other);
          bed.gate(Side.TARGET, true);
          bed.pass();
          bed.receiver(vm -> {}).pass();
        });
    ALL.put(
        "stage",
        bed -> {
          bed.simulator.install();
          Steps.configure(bed, Side.TARGET, "spec.configuration.vmRolloutStrategy", "Stage");
          bed.pass();
          bed.trust().booted("Always");
          bed.world.target().hold(Switch.HOLD_RUNNING);
          bed.go().until("Running");
          Steps.goOn(bed);
        });
    ALL.put(
        "second_orchestrator",
        bed -> {
          bed.prepared().receive();
          Steps.refused(() -> bed.receive("web-in2"));
          bed.drop(Side.TARGET);
          bed.world.target().hold(Switch.HOLD_RUNNING);
          bed.next();
          bed.go().until("Running");
          Steps.refused(() -> bed.send("web-out2", bed.address()));
          Steps.goOn(bed);
          bed.next();
          bed.receive("z").pass();
        });
    ALL.put(
        "local_on_receiver",
        bed -> {
          bed.prepared();
          bed.create(
              Side.TARGET,
              Kind.VMIM,
              Thing.create(Kind.VMIM, Bed.NAMESPACE, "l").set("spec.vmiName", Bed.VM));
          bed.pass(Duration.ofSeconds(5));
          bed.delete(Side.TARGET, Kind.VMIM, "l");
          bed.pass();
        });
    ALL.put(
        "receive_on_running",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          bed.create(
              Side.SOURCE,
              Kind.VMIM,
              Thing.create(Kind.VMIM, Bed.NAMESPACE, "web-in")
                  .set("spec.vmiName", Bed.VM)
                  .set("spec.receive", Json.object("migrationID", "1")));
          bed.pass(Duration.ofSeconds(6));
          bed.delete(Side.SOURCE, Kind.VMIM, "web-in");
          bed.pass();
        });
    ALL.put("limits", bed -> five(bed, Switch.TARGET_NOT_READY));
    ALL.put("limits_pending", bed -> five(bed, Switch.POD_PENDING));
    ALL.put(
        "differs_cpu",
        bed ->
            Steps.differs(
                bed,
                vm -> {
                  vm.set("spec.template.spec.domain.cpu", Json.object("cores", 2));
                  vm.set("spec.template.spec.domain.memory", Json.object("guest", "256Mi"));
                }));
    ALL.put("differs_volume_name", bed -> Steps.differs(bed, vm -> disks(vm, "other", "web-d0")));
    ALL.put("differs_no_disks", bed -> Steps.differs(bed, vm -> disks(vm)));
    ALL.put(
        "differs_claim_name",
        bed ->
            Steps.differs(
                bed,
                vm -> {
                  bed.claim("else-d0", "1Gi");
                  disks(vm, "d0", "else-d0");
                }));
    ALL.put(
        "differs_more_disks",
        bed ->
            Steps.differs(
                bed,
                vm -> {
                  bed.claim("web-d1", "1Gi");
                  disks(vm, "d0", "web-d0", "d1", "web-d1");
                }));
  }

  private LinkScenarios() {}

  private static void cutAndSwitch(Bed bed, String strategy) {
    Steps.copying(bed, strategy);
    bed.world.cutLink(true);
    Steps.goOn(bed);
  }

  private static void healed(Bed bed) {
    bed.world.cutLink(false);
    bed.pass(Duration.ofMinutes(2));
  }

  private static void podGone(Bed bed, String strategy) {
    cutAndSwitch(bed, strategy);
    bed.guest(Side.SOURCE).killPods();
    bed.pass();
    healed(bed);
  }

  private static void restarted(Bed bed, Side side) {
    Steps.copying(bed);
    bed.world.side(side).restartSync();
    bed.pass();
  }

  private static void restart(String name, Side side, Switch hold, String phase) {
    ALL.put(name, bed -> restart(bed, side, hold, phase));
  }

  private static void restart(Bed bed, Side side, Switch hold, String phase) {
    Steps.held(bed, hold, phase);
    ClusterWorld cluster = bed.world.side(side);
    cluster.restartSync();
    bed.pass(Duration.ofSeconds(22));
    bed.world.target().release(hold);
    bed.pass();
  }

  private static void disks(Thing vm, String... named) {
    List<Object> disks = new java.util.ArrayList<>();
    List<Object> volumes = new java.util.ArrayList<>();
    for (int i = 0; i < named.length; i += 2) {
      disks.add(Json.object("name", named[i], "disk", Json.object("bus", "virtio")));
      volumes.add(
          Json.object(
              "name", named[i], "persistentVolumeClaim", Json.object("claimName", named[i + 1])));
    }
    vm.set("spec.template.spec.domain.devices.disks", disks);
    vm.set("spec.template.spec.volumes", volumes);
  }

  private static void five(Bed bed, Switch hold) {
    bed.simulator.install();
    bed.trust();
    bed.world.target().hold(hold);
    for (int i = 0; i < 5; i++) {
      bed.sample = SampleVm.of(Bed.NAMESPACE, "w" + i).disk("d0", "1Gi");
      bed.booted("Always");
    }
    for (int i = 0; i < 5; i++) {
      bed.halves("w" + i);
    }
    bed.pass(Duration.ofSeconds(15));
    bed.world.target().release(hold);
    bed.pass(Duration.ofMinutes(3));
  }
}
