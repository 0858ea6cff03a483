package dev.migrator.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which machine may start: never more at a time than the limits allow, over all plans.
 *
 * <p>Within a plan the machines start in its order, because the runner asks in that order. Between
 * plans a free place goes to the one that holds the fewest: a plan that holds more gives way to one
 * that asked in vain within {@link #PATIENCE}, so that a plan whose host went away blocks nobody.
 * Machines that were found on their way after a restart are counted, never refused. Safe for use by
 * several threads.
 */
final class VmScheduler {

  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where a plan's machines leave and arrive. */
  record Line(String plan, String source, String target) {

    boolean meets(Line other) {
      return source.equals(other.source) || target.equals(other.target);
    }
  }

  private final Limits limits;
  private final Object lock = new Object();
  private final Map<String, Integer> leaving = new HashMap<>();
  private final Map<String, Integer> arriving = new HashMap<>();
  private final Map<String, Integer> held = new HashMap<>();
  private final Map<Line, Instant> waiting = new LinkedHashMap<>();

  VmScheduler(Limits limits) {
    this.limits = limits;
  }

  /** Takes a place if there is one; else the line waits from its first vain try on. */
  boolean tryTake(Line line, Instant now) {
    synchronized (lock) {
      if (isFull(line) || mustGiveWay(line, now)) {
        waiting.put(line, now);
        return false;
      }
      waiting.remove(line);
      count(line, 1);
      return true;
    }
  }

  /** Takes a place for a machine that is on its way already. */
  void take(Line line) {
    synchronized (lock) {
      count(line, 1);
    }
  }

  /** Gives a place back. */
  void release(Line line) {
    synchronized (lock) {
      count(line, -1);
    }
  }

  /**
   * The plan that should take a free place next, so that its host can be woken.
   *
   * @return the waiting plan that holds the fewest places; of equals the one that has waited
   *     longest
   */
  Optional<String> next(Instant now) {
    synchronized (lock) {
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      waiting.values().removeIf(asked -> !isPatient(asked, now));
      return waiting.keySet().stream()
          .filter(line -> !isFull(line))
          .min(Comparator.comparingInt(line -> held.getOrDefault(line.plan(), 0)))
          .map(Line::plan);
    }
  }

  /** Takes note which lines of a plan still wait for a place. */
  void keep(String plan, Set<Line> lines) {
    synchronized (lock) {
      waiting.keySet().removeIf(line -> line.plan().equals(plan) && !lines.contains(line));
    }
  }

  private boolean isFull(Line line) {
    return leaving.getOrDefault(line.source(), 0) >= limits.perSource()
        || arriving.getOrDefault(line.target(), 0) >= limits.perTarget();
  }

  private boolean mustGiveWay(Line line, Instant now) {
    int own = held.getOrDefault(line.plan(), 0);
    return own > 0
        && waiting.entrySet().stream()
            .anyMatch(
                entry ->
                    !entry.getKey().plan().equals(line.plan())
                        && entry.getKey().meets(line)
                        && !isFull(entry.getKey())
                        && held.getOrDefault(entry.getKey().plan(), 0) < own
                        && isPatient(entry.getValue(), now));
  }

  private static boolean isPatient(Instant asked, Instant now) {
    return asked.plus(PATIENCE).isAfter(now);
  }

  private void count(Line line, int change) {
    add(leaving, line.source(), change);
    add(arriving, line.target(), change);
    add(held, line.plan(), change);
  }

  private static void add(Map<String, Integer> counts, String key, int change) {
    counts.compute(
        key,
        (name, count) -> {
          int sum = (count == null ? 0 : count) + change;
          return sum == 0 ? null : sum;
        });
  }
}
