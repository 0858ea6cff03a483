package dev.migrator.testkit.kubevirt.machine;

/**
 * One controller (or node agent) of one simulated cluster.
 *
 * <p>The simulator calls {@link #tick} from one thread at a time, in rounds, until no actor writes
 * any more. An actor remembers between ticks only what the real one keeps in memory.
 */
@FunctionalInterface
public interface Actor {
  /** Looks at all objects in the actor's care once and takes for each at most one step. */
  void tick();
}
