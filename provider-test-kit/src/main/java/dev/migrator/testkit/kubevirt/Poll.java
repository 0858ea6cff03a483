package dev.migrator.testkit.kubevirt;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting in real time for something that another process does. */
final class Poll {

  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Poll() {}

  /**
   * Looks again and again until something is so.
   *
   * @param what the sentence for the error message
   * @throws IllegalStateException when it is not so after a minute and a half
   */
  static void until(String what, BooleanSupplier isSo) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Waited " + LIMIT + " in vain until " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
