package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Moves that go well, and what comes after them. */
final class MoveScenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("happy", bed -> bed.prepared().go().pass());
    for (String strategy : new String[] {"Manual", "Once"}) {
      ALL.put(
          strategy.toLowerCase(java.util.Locale.ROOT), bed -> bed.prepared(strategy).go().pass());
    }
    ALL.put("rerun_on_failure", bed -> bed.prepared("RerunOnFailure").go().pass());
    ALL.put("running_true", bed -> bed.prepared("running").go().pass());
    ALL.put(
        "rwx",
        bed -> {
          bed.accessMode = "ReadWriteMany";
          bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "1Gi", bed.accessMode);
          bed.prepared().go().pass();
        });
    ALL.put(
        "source_first",
        bed -> {
          bed.prepared().send(bed.address()).pass(Duration.ofSeconds(6));
          bed.receive().pass();
        });
    ALL.put(
        "early_half",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          Steps.refused(bed::receive);
          bed.claim("web-d0", "1Gi").receiver(vm -> {}).go().pass();
        });
    ALL.put(
        "no_trust",
        bed -> {
          bed.simulator.install();
          bed.booted("Always").go().pass(Duration.ofSeconds(12));
          bed.trust().pass(Duration.ofMinutes(3));
        });
    ALL.put(
        "rename",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.sample.boot(bed.simulator);
          Steps.receiverElsewhere(bed, Side.TARGET);
          bed.pass();
        });
    ALL.put(
        "same_cluster",
        bed -> {
          bed.simulator.install();
          bed.sample.boot(bed.simulator);
          Steps.receiverElsewhere(bed, Side.SOURCE);
          bed.pass();
        });
    ALL.put("halt_once", bed -> halted(bed, "Once"));
    ALL.put("halt_manual", bed -> halted(bed, "Manual"));
    ALL.put("halt_rerun", bed -> halted(bed, "RerunOnFailure"));
    ALL.put("halt_running", bed -> halted(bed, "running"));
    ALL.put(
        "once_vmi_deleted",
        bed -> {
          bed.prepared("Once").go().pass();
          bed.delete(Side.SOURCE, Kind.VMI, Bed.VM);
          bed.pass();
        });
    ALL.put(
        "tidy_after",
        bed -> {
          bed.prepared().go().pass();
          bed.drop(Side.TARGET);
          bed.delete(Side.SOURCE, Kind.VM, Bed.VM);
          bed.pass();
        });
    ALL.put(
        "both_start",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.SOURCE).start();
          bed.pass();
        });
    ALL.put(
        "later_guest_off",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).shutDown();
          bed.pass();
        });
    ALL.put(
        "later_crash",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).crash();
          bed.pass();
        });
    ALL.put(
        "later_restart",
        bed -> {
          bed.prepared().go().pass();
          bed.guest(Side.TARGET).restart();
          bed.pass();
        });
    ALL.put("no_restore", bed -> restored(bed, null));
    ALL.put("restore_halted", bed -> restored(bed, "Halted"));
    ALL.put("restore_once", bed -> restored(bed, "Once"));
    ALL.put("restore_receiver", bed -> restored(bed, "WaitAsReceiver"));
    ALL.put(
        "restore_invalid",
        bed -> {
          restored(bed, "Sometimes");
          Steps.strategy(bed, Side.TARGET, "Always");
          bed.pass();
        });
    ALL.put(
        "restore_late",
        bed -> {
          restored(bed, null);
          Steps.annotate(bed, "Always");
          bed.pass();
        });
    ALL.put(
        "moved_back",
        bed -> {
          bed.prepared().go().pass();
          bed.drop(Side.TARGET);
          bed.edit(
              Side.SOURCE,
              Kind.VM,
              Bed.VM,
              vm ->
                  vm.annotation(Steps.RESTORE, "Always").set("spec.runStrategy", "WaitAsReceiver"));
          bed.pass();
          bed.next();
          bed.back().pass();
        });
  }

  private MoveScenarios() {}

  private static void halted(Bed bed, String strategy) {
    bed.prepared(strategy).go().pass();
    bed.halt(Side.SOURCE);
    bed.pass();
  }

  private static void restored(Bed bed, String value) {
    bed.prepared();
    Steps.annotate(bed, value);
    bed.go().pass();
  }
}
