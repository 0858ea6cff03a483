package dev.migrator.examples.benchmarks;

import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A transition of the runner, with saves and a listener, beside that of a hand-written switch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TransitionBenchmark {

  private final MigrationPlan plan = InstantProvider.plan("bench").vm("default", "vm").build();
  private final Forgetful store = new Forgetful();
  private MigrationRunner runner = MigrationRunner.builder().build();
  private long heard;
  private String step = "";
  private long entered;
  private long ticks;
  private int progress;

  /** Builds the runner. */
  @Setup
  public void start() {
    runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of(InstantProvider.advancing()))
            .store(store)
            .validate(false)
            .listener(event -> heard++)
            .build();
  }

  /** Closes the runner. */
  @TearDown
  public void stop() {
    runner.close();
  }

  /** One machine from its first phase to its end. */
  @Benchmark
  @OperationsPerInvocation(InstantProvider.RUN)
  public long runner() {
    store.saved = null;
    if (runner.turn(plan).isPresent()) {
      throw new IllegalStateException("The machine is not done");
    }
    return heard;
  }

  /**
   * The least that could be done: a switch that keeps phase, step, progress and time, with no save,
   * no listener and no restart.
   */
  @Benchmark
  @OperationsPerInvocation(InstantProvider.RUN)
  public void handWrittenSwitch(Blackhole hole) {
    int phase = 0;
    while (phase < InstantProvider.RUN) {
      step =
          switch (phase / InstantProvider.PHASES_A_STEP) {
            case 0 -> "Step0";
            case 1 -> "Step1";
            case 2 -> "Step2";
            default -> "Step3";
          };
      entered = ++ticks;
      progress = 100 * phase / InstantProvider.RUN;
      phase = work(phase);
      hole.consume(step.length() + entered + progress);
    }
  }

  private int work(int phase) {
    return switch (phase) {
      case 0, 2, 4, 6, 8, 10, 12, 14 -> plan.warm() ? phase : phase + 1;
      default -> plan.cancelled().isEmpty() ? phase + 1 : phase;
    };
  }

  /** Holds one status and forgets it when told. */
  private static final class Forgetful implements StatusStore {
    @org.jspecify.annotations.Nullable VmStatus saved;

    @Override
    public List<VmStatus> load(String plan) {
      VmStatus status = saved;
      return status == null ? List.of() : List.of(status);
    }

    @Override
    public boolean save(VmStatus status) {
      saved = status.withVersion(status.version() + 1);
      return true;
    }
  }
}
