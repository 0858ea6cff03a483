package dev.migrator.model;

/** How the move of one virtual machine ends. */
public enum Completion {
  /** The guest runs on the target. */
  SUCCEEDED,
  /** The guest stays, or was brought back, on the source. */
  FAILED,
  /** A person asked to undo it in time. */
  CANCELLED
}
