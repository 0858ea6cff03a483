package dev.migrator.testkit.apiserver;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What goes wrong with one request; chosen by a {@link FaultHook}. */
public sealed interface Fault {

  /** Nothing goes wrong. */
  Fault NONE = new None();

  /** Nothing goes wrong; see {@link #NONE}. */
  record None() implements Fault {}

  /**
   * The caller gets this answer. Given before the effect, there is no effect; given after it, the
   * effect stands and only the answer lies.
   *
   * @param code HTTP status such as 409, 429, 500, 503
   * @param reason {@code Status.reason} such as {@code Conflict}
   * @param message {@code Status.message}
   * @param retryAfter what the {@code Retry-After} header says, in whole seconds; with it the body
   *     is the message as plain text and no {@code Status}, as from an overloaded API server
   */
  record Answer(int code, String reason, String message, @Nullable Duration retryAfter)
      implements Fault {}

  /** The connection breaks: the caller gets an {@link java.io.IOException} and knows nothing. */
  record Drop() implements Fault {}

  /**
   * The request takes this much longer and is then carried out. With a {@code ManualClock} the
   * clock is moved on, otherwise the answer really comes later.
   *
   * @param time how long
   */
  record Delay(Duration time) implements Fault {}

  /** The calling process dies here: the caller's thread gets a {@link SimulatedCrash}. */
  record Crash() implements Fault {}

  /** Returns an answer with the usual reason for its code. */
  static Fault answer(int code) {
    return new Answer(code, Status.reasonOf(code), "Injected by the test", null);
  }

  /** Returns 429 with {@code Retry-After} and without a {@code Status}, as from an API server. */
  static Fault tooManyRequests(Duration retryAfter) {
    return new Answer(
        429, "TooManyRequests", "Too many requests, please try again later.\n", retryAfter);
  }

  /** Returns the broken connection. */
  static Fault drop() {
    return new Drop();
  }

  /** Returns a slow request. */
  static Fault delay(Duration time) {
    return new Delay(time);
  }

  /** Returns the death of the calling process. */
  static Fault crash() {
    return new Crash();
  }
}
