package dev.migrator.kubevirt;

/**
 * What an instance's migration state says about this attempt; each value includes the ones before
 * it only in time, never in meaning.
 */
enum Stamp {
  /** Nothing, or it speaks of another move. */
  NONE,
  /** The guest runs on the target: the point of no return. */
  DOMAIN_READY,
  /** It is over, and well. */
  COMPLETED,
  /** It is over, and failed, without the guest ever having run on the target. */
  FAILED,
  /** It says both that the guest ran on the target and that the move failed. */
  CONTRADICTION;

  /** Reads the migration state of an instance that is known to speak of this attempt. */
  static Stamp of(MigrationStateView state) {
    if (state.failed()) {
      return state.domainReady().isPresent() ? CONTRADICTION : FAILED;
    }
    if (state.completed()) {
      return COMPLETED;
    }
    return state.domainReady().isPresent() ? DOMAIN_READY : NONE;
  }

  /** Whether it proves that the guest has moved. */
  boolean isMoved() {
    return this == DOMAIN_READY || this == COMPLETED;
  }
}
