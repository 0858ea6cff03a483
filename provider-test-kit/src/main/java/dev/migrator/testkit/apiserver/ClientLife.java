package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.List;

/**
 * The life of the process that some clients belong to. When it ends, by {@link Fault.Crash} or by
 * {@link #end()}, all its clients die with it: their watches fall silent, and each later request
 * gets a {@link SimulatedCrash} and has no effect. Whoever comes after it gets new clients.
 */
public final class ClientLife {

  private final List<WatchStream> watches = new ArrayList<>();
  private boolean ended;

  /** Starts a life. */
  public ClientLife() {}

  /** Returns whether it has ended. */
  public synchronized boolean hasEnded() {
    return ended;
  }

  /** Ends it; a second time changes nothing. */
  public synchronized void end() {
    ended = true;
    watches.forEach(WatchStream::cut);
    watches.clear();
  }

  synchronized void adopt(WatchStream watch) {
    watches.removeIf(WatchStream::isClosed);
    if (ended) {
      watch.cut();
    } else {
      watches.add(watch);
    }
  }
}
