package dev.migrator.model;

/** Where a step stands. */
public enum StepState {
  /** Not reached yet. */
  PENDING,
  /** One of its phases is at work. */
  RUNNING,
  /** All its phases are done. */
  COMPLETED,
  /** One of its phases failed. */
  FAILED,
  /** Not reached because the migration ended before. */
  SKIPPED
}
