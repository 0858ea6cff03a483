package dev.migrator.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Runs work on a thread of its own, so that work that blocks fails a test instead of hanging it.
 */
final class Patience {

  private Patience() {}

  /**
   * Runs work to its end.
   *
   * @param limit how long it may go by the wall clock without a heartbeat
   * @param heartbeat a number that changes as long as the work gets on
   * @param work the work
   * @return its result
   * @throws AssertionError when it does not get on
   */
  static <T> T call(Duration limit, LongSupplier heartbeat, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "migrator-test-kit");
    thread.setDaemon(true);
    thread.start();
    try {
      while (true) {
        long beat = heartbeat.getAsLong();
        try {
          return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (beat == heartbeat.getAsLong()) {
            throw blocked(limit, thread);
          }
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new AssertionError("The run ended with " + e.getCause(), e.getCause());
    }
  }

  private static AssertionError blocked(Duration limit, Thread thread) {
    AssertionError late =
        new AssertionError("A turn did not come back within " + limit + "; something blocks");
    late.setStackTrace(thread.getStackTrace());
    thread.interrupt();
    return late;
  }
}
