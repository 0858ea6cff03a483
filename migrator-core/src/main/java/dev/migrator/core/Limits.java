package dev.migrator.core;

/**
 * How many machines may be on their way at a time, over all plans that a runner knows.
 *
 * <p>Endpoints are the same when their names are. A machine counts from its start until it is final
 * or needs attention; one that was started is never stopped again because of a limit.
 *
 * @param perSource the most machines leaving one source; at least 1
 * @param perTarget the most machines arriving at one target; at least 1
 */
public record Limits(int perSource, int perTarget) {

  public Limits {
    if (perSource < 1 || perTarget < 1) {
      throw new IllegalArgumentException(
          "At least one machine must be allowed, got " + perSource + " and " + perTarget);
    }
  }

  /** Twenty for each source and for each target. */
  public static Limits defaults() {
    return of(20);
  }

  /** The same limit for each source and for each target. */
  public static Limits of(int each) {
    return new Limits(each, each);
  }

  /** As many as there are. */
  public static Limits none() {
    return of(Integer.MAX_VALUE);
  }
}
