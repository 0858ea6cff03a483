package dev.migrator.testkit.kubevirt;

import java.util.EnumSet;
import java.util.Set;

/** The actors of the simulator; each can be left out so that a real one takes its place. */
public enum Role {
  /** virt-api's webhooks; only embedded clusters can have them from the simulator. */
  ADMISSION,
  /** The KubeVirt object's status and the CA bundles. */
  OPERATOR,
  /** VirtualMachine to VirtualMachineInstance. */
  VM_CONTROLLER,
  /** VirtualMachineInstance to launcher pod. */
  VMI_CONTROLLER,
  /** The halves of a migration. */
  MIGRATION_CONTROLLER,
  /** What the clusters tell each other. */
  SYNCHRONIZATION_CONTROLLER,
  /** Deletes what its owner left behind. */
  GARBAGE_COLLECTOR,
  /** Chooses nodes for launcher pods. */
  SCHEDULER,
  /** Binds claims to volumes, as the controller manager does. */
  CLAIM_BINDER,
  /** Makes launcher pods run and end. */
  KUBELET,
  /** Boots, moves and ends guests. */
  HANDLER,
  /** Provides volumes for claims. */
  PROVISIONER,
  /** DataVolumes. */
  CDI;

  /** What no cluster without nodes has: enough to serve real KubeVirt beside a real scheduler. */
  public static final Set<Role> NODE_SIDE =
      Set.copyOf(EnumSet.of(KUBELET, HANDLER, PROVISIONER, CDI));
}
