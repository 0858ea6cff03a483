package dev.migrator.examples.benchmarks;

import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;

/**
 * What embedding costs a fresh process: time and classes until the first machine is done. Run by
 * hand, once for each value.
 */
public final class FirstMachine {

  private FirstMachine() {}

  /** Measures. */
  public static void main(String[] args) {
    ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
    long before = classes.getTotalLoadedClassCount();
    long begun = System.nanoTime();
    try (MigrationRunner runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of(InstantProvider.advancing()))
            .validate(false)
            .build()) {
      if (runner.turn(InstantProvider.plan("plan").vm("default", "vm").build()).isPresent()) {
        throw new IllegalStateException("The machine is not done");
      }
      double millis = (System.nanoTime() - begun) / 1e6;
      System.out.printf(
          "first machine done after %.0f ms, %d classes loaded for it%n",
          millis, classes.getTotalLoadedClassCount() - before);
    }
  }
}
