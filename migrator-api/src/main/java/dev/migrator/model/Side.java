package dev.migrator.model;

/** Which of the clusters of a migration something belongs to. */
public enum Side {
  /** The cluster that the virtual machine leaves. */
  SOURCE,
  /** The cluster that receives the virtual machine. */
  TARGET,
  /** The cluster that hosts the orchestration itself: hooks and persisted status live there. */
  HOST
}
