package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Watches that a test broke. Clients open them again on threads of their own, in real time: a run
 * that did not wait for that would be another one each time.
 */
final class DroppedWatches {

  private static final Duration LONGEST_RECONNECT = Duration.ofSeconds(2);

  private final EmbeddedClusters clusters;
  private final Predicate<Side> away;
  private final Map<Side, Integer> open = new EnumMap<>(Side.class);

  /**
   * Knows of no broken watch yet.
   *
   * @param clusters where they are
   * @param away the clusters that nobody reaches now, whose watches stay broken
   */
  DroppedWatches(EmbeddedClusters clusters, Predicate<Side> away) {
    this.clusters = clusters;
    this.away = away;
  }

  void drop(Side side) {
    open.merge(side, clusters.server(side).openWatches(), Math::max);
    clusters.dropWatches(side);
  }

  /** Waits until as many are open as there were, where they can be. */
  void awaitReopened() {
    open.forEach(
        (side, before) -> {
          long end = System.nanoTime() + LONGEST_RECONNECT.toNanos();
          while (!away.test(side)
              && clusters.server(side).openWatches() < before
              && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
          }
        });
    open.keySet().removeIf(side -> !away.test(side));
  }
}
