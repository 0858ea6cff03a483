package dev.migrator.spi;

/** When a hook runs. */
public enum HookStage {
  /** Before anything is written for the machine. */
  PRE,
  /** After the guest has moved. */
  POST
}
