package dev.migrator.examples.terminal;

/** How a process that moves machines ends. */
public enum Exit {
  /** What was asked for is done: each guest runs on the target and its source is halted. */
  DONE(0),
  /** It is not, or not for all machines. */
  NOT_DONE(1),
  /** The process was asked for something that it does not understand. */
  USAGE(2),
  /** Another program moves a machine. */
  GAVE_WAY(3),
  /** SIGTERM, spelled as shells do: everything is left for the next start. */
  LEFT(143);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  /** What the process returns. */
  public int code() {
    return code;
  }
}
