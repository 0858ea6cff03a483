package dev.migrator.spi;

import dev.migrator.model.Endpoint;
import dev.migrator.model.VmRef;
import java.time.Clock;
import java.util.concurrent.Executor;

/** What the host gives to a migrator; safe for use by several threads. */
public interface MigratorContext {

  /** The only source of time. */
  Clock clock();

  /**
   * The host's connection to a side.
   *
   * @param endpoint the side
   * @param type the kind of connection, such as a Kubernetes client's class
   * @param <T> the kind of connection
   * @return the connection; it belongs to the host, which closes it
   * @throws MigrationException when the host has none of this kind for this name
   */
  <T> T connection(Endpoint endpoint, Class<T> type);

  /**
   * Runs independent requests of one machine side by side; by default on the calling thread, one
   * after the other.
   */
  Executor executor();

  /**
   * Asks for a machine to be looked at soon.
   *
   * <p>Called by a migrator's watches, from any thread, as often as they like; returns at once. It
   * is a hint: an action decides by what it reads itself.
   *
   * @param plan the plan's id
   * @param vm the machine, by its identity on the source
   */
  void wake(String plan, VmRef vm);
}
