package dev.migrator.testkit.kubevirt;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles the simulator again and again, for clocks that move by themselves. */
final class BackgroundDriver implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundDriver.class);
  private static final long PERIOD_MILLIS = 50;
  private static final long GRACE_SECONDS = 10;

  private final Engine engine;
  private @Nullable ScheduledExecutorService executor;

  BackgroundDriver(Engine engine) {
    this.engine = engine;
  }

  synchronized void start() {
    if (executor != null) {
      return;
    }
    ScheduledExecutorService fresh =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "kubevirt-simulator");
              thread.setDaemon(true);
              return thread;
            });
    executor = fresh;
    var unused = fresh.scheduleWithFixedDelay(this::turn, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void turn() {
    try {
      engine.settle();
    } catch (KubernetesClientException e) {
      LOGGER.atDebug().setCause(e).log("An API server did not answer; the simulator tries again");
    } catch (RuntimeException e) {
      LOGGER.atError().setCause(e).log("The simulator stumbled; it tries again");
    }
  }

  @Override
  public synchronized void close() {
    ScheduledExecutorService running = executor;
    executor = null;
    if (running == null) {
      return;
    }
    running.shutdown();
    try {
      if (!running.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        running.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
