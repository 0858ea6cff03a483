package dev.migrator.examples.benchmarks;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.Limits;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.StatusStore;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the runner needs for many machines: heap for each that waits, time and CPU to bring all of
 * them to their end, time to take them up again after a restart. Run by hand; the arguments are the
 * numbers of machines.
 */
public final class Footprint {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final PrintStream out;
  private final AtomicBoolean parks = new AtomicBoolean();
  private final PhaseOutcome waits =
      PhaseOutcome.await("signal", Duration.ofHours(1), "Waiting for the signal.");
  private final PhaseOutcome done = PhaseOutcome.advance();

  private Footprint(PrintStream out) {
    this.out = out;
  }

  /** Measures. */
  public static void main(String[] args) {
    Footprint footprint = new Footprint(System.out);
    Map<Integer, double[]> measured = new TreeMap<>();
    for (int round = 0; round < 5; round++) {
      for (String arg : args) {
        int machines = Integer.parseInt(arg);
        measured.put(machines, footprint.measure(machines));
      }
    }
    measured.forEach(footprint::print);
    footprint.growth(measured);
  }

  private double[] measure(int machines) {
    MigrationPlan.Builder builder = InstantProvider.plan("plan");
    for (int i = 0; i < machines; i++) {
      builder.vm("default", "vm-" + i);
    }
    MigrationPlan plan = builder.build();
    StatusStore store = new InMemoryStatusStore();
    MigrationRunner runner = runner(store);
    parks.set(true);
    runner.turn(plan);
    long parked = heap();
    runner.close();
    runner = runner(store);
    long stored = heap();

    long restarted = System.nanoTime();
    runner.turn(plan);
    double restart = millisSince(restarted);

    parks.set(false);
    MigrationRunner last = runner;
    plan.vms().forEach(vm -> last.wake("plan", vm.source()));
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    if (runner.turn(plan).isPresent()) {
      throw new IllegalStateException("Not all machines are done");
    }
    double drain = millisSince(begun);
    double drainCpu = (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6;
    int threads = THREADS.getThreadCount();
    runner.close();
    return new double[] {(double) (parked - stored) / machines, restart, drain, drainCpu, threads};
  }

  private MigrationRunner runner(StatusStore store) {
    return MigrationRunner.builder()
        .registry(MigratorRegistry.of(new InstantProvider(context -> parks.get() ? waits : done)))
        .store(store)
        .limits(Limits.none())
        .validate(false)
        .build();
  }

  private void print(int machines, double[] values) {
    out.printf(
        "%,7d machines: %5.0f B of heap each while they wait, restart %6.1f ms, drain %6.1f ms"
            + " (CPU %6.1f ms), %2.0f threads%n",
        machines, values[0], values[1], values[2], values[3], values[4]);
  }

  /** The slope of CPU over machines on a double logarithmic scale, from the fewest to the most. */
  private void growth(Map<Integer, double[]> measured) {
    if (measured.size() > 1) {
      Map.Entry<Integer, double[]> first = measured.entrySet().iterator().next();
      int most = ((TreeMap<Integer, double[]>) measured).lastKey();
      double[] last = measured.getOrDefault(most, first.getValue());
      double machines = Math.log((double) most / first.getKey());
      out.printf(
          "growth from %,d to %,d machines: CPU exponent %.2f%n",
          first.getKey(), most, Math.log(last[3] / first.getValue()[3]) / machines);
    }
  }

  private static double millisSince(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
