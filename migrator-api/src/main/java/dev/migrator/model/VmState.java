package dev.migrator.model;

/**
 * Where the move of one virtual machine stands as a whole.
 *
 * <pre>
 * PENDING -> RUNNING -> ENDING -> SUCCEEDED | FAILED | CANCELLED
 *               ^---------'  (clean-up found that the guest has moved: the itinerary goes on)
 *                            any of RUNNING, ENDING -> NEEDS_ATTENTION
 * </pre>
 *
 * <p>The one invariant: a machine whose hand-over is recorded never ends FAILED or CANCELLED.
 */
public enum VmState {
  /** Not started; nothing was written for it. */
  PENDING,
  /** A phase of its itinerary is at work. */
  RUNNING,
  /** The itinerary is over and the ending is being carried out: clean-up or roll-back. */
  ENDING,
  /** The guest runs on the target; look at the warnings. */
  SUCCEEDED,
  /** The guest runs on the source as before and nothing of ours is left but what was asked for. */
  FAILED,
  /** As FAILED, because a person asked for it. */
  CANCELLED,
  /** Nothing is deleted any more and a person must look; the failure says at what. */
  NEEDS_ATTENTION;

  /** Whether no turn will change it any more. */
  public boolean isFinal() {
    return this != PENDING && this != RUNNING && this != ENDING;
  }

  /** Whether it takes part in the limits of machines in flight. */
  public boolean isInFlight() {
    return this == RUNNING || this == ENDING;
  }
}
