package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Moves that are called off, in every phase and order. */
final class CancelScenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(
        "cancel_waiting",
        bed -> {
          bed.prepared().receive().pass(Duration.ofSeconds(3));
          Steps.drop(bed, "b");
        });
    ALL.put(
        "cancel_sync_a",
        bed -> {
          bed.prepared().send(bed.address()).pass(Duration.ofSeconds(4));
          Steps.drop(bed, "a");
        });
    ALL.put(
        "cancel_pending_ba",
        bed -> {
          Steps.held(bed, Switch.POD_PENDING, "Scheduling");
          Steps.drop(bed, "ba");
        });
    ALL.put(
        "cancel_pending_then_repair",
        bed -> {
          Steps.held(bed, Switch.POD_PENDING, "Scheduling");
          Steps.drop(bed, "ab");
          bed.world.target().release(Switch.POD_PENDING);
          bed.strip(Side.SOURCE);
          Steps.again(bed);
        });
    ALL.put(
        "cancel_preparing_repair",
        bed -> {
          Steps.held(bed, Switch.TARGET_NOT_READY, "PreparingTarget");
          Steps.drop(bed, "ab");
          bed.guest(Side.TARGET).killPods();
          bed.pass();
          bed.world.target().release(Switch.TARGET_NOT_READY);
          bed.strip(Side.SOURCE);
          Steps.again(bed);
        });
    both("cancel_preparing", Switch.TARGET_NOT_READY, "PreparingTarget");
    both("cancel_ready", Switch.HOLD_START, "TargetReady");
    both("cancel_running", Switch.HOLD_RUNNING, "Running");
    both("cancel_switched", Switch.HOLD_ACKNOWLEDGE, "Running");
    both("cancel_acked", Switch.HOLD_COMPLETE, "Running");
    ALL.put(
        "cancel_copying",
        bed -> {
          Steps.copying(bed);
          Steps.drop(bed, "ab");
          bed.delete(Side.TARGET, Kind.VM, Bed.VM);
          bed.pass();
        });
    ALL.put(
        "cancel_target_copying",
        bed -> {
          Steps.copying(bed);
          Steps.drop(bed, "b");
        });
    ALL.put(
        "cancel_receive_then_goes_on",
        bed -> {
          Steps.copying(bed);
          Steps.drop(bed, "b");
          Steps.goOn(bed);
        });
    ALL.put(
        "cancel_send_then_link",
        bed -> {
          Steps.copying(bed);
          bed.world.cutLink(true);
          Steps.drop(bed, "a");
          bed.world.cutLink(false);
          bed.pass();
          Steps.drop(bed, "b");
        });
    ALL.put(
        "same_cluster_cancel",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          bed.world.source().hold(Switch.HOLD_RUNNING, Steps.ELSEWHERE);
          Steps.receiverElsewhere(bed, Side.SOURCE);
          bed.simulator.runUntil("copying", () -> bed.half(Side.SOURCE).equals("Running"));
          bed.clusters
              .actorClient(Side.SOURCE)
              .genericKubernetesResources(Kind.VMIM.context())
              .inNamespace(Steps.ELSEWHERE)
              .withName(Bed.VM + "-in")
              .delete();
          bed.pass();
        });
    ALL.put(
        "vm_before_vmim",
        bed -> {
          bed.prepared();
          bed.world.target().hold(Switch.POD_PENDING);
          bed.go().pass(Duration.ofSeconds(4));
          bed.delete(Side.TARGET, Kind.VM, Bed.VM);
          bed.pass();
          Steps.drop(bed, "ba");
        });
    ALL.put(
        "wrong_teardown_stuck",
        bed -> {
          bed.prepared().receive().pass(Duration.ofSeconds(3));
          bed.delete(Side.TARGET, Kind.VM, Bed.VM);
          bed.pass();
          bed.receiver(vm -> {}).pass();
        });
  }

  private CancelScenarios() {}

  private static void both(String name, Switch hold, String phase) {
    ALL.put(name + "_ab", bed -> Steps.cancel(bed, hold, "ab", phase));
    ALL.put(name + "_ba", bed -> Steps.cancel(bed, hold, "ba", phase));
  }
}
