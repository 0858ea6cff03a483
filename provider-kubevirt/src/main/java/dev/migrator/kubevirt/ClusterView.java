package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.MigratorContext;

/**
 * What the waits look at: perhaps a moment old, and never reason enough to destroy something.
 *
 * <p>The production implementation watches ({@link WatchedView}) and wakes the machine that an
 * object belongs to; tests read directly ({@link #direct}). Safe for use by several threads.
 */
interface ClusterView extends Reads, AutoCloseable {

  /** Makes the view of a plan's sides. */
  @FunctionalInterface
  interface Factory {

    /**
     * Makes a view; must not block on the network.
     *
     * @param plan the plan
     * @param sides the servers
     * @param context whom to wake
     * @return the view
     */
    ClusterView open(MigrationPlan plan, Sides sides, MigratorContext context);
  }

  /** Begins to follow the installations of KubeVirt, whose CA bundles trust depends on. */
  default void follow(Installations installations) {}

  @Override
  default void close() {}

  /** A view that asks the servers every time. */
  static ClusterView direct(Sides sides) {
    return sides::get;
  }
}
