package dev.migrator.testkit.kubevirt.machine;

import java.io.Serial;

/**
 * A write met an object that changed or went in the meantime: a controller would be called again
 * with fresh objects, and so is the actor, in the next round.
 */
public final class StaleException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  StaleException(String message, Throwable cause) {
    super(message, cause);
  }
}
