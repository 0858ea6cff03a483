package dev.migrator.spi;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong, and this says whether trying again can help.
 *
 * <p>Any other exception that a phase throws counts as {@link #transientFault}: I/O is transient by
 * default. An {@link Error} is never swallowed.
 */
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final boolean retryable;
  private final @Nullable Duration after;

  private MigrationException(
      String code,
      boolean retryable,
      @Nullable Duration after,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryable = retryable;
    this.after = after;
  }

  /**
   * A fault that may pass by itself: the call is tried again under the retry policy.
   *
   * @param message what failed, on which object, why
   * @param cause the cause, or null
   * @return the exception to throw
   */
  public static MigrationException transientFault(String message, @Nullable Throwable cause) {
    return new MigrationException("Transient", true, null, message, cause);
  }

  /**
   * A fault for which the server said when to come back.
   *
   * @param message what failed, on which object, why
   * @param after the shortest time to wait; not negative
   * @param cause the cause, or null
   * @return the exception to throw
   */
  public static MigrationException transientFault(
      String message, Duration after, @Nullable Throwable cause) {
    return new MigrationException("Transient", true, after, message, cause);
  }

  /**
   * A fault that trying again cannot mend: the phase fails. Before the hand-over the machine is
   * rolled back; after it the machine needs attention, because a phase that was cut short may be
   * the one that keeps the guest from running twice. To go on with a warning instead, return {@link
   * PhaseOutcome#fail}.
   *
   * @param code a stable identifier in upper camel case
   * @param message what failed, on which object, why, what to do
   * @param cause the cause, or null
   * @return the exception to throw
   */
  public static MigrationException permanent(
      String code, String message, @Nullable Throwable cause) {
    return new MigrationException(code, false, null, message, cause);
  }

  /**
   * As {@link #permanent(String, String, Throwable)}, without a cause.
   *
   * @param code a stable identifier in upper camel case
   * @param message what failed, on which object, why, what to do
   * @return the exception to throw
   */
  public static MigrationException permanent(String code, String message) {
    return permanent(code, message, null);
  }

  /** A stable identifier in upper camel case. */
  public String code() {
    return code;
  }

  /** Whether trying again can help. */
  public boolean isRetryable() {
    return retryable;
  }

  /** The shortest time to wait before the next try, if the server named one. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(after);
  }
}
