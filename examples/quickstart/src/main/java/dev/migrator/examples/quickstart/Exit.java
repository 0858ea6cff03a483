package dev.migrator.examples.quickstart;

/** How the demo's process ends. */
enum Exit {
  /** The guest runs on the target and the source is halted. */
  MOVED(0),
  /** It does not, or not only there. */
  NOT_MOVED(1),
  /** It was asked for something that it does not understand. */
  USAGE(2),
  /** Another program moves this machine. */
  GAVE_WAY(3),
  /** SIGTERM, spelled as shells do: everything is left for the next start. */
  LEFT(143);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
