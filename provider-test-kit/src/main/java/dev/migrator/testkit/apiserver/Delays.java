package dev.migrator.testkit.apiserver;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** How a server lets time pass for a {@link Fault.Delay}. */
@FunctionalInterface
public interface Delays {

  /** The way of real time: the answer comes later, no thread waits. */
  Delays REAL =
      time -> {
        Executor later = CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
      };

  /** Returns what is completed when the time has passed. */
  CompletableFuture<Void> pass(Duration time);
}
