package dev.migrator.kubevirt;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Phaser;

/**
 * Lets scenarios that run side by side disturb what they share only when all have come so far, and
 * once for all of them.
 */
final class Together {

  private final Phaser phaser;
  private final boolean scoped;
  private final ConcurrentMap<String, Boolean> done = new ConcurrentHashMap<>();

  /**
   * Joins scenarios.
   *
   * @param parties how many; each leaves exactly once
   * @param scoped whether each disturbs itself alone, and needs nobody
   */
  Together(int parties, boolean scoped) {
    this.phaser = new Phaser(parties);
    this.scoped = scoped;
  }

  /** Acts alone, or waits for the others and then acts, unless one of them has done the same. */
  void act(String what, Runnable action) {
    if (scoped) {
      action.run();
      return;
    }
    int round = phaser.arriveAndAwaitAdvance();
    done.computeIfAbsent(
        round + what,
        key -> {
          action.run();
          return true;
        });
  }

  void leave() {
    phaser.arriveAndDeregister();
  }
}
