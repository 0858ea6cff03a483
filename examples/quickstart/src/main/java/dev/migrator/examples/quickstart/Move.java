package dev.migrator.examples.quickstart;

import dev.migrator.core.MigrationListener;
import dev.migrator.core.MigrationRunner;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.examples.terminal.SavedStatuses;
import dev.migrator.model.Failure;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Moves the one machine of a plan and tells what happens. */
final class Move {

  private static final int REQUESTS_AT_A_TIME = 8;

  private final Cluster from;
  private final Cluster to;
  private final MigrationPlan plan;
  private final StatusStore store;
  private final PrintStream out;
  private final Clock clock;
  private final ClusterChanges changes = new ClusterChanges();
  private final Pace pace;
  private final PlannedVm vm;
  private final AtomicBoolean leaving = new AtomicBoolean();
  private volatile MigrationPlan current;

  Move(
      Cluster from,
      Cluster to,
      MigrationPlan plan,
      StatusStore store,
      PrintStream out,
      Clock clock) {
    this.from = from;
    this.to = to;
    this.plan = plan;
    this.current = plan;
    this.vm = plan.vms().get(0);
    this.store = store;
    this.out = out;
    this.clock = clock;
    this.pace = new Pace(clock, System::nanoTime, changes::lastNanos);
  }

  /** Asks for the machine to be left where it is; from any thread. */
  void cancel() {
    current = plan.cancel(List.of(vm.source()));
    pace.wake();
  }

  /**
   * Asks for everything to be left for the next start; from any thread.
   *
   * @return false when this was asked before
   */
  boolean leave() {
    boolean first = leaving.compareAndSet(false, true);
    pace.wake();
    return first;
  }

  /**
   * Runs the plan to its end, or until it is stopped.
   *
   * @param retry whether a machine that needs attention is taken up again
   * @return what became of the machine
   */
  Exit run(boolean retry) throws InterruptedException {
    out.println(vm.source() + " moves from " + from.name() + " to " + to.name() + ".");
    Optional<VmStatus> earlier = status();
    if (earlier.isPresent() && !tell(earlier.get(), retry)) {
      return Exit.GAVE_WAY;
    }
    out.println();
    VmFacts before = VmFacts.read(from.own(), vm.source());
    SavedStatuses saved = new SavedStatuses(store, earlier.stream().toList());
    ExecutorService requests = Executors.newFixedThreadPool(REQUESTS_AT_A_TIME, Move::daemon);
    changes.follow(from.own(), vm.source().namespace()).follow(to.own(), vm.target().namespace());
    pace.begin();
    List<String> phases = earlier.map(VmStatus::phases).orElse(List.of());
    Narrator narrator = new Narrator(out, clock.instant(), phases);
    earlier.ifPresent(status -> narrator.goesOn(clock.instant(), status));
    Exit stopped;
    try (MigrationRunner runner = runner(saved, narrator, requests)) {
      if (retry) {
        runner.retry(plan, vm.source());
      }
      stopped = turns(runner, saved);
    } finally {
      pace.end();
      requests.shutdownNow();
      changes.close();
    }
    return stopped == null ? conclude(before, saved, narrator) : tell(stopped);
  }

  private Exit conclude(VmFacts before, SavedStatuses saved, Narrator narrator) {
    Optional<VmStatus> end = status();
    Summary summary =
        new Summary(
            end.map(VmStatus::state).orElse(VmState.PENDING),
            before,
            VmFacts.read(from.own(), vm.source()),
            VmFacts.read(to.own(), vm.target()),
            saved.created(),
            saved.removed(),
            end.map(VmStatus::warnings).orElse(List.of()).stream()
                .filter(warning -> !narrator.hasTold(warning))
                .toList());
    summary.print(out, from, to, pace);
    return summary.isMoved() ? Exit.DONE : Exit.NOT_DONE;
  }

  /**
   * Tells what an earlier start came to.
   *
   * @return false when it is for another command to go on
   */
  private boolean tell(VmStatus earlier, boolean retry) {
    boolean same = earlier.run().equals(plan.run());
    if (earlier.state().isInFlight()) {
      out.println("Run " + earlier.run() + (same ? " goes on" : " is on its way") + where(earlier));
      if (!same) {
        out.println("Start that one again until it has ended; this one gives way.");
      }
      return same;
    }
    if (same && earlier.state().isFinal()) {
      Failure failure = earlier.failure();
      out.println("Run " + earlier.run() + " has ended: " + earlier.state() + ".");
      if (failure != null) {
        out.println(failure.code() + ": " + failure.message());
      }
      if (earlier.state() == VmState.NEEDS_ATTENTION) {
        out.println(retry ? "It is taken up again." : "Give -Dretry=true to take it up again.");
      } else {
        out.println("Give another -Drun=... to begin anew.");
      }
    }
    return true;
  }

  private static String where(VmStatus status) {
    return status.completion() == null
        ? " in phase " + status.phase() + "."
        : ": it ends as " + status.completion() + ".";
  }

  private Exit tell(Exit stopped) {
    out.println();
    out.println(
        stopped == Exit.GAVE_WAY
            ? "Another program moves this machine; this one gives way."
            : "Everything is left as it is; the same command goes on from here.");
    return stopped;
  }

  private Optional<VmStatus> status() {
    return store.load(plan.id()).stream()
        .filter(status -> status.vm().equals(vm.source()))
        .findFirst();
  }

  private MigrationRunner runner(
      StatusStore saved, MigrationListener narrator, ExecutorService requests) {
    return MigrationRunner.builder()
        .store(saved)
        .clock(clock)
        .requestExecutor(requests)
        .connection(plan.source().name(), KubernetesClient.class, from.library())
        .connection(plan.target().name(), KubernetesClient.class, to.library())
        .listener(narrator)
        .wakeUp(id -> pace.wake())
        .build();
  }

  private @Nullable Exit turns(MigrationRunner runner, SavedStatuses saved)
      throws InterruptedException {
    try {
      Optional<Instant> next = runner.turn(current);
      while (next.isPresent() && !saved.isOvertaken() && !leaving.get()) {
        pace.await(next.get());
        if (!leaving.get()) {
          next = runner.turn(current);
        }
      }
      return saved.isOvertaken() ? Exit.GAVE_WAY : next.isPresent() ? Exit.LEFT : null;
    } catch (MigrationException e) {
      if (saved.isOvertaken()) {
        return Exit.GAVE_WAY;
      }
      throw e;
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "migrator-demo-request");
    thread.setDaemon(true);
    return thread;
  }
}
