package dev.migrator.core;

/** Is told what happened; supplied by the host. */
@FunctionalInterface
public interface MigrationListener {

  /**
   * Takes note of an event.
   *
   * <p>Called after the status that the event belongs to was saved, on the thread that ran the
   * machine, so by several threads at a time when the host gave an executor. It must be quick. What
   * it throws is caught, logged once a listener, and has no other effect. After a crash between
   * save and call the event is lost; the status never is.
   *
   * @param event what happened
   */
  void onEvent(MigrationEvent event);
}
