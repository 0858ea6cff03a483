package dev.migrator.kubevirt;

import java.util.Optional;

/**
 * What one half is good for as evidence; the finer phases of contract 2.2 do not change a verdict.
 */
enum Half {
  /** There is none, or none of this attempt. */
  ABSENT,
  /** It has not begun to copy. */
  PREPARING,
  /** It has not begun to copy and is being deleted: it may stay like that for good. */
  PREPARING_LEAVING,
  /** It copies. */
  COPYING,
  /** It copies and is being deleted: on the source that aborts the copy, on the target nothing. */
  COPYING_LEAVING,
  /** It says that the guest has moved. */
  SUCCEEDED,
  /** It says that the move failed. */
  FAILED;

  /** Reads a half. */
  static Half of(Optional<VmimView> half) {
    if (half.isEmpty()) {
      return ABSENT;
    }
    VmimView view = half.get();
    return switch (view.phase()) {
      case "Succeeded" -> SUCCEEDED;
      case "Failed" -> FAILED;
      case "Running" -> view.isDeleting() ? COPYING_LEAVING : COPYING;
      default -> view.isDeleting() ? PREPARING_LEAVING : PREPARING;
    };
  }

  /** Whether nothing will come of it any more. */
  boolean isOver() {
    return this == ABSENT || this == PREPARING_LEAVING || this == FAILED;
  }
}
