package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.controller.VmController.Failure;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What each run strategy makes of a VM and its VMI (KubeVirt's {@code syncRunStrategy}). */
final class RunStrategies {
  private static final Duration NOT_COMPLETED_RETRY = Duration.ofSeconds(2);

  private final Site site;
  private final VmiStarter starter;

  RunStrategies(Site site) {
    this.site = site;
    this.starter = new VmiStarter(site);
  }

  /** One pass; null where it went well. */
  @Nullable Failure sync(Thing vm, @Nullable Thing vmi) {
    if (vmi != null && vmi.deleting()) {
      stop(vmi);
      return null;
    }
    return switch (Vms.strategy(vm)) {
      case Vms.ALWAYS -> always(vm, vmi);
      case "RerunOnFailure" -> rerunOnFailure(vm, vmi);
      case "Manual" -> manual(vm, vmi);
      case "Once" -> vmi == null ? starter.start(vm, false) : null;
      case Vms.RECEIVER -> receiver(vm, vmi);
      default -> halted(vm, vmi);
    };
  }

  private @Nullable Failure always(Thing vm, @Nullable Thing vmi) {
    if (vmi == null) {
      return starter.start(vm, false);
    }
    boolean stop = Vms.stopRequested(vm, vmi);
    if (!stop && !Vmis.isFinal(vmi)) {
      return null;
    }
    if (Vmis.isDecentralized(vmi) && Vmis.isCompleted(vmi)) {
      return haltMoved(vm);
    }
    if (Vmis.isDecentralized(vmi) && !stop) {
      // completed may still come from the other side; only the clock asks again
      site.elapsed(vmi, "not-completed", NOT_COMPLETED_RETRY);
      return null;
    }
    stop(vmi);
    return null;
  }

  /** The guest has moved away, as KubeVirt sees it, so it must not be started here again. */
  private @Nullable Failure haltMoved(Thing vm) {
    String refused = "Running and RunStrategy are mutually exclusive";
    if (vm.has("spec.running")) {
      site.event(vm, "Warning", "FailedUpdateError", refused);
      return new Failure("FailedUpdateError", refused);
    }
    try {
      site.store().replace(Kind.VM, vm.copy().set("spec.runStrategy", Vms.HALTED));
      return null;
    } catch (DeniedException e) {
      return new Failure("FailedUpdateError", String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Failure rerunOnFailure(Thing vm, @Nullable Thing vmi) {
    if (vmi != null) {
      if (Vms.stopRequested(vm, vmi) || Vmis.isFinal(vmi)) {
        boolean failed = "Failed".equals(Vmis.phase(vmi));
        stop(vmi);
        if (failed && !Vms.startRequested(vm)) {
          Thing copy = vm.copy();
          Vms.request(copy, "Start", "");
          site.store().replaceStatus(Kind.VM, copy);
        }
      }
      return null;
    }
    if (!Vms.startRequested(vm) && "RerunOnFailure".equals(vm.text("status.runStrategy"))) {
      return null;
    }
    return starter.start(vm, false);
  }

  private @Nullable Failure manual(Thing vm, @Nullable Thing vmi) {
    if (vmi != null) {
      if (Vms.stopRequested(vm, vmi)) {
        stop(vmi);
      }
      return null;
    }
    return Vms.startRequested(vm) ? starter.start(vm, false) : null;
  }

  private @Nullable Failure halted(Thing vm, @Nullable Thing vmi) {
    if (Vms.startRequested(vm) && !vm.has("spec.running")) {
      // a restart passes through here where the migrated VM was taken for moved away
      if (vmi == null) {
        site.store().replace(Kind.VM, vm.copy().set("spec.runStrategy", Vms.ALWAYS));
      }
    }
    if (vmi != null) {
      stop(vmi);
    }
    return null;
  }

  private @Nullable Failure receiver(Thing vm, @Nullable Thing vmi) {
    if (vmi == null) {
      return starter.start(vm, true);
    }
    if (Vmis.isReceiver(vmi) || Vmis.isFinal(vmi)) {
      return null;
    }
    if (!Vmis.isCompleted(vmi)) {
      return new Failure(
          "FailedCreate",
          "VM " + vm.key() + " waits as receiver, but its VMI is not a migration target");
    }
    String restored = vm.annotation(Vms.RESTORE_ANNOTATION);
    if (restored.isEmpty() || restored.equals(Vms.RECEIVER)) {
      return null;
    }
    if (!Vms.STRATEGIES.contains(restored)) {
      return new Failure(
          "FailedUpdateError", "admission webhook denied the request: Invalid RunStrategy");
    }
    try {
      site.store().replace(Kind.VM, vm.copy().set("spec.runStrategy", restored));
      return null;
    } catch (DeniedException e) {
      return new Failure("FailedUpdateError", String.valueOf(e.getMessage()));
    }
  }

  /** Deletes a VMI; takes the VM controller's finalizer off one that nothing runs in. */
  void stop(Thing vmi) {
    Thing current = vmi;
    if (VmController.leavesAtOnce(current) && current.hasFinalizer(Vmis.VM_FINALIZER)) {
      current = site.store().replace(Kind.VMI, current.copy().finalizer(Vmis.VM_FINALIZER, false));
    }
    if (!current.deleting() && site.store().find(Kind.VMI, vmi.namespace(), vmi.name()) != null) {
      site.store().delete(Kind.VMI, current);
      site.timers().forgetAll(vmi.uid());
    }
  }
}
