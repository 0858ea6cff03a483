package dev.migrator.core;

import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Disposition;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a migrator throws into an outcome; the only place that does.
 *
 * <table>
 *   <caption>What becomes of an exception</caption>
 *   <tr><th>thrown</th><th>outcome</th></tr>
 *   <tr><td>{@link MigrationException}, retryable</td><td>retry, no sooner than it says</td></tr>
 *   <tr><td>{@link MigrationException}, permanent</td><td>fail: roll back before the hand-over,
 *       preserve after it</td></tr>
 *   <tr><td>{@link CompletionException}, {@link ExecutionException}</td><td>as its cause</td></tr>
 *   <tr><td>{@link InterruptedException}, or any exception while the thread is interrupted</td>
 *       <td>none: the turn is given up and the thread stays interrupted</td></tr>
 *   <tr><td>any other exception</td><td>retry: I/O is transient by default</td></tr>
 *   <tr><td>{@link Error}</td><td>none: it is thrown on</td></tr>
 * </table>
 */
final class Outcomes {

  /** The thread was interrupted while a machine was at work; its turn counts as not made. */
  static final class TurnInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TurnInterrupted(Throwable cause) {
      super(cause);
    }
  }

  private Outcomes() {}

  /**
   * Runs a migrator's work.
   *
   * @param handedOver whether the guest is known to have moved
   * @param work what to run
   * @return what it returned, or what its exception stands for
   * @throws TurnInterrupted when the thread was interrupted
   */
  static PhaseOutcome of(boolean handedOver, Callable<PhaseOutcome> work) {
    try {
      return checked(work.call());
    } catch (Exception e) {
      return of(e, handedOver);
    }
  }

  /**
   * Converts an exception.
   *
   * @param thrown what was thrown
   * @param handedOver whether the guest is known to have moved
   * @return the outcome
   * @throws TurnInterrupted when the thread was interrupted
   */
  static PhaseOutcome of(Exception thrown, boolean handedOver) {
    if (thrown instanceof TurnInterrupted interrupted) {
      throw interrupted;
    }
    if (thrown instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      throw new TurnInterrupted(thrown);
    }
    if (thrown instanceof CompletionException || thrown instanceof ExecutionException) {
      if (thrown.getCause() instanceof Error error) {
        throw error;
      }
      if (thrown.getCause() instanceof Exception cause) {
        return of(cause, handedOver);
      }
    }
    if (thrown instanceof MigrationException known) {
      return known.isRetryable()
          ? retry(known, known.retryAfter().orElse(null))
          : new Fail(
              known.code(),
              message(known),
              handedOver ? Disposition.PRESERVE : Disposition.ROLL_BACK,
              Notes.none());
    }
    return retry(thrown, null);
  }

  /**
   * Converts an outcome back, for a caller that can only be thrown at.
   *
   * @param outcome why there is no result, or null when another thread is looking for one
   * @return the exception to throw
   */
  static MigrationException exception(@Nullable PhaseOutcome outcome) {
    if (outcome instanceof Fail fail) {
      return MigrationException.permanent(fail.code(), fail.message());
    }
    return MigrationException.transientFault(
        outcome instanceof Retry retry
            ? retry.message()
            : "The plan is just being opened by another thread; ask again.",
        null);
  }

  private static Retry retry(Exception thrown, @Nullable Duration after) {
    return new Retry(message(thrown), after, Notes.none());
  }

  private static PhaseOutcome checked(@Nullable PhaseOutcome outcome) {
    if (outcome == null) {
      throw MigrationException.permanent(
          "NoOutcome", "A phase returned null; it must say what it found.");
    }
    return outcome;
  }

  private static String message(Exception thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.toString() : message;
  }
}
