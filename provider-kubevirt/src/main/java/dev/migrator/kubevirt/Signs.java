package dev.migrator.kubevirt;

/**
 * Everything that a verdict depends on, and nothing else.
 *
 * @param send the half on the source
 * @param source the instance on the source
 * @param sourceStamp what the source's instance says about this attempt
 * @param receive the half on the target
 * @param target the instance on the target
 * @param targetStamp what the target's instance says about this attempt
 */
record Signs(
    Half send, Guest source, Stamp sourceStamp, Half receive, Guest target, Stamp targetStamp) {

  /** Whether the guest is known to have moved (R1): either side's word is enough. */
  boolean isMoved() {
    return sourceStamp.isMoved() || targetStamp.isMoved();
  }

  /** Whether one of the sides contradicts itself, or they contradict each other. */
  boolean isContradiction() {
    boolean one = sourceStamp == Stamp.CONTRADICTION || targetStamp == Stamp.CONTRADICTION;
    boolean sides = isMoved() && (sourceStamp == Stamp.FAILED || targetStamp == Stamp.FAILED);
    return one || sides;
  }

  /** Whether somebody says that this attempt failed. */
  boolean isFailed() {
    return send == Half.FAILED
        || receive == Half.FAILED
        || sourceStamp == Stamp.FAILED
        || targetStamp == Stamp.FAILED;
  }

  /** Whether nothing can come of this attempt any more, although nobody says so. */
  boolean isDead() {
    // A receive half alone may go while memory is copied; the copy goes on without it.
    return send.isOver() || (receive.isOver() && send == Half.PREPARING);
  }
}
