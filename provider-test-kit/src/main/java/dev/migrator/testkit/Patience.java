package dev.migrator.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs work on a thread of its own, so that work that blocks fails a test instead of hanging it.
 */
final class Patience {

  private Patience() {}

  /**
   * Runs work to its end.
   *
   * @param limit how long it may take by the wall clock
   * @param work the work
   * @return its result
   * @throws AssertionError when it does not come back in time
   */
  static <T> T call(Duration limit, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "migrator-test-kit");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      StackTraceElement[] where = thread.getStackTrace();
      thread.interrupt();
      AssertionError late =
          new AssertionError("The run did not come back within " + limit + "; something blocks");
      late.setStackTrace(where);
      throw late;
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
}
