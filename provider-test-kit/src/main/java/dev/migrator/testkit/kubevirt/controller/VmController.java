package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import org.jspecify.annotations.Nullable;

/**
 * KubeVirt's VM controller (contract 2.1, 2.6, 2.7, 2.8): VirtualMachine to VMI, and its status.
 */
public final class VmController implements Actor {
  private final Site site;
  private final RunStrategies strategies;
  private final VmStatusWriter status;
  private final ReceiverVolumes receiverVolumes;

  /** The VM controller of a cluster. */
  public VmController(Site site) {
    this.site = site;
    this.strategies = new RunStrategies(site);
    this.status = new VmStatusWriter(site);
    this.receiverVolumes = new ReceiverVolumes(site);
  }

  @Override
  public void tick() {
    site.each(Kind.VM, this::reconcile);
  }

  private void reconcile(Thing vm) {
    Thing vmi = own(vm);
    if (vm.deleting()) {
      tearDown(vm, vmi);
      return;
    }
    if (!vm.hasFinalizer(Vms.FINALIZER)) {
      Thing copy = vm.copy().finalizer(Vms.FINALIZER, true);
      VmDefaults.apply(copy, site.version(), site.random()); // where no webhook has done it
      status.update(site.store().replace(Kind.VM, copy), vmi, null);
      return;
    }
    Failure failure = strategies.sync(vm, vmi);
    if (failure == null && vmi != null) {
      receiverVolumes.write(vm, vmi);
      failure = LiveUpdates.refusal(vm, vmi);
    }
    letGo(own(vm));
    Thing fresh = site.store().find(Kind.VM, vm.namespace(), vm.name());
    if (fresh != null) {
      status.update(fresh, own(fresh), failure);
    }
  }

  private @Nullable Thing own(Thing vm) {
    Thing vmi = site.store().find(Kind.VMI, vm.namespace(), vm.name());
    return vmi != null && vm.uid().equals(vmi.owner(Kind.VM.kind())) ? vmi : null;
  }

  /** A VMI that has ended needs its VM no more, whether it is to go or not. */
  private void letGo(@Nullable Thing vmi) {
    if (vmi != null && Vmis.isFinal(vmi) && vmi.hasFinalizer(Vmis.VM_FINALIZER)) {
      site.store().replace(Kind.VMI, vmi.copy().finalizer(Vmis.VM_FINALIZER, false));
    }
  }

  private void tearDown(Thing vm, @Nullable Thing vmi) {
    if (vmi != null) {
      strategies.stop(vmi);
      status.update(vm, own(vm), null);
    } else if (vm.hasFinalizer(Vms.FINALIZER)) {
      site.store().replace(Kind.VM, vm.copy().finalizer(Vms.FINALIZER, false));
    }
  }

  /** Why a pass over a VM did not succeed; shown as the VM's condition Failure. */
  record Failure(String reason, String message) {}

  static boolean leavesAtOnce(Thing vmi) {
    return Vmis.isFinal(vmi) || "WaitingForSync".equals(Vmis.phase(vmi));
  }
}
