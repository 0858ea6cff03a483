package dev.migrator.testkit.kubevirt.machine;

import java.io.Serial;

/** Admission or validation refused an actor's write; the message is the server's. */
public final class DeniedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  DeniedException(String message, Throwable cause) {
    super(message, cause);
  }
}
