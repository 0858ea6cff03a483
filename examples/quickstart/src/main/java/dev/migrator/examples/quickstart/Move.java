package dev.migrator.examples.quickstart;

import dev.migrator.core.MigrationListener;
import dev.migrator.core.MigrationRunner;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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
    this.store = store;
    this.out = out;
    this.clock = clock;
    this.pace = new Pace(clock, System::nanoTime, changes::lastNanos);
  }

  /** Asks for the machine to be left where it is; from any thread. */
  void cancel() {
    current = plan.cancel(plan.vms().stream().map(PlannedVm::source).toList());
    pace.wake();
  }

  /**
   * Runs the plan to its end.
   *
   * @return what became of the machine
   */
  Summary run() throws InterruptedException {
    PlannedVm vm = plan.vms().get(0);
    VmFacts before = VmFacts.read(from.own(), vm.source());
    SavedStatuses saved = new SavedStatuses(store);
    ExecutorService requests = Executors.newFixedThreadPool(REQUESTS_AT_A_TIME, Move::daemon);
    changes.follow(from.own(), vm.source().namespace()).follow(to.own(), vm.target().namespace());
    pace.begin();
    Narrator narrator = new Narrator(out, clock.instant());
    try (MigrationRunner runner = runner(saved, narrator, requests)) {
      turns(runner);
    } finally {
      pace.end();
      requests.shutdownNow();
      changes.close();
    }
    Optional<VmStatus> end =
        store.load(plan.id()).stream().filter(one -> one.vm().equals(vm.source())).findFirst();
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
    return summary;
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

  private void turns(MigrationRunner runner) throws InterruptedException {
    Optional<Instant> next = runner.turn(current);
    while (next.isPresent()) {
      pace.await(next.get());
      next = runner.turn(current);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "migrator-demo-request");
    thread.setDaemon(true);
    return thread;
  }
}
