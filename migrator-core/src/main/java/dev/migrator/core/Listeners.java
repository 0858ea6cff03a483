package dev.migrator.core;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells every listener, whatever another one throws. */
final class Listeners {

  private static final Logger LOGGER = LoggerFactory.getLogger(Listeners.class);

  private record Guarded(MigrationListener listener, AtomicBoolean complained) {
    void onEvent(MigrationEvent event) {
      try {
        listener.onEvent(event);
      } catch (RuntimeException e) {
        if (complained.compareAndSet(false, true)) {
          LOGGER
              .atError()
              .addKeyValue("listener", listener.getClass().getName())
              .addKeyValue("event", event)
              .setCause(e)
              .log("A listener failed; further failures of it are not logged");
        }
      }
    }
  }

  private final List<Guarded> listeners;

  Listeners(List<MigrationListener> listeners) {
    this.listeners =
        listeners.stream().map(each -> new Guarded(each, new AtomicBoolean())).toList();
  }

  void tell(List<MigrationEvent> events) {
    for (MigrationEvent event : events) {
      tell(event);
    }
  }

  void tell(MigrationEvent event) {
    log(event);
    for (Guarded listener : listeners) {
      listener.onEvent(event);
    }
  }

  private static void log(MigrationEvent event) {
    Level level = event instanceof MigrationEvent.Progressed ? Level.DEBUG : Level.INFO;
    if (!LOGGER.isEnabledForLevel(level)) {
      return;
    }
    var line = LOGGER.atLevel(level).addKeyValue("plan", event.plan());
    if (event instanceof MigrationEvent.OfVm ofVm) {
      line = line.addKeyValue("vm", ofVm.vm());
    }
    line.log(event.describe());
  }
}
