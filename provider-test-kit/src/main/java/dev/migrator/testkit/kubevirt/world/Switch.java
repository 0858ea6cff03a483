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
  /** Source: an abort that was asked for is not carried out. */
  HOLD_ABORT,
  /** Source: its nodes do not reach the target's nodes, so the copy cannot start and fails. */
  NODES_APART,
  /** Source: the copy fails as soon as it has started. */
  FAIL_SOURCE,
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
