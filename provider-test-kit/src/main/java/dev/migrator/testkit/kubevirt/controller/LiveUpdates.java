package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import org.jspecify.annotations.Nullable;

/** What becomes of a change of a VM's CPU sockets while its VMI runs. */
final class LiveUpdates {
  static final String RESTART_CONDITION = "RestartRequired";

  private static final String SOCKETS = "domain.cpu.sockets";
  private static final String CORES = "domain.cpu.cores";
  private static final String THREADS = "domain.cpu.threads";

  private LiveUpdates() {}

  /** Why the change cannot be made now; null where there is none, or it waits for a restart. */
  static VmController.@Nullable Failure refusal(Thing vm, Thing vmi) {
    return differs(vm, vmi) && migrates(vmi)
        ? new VmController.Failure(
            "HotPlugCPUError",
            "Error encountered while handling CPU change request: CPU hotplug is not allowed while"
                + " VMI is migrating")
        : null;
  }

  /** Notes on the VM that it needs a restart, or no more. */
  static void note(Thing copy, @Nullable Thing vmi, Site site) {
    if (vmi != null && (differs(copy, vmi) || isOther(copy, vmi)) && !migrates(vmi)) {
      Conditions.set(
          copy,
          RESTART_CONDITION,
          "True",
          "",
          differs(copy, vmi)
              ? "CPU sockets updated in template spec to a value higher than what is available"
              : "a non-live-updatable field was changed in the template spec",
          site.now());
    } else {
      Conditions.remove(copy, RESTART_CONDITION);
    }
  }

  /** An instance type gives the VMI sockets that the template does not have. */
  private static boolean differs(Thing vm, Thing vmi) {
    return !vm.has("spec.instancetype")
        && !Vms.RECEIVER.equals(Vms.strategy(vm))
        && count(vm, "spec.template.spec." + SOCKETS) != count(vmi, "spec." + SOCKETS);
  }

  /** What is not plugged in while the guest runs. */
  private static boolean isOther(Thing vm, Thing vmi) {
    return !vm.has("spec.instancetype")
        && !Vms.RECEIVER.equals(Vms.strategy(vm))
        && (count(vm, "spec.template.spec." + CORES) != count(vmi, "spec." + CORES)
            || count(vm, "spec.template.spec." + THREADS) != count(vmi, "spec." + THREADS));
  }

  private static boolean migrates(Thing vmi) {
    return !Vmis.state(vmi, "migrationUid").isEmpty() && !Vmis.isCompleted(vmi);
  }

  private static int count(Thing thing, String path) {
    return thing.at(path) instanceof Number number ? number.intValue() : 1;
  }
}
