package dev.migrator.testkit.kubevirt.world;

/**
 * Holds something in the simulated world that would otherwise go on, or breaks it; see {@link
 * ClusterWorld#hold}. Each acts on one side, for everything, for a namespace, or for one VM or
 * claim.
 */
public enum Switch {
  /** Source: the copy does not start (halves stay TargetReady). */
  HOLD_START,
  /** Target: the copy goes on for ever (halves stay Running). */
  HOLD_RUNNING,
  /** Target: the guest has switched over, but nobody acknowledges it (no endTimestamp). */
  HOLD_ACKNOWLEDGE,
  /** Target: acknowledged, but not completed. */
  HOLD_COMPLETE,
  /**
   * Target: the node finishes a move but leaves the VMI marked as a receiver, so that KubeVirt does
   * not restore the VM's run strategy.
   */
  RECEIVER_KEPT,
  /** Source: an abort that was asked for is not carried out, and the copy stands still. */
  HOLD_ABORT,
  /** Source: an abort that was asked for comes too late for QEMU: the copy ends all the same. */
  ABORT_OVERTAKEN,
  /**
   * Both sides' words cross: an abort is carried out just when the target reports that the guest
   * has arrived. The guest stays on the source.
   */
  ABORT_CROSSED,
  /** Source: its nodes do not reach the target's nodes, so the copy cannot start and fails. */
  NODES_APART,
  /** Source: the copy fails as soon as it has started. */
  FAIL_SOURCE,
  /** Source: QEMU does not look at the sizes of disks, as where nodes are only played. */
  SIZES_IGNORED,
  /** Target: the node does not publish its ports (halves stay PreparingTarget). */
  TARGET_NOT_READY,
  /** The launcher pod is scheduled but its containers do not start. */
  POD_PENDING,
  /** No node takes the launcher pod: Unschedulable. */
  POD_UNSCHEDULABLE,
  /** A deleted launcher pod stays Terminating. */
  POD_STUCK,
  /** Source: the launcher of a guest that has moved away does not end. */
  SOURCE_POD_STAYS,
  /** The claim is not bound. */
  CLAIM_PENDING,
  /** The DataVolume makes no progress. */
  DATA_VOLUME_STUCK,
  /** The DataVolume fails. */
  DATA_VOLUME_FAILED,
  /** The launcher's image cannot be pulled. */
  IMAGE_MISSING
}
