package dev.migrator.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * How long to wait between tries, and when to give up; the budget is counted anew in every phase
 * and after every try that did not fail.
 *
 * <p>The delay before try {@code n + 1} is {@code first * factor^(n-1)}, at most {@code cap}, made
 * shorter by a random part of at most {@code jitter}. The random part is derived from the plan, the
 * run, the machine, the phase and {@code n}: a restart computes the same delay again, and machines
 * that fail together do not come back together. A longer delay that a server named is honoured.
 *
 * @param first the delay after the first failure; positive
 * @param factor what a delay is multiplied with for the next one; at least 1
 * @param cap the longest delay; at least {@code first}
 * @param jitter the largest part of a delay that is taken off, from 0 to 1
 * @param attempts the failures in a row after which it gives up; at least 1
 * @param total the time since the first failure in a row after which it gives up; positive
 */
public record RetryPolicy(
    Duration first, double factor, Duration cap, double jitter, int attempts, Duration total) {

  private static final RetryPolicy DEFAULTS =
      new RetryPolicy(
          Duration.ofSeconds(1),
          2,
          Duration.ofSeconds(30),
          0.3,
          Integer.MAX_VALUE,
          Duration.ofMinutes(15));

  public RetryPolicy {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(cap, "cap");
    Objects.requireNonNull(total, "total");
    if (!isPositive(first) || cap.compareTo(first) < 0 || !isPositive(total)) {
      throw new IllegalArgumentException(
          "A retry policy needs 0 < first <= cap and 0 < total, got "
              + first
              + ", "
              + cap
              + ", "
              + total);
    }
    if (!(factor >= 1) || !(jitter >= 0 && jitter <= 1) || attempts < 1) {
      throw new IllegalArgumentException(
          "A retry policy needs factor >= 1, jitter from 0 to 1 and attempts >= 1, got "
              + factor
              + ", "
              + jitter
              + ", "
              + attempts);
    }
  }

  /**
   * Rides through an outage of fifteen minutes: from 1 to 30 seconds apart, as often as that takes.
   */
  public static RetryPolicy defaults() {
    return DEFAULTS;
  }

  /** Returns the same policy with another limit of failures in a row. */
  public RetryPolicy attempts(int attempts) {
    return new RetryPolicy(first, factor, cap, jitter, attempts, total);
  }

  /** Returns the same policy with another limit of time. */
  public RetryPolicy total(Duration total) {
    return new RetryPolicy(first, factor, cap, jitter, attempts, total);
  }

  /**
   * The delay after a failure.
   *
   * @param attempt how many failures there were in a row; at least 1
   * @param seed what the random part is derived from
   * @return a delay, never negative and never above {@code cap}
   */
  public Duration delay(int attempt, long seed) {
    double nanos = Math.min(toNanos(first) * Math.pow(factor, attempt - 1d), toNanos(cap));
    return Duration.ofNanos((long) (nanos * (1 - jitter * fraction(seed * 31 + attempt))));
  }

  /**
   * Whether time or failures are used up.
   *
   * @param failures how many failures there were in a row
   * @param since when the first of them happened
   * @param now the time
   * @return whether to give up
   */
  public boolean isSpent(int failures, Instant since, Instant now) {
    return failures >= attempts || isOverdue(since, now);
  }

  /**
   * Whether the time is used up.
   *
   * @param since when the first failure in a row happened
   * @param now the time
   * @return whether to give up, however few failures there were
   */
  boolean isOverdue(Instant since, Instant now) {
    return Duration.between(since, now).compareTo(total) >= 0;
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static double toNanos(Duration duration) {
    return duration.getSeconds() * 1e9 + duration.getNano();
  }

  /** The finishing mix of SplitMix64: near seeds give far fractions. */
  private static double fraction(long seed) {
    long mixed = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
