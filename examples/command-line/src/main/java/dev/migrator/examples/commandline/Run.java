package dev.migrator.examples.commandline;

import dev.migrator.core.MigrationDriver;
import dev.migrator.core.MigrationRunner;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.examples.terminal.SavedStatuses;
import dev.migrator.kubevirt.JobHookRunner;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Moves the machines of a plan until each has ended, or until it is stopped. */
final class Run {

  private static final int AT_A_TIME = 8;

  private final Session session;
  private final Cancels cancels;
  private final PrintStream out;
  private final Duration look;
  private final Thread turning = Thread.currentThread();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private volatile MigrationPlan current;
  private volatile Runnable wake = () -> {};

  /**
   * Prepares a run on the calling thread.
   *
   * @param session the plan and its clusters
   * @param out the screen
   * @param look how often to look for cancels that somebody else records
   */
  Run(Session session, PrintStream out, Duration look) {
    this.session = session;
    this.cancels = Cancels.of(session);
    this.out = out;
    this.look = look;
    this.current = session.plan();
  }

  /** Asks for every machine to be left where it is; from any thread. */
  void cancel() {
    take(session.plan().cancel(machines()));
  }

  /**
   * Asks for everything to be left for the next start; from any thread.
   *
   * @return false when this was asked before
   */
  boolean leave() {
    boolean first = leaving.compareAndSet(false, true);
    turning.interrupt();
    return first;
  }

  /**
   * Runs the plan.
   *
   * @param retry whether machines that need attention are taken up again
   * @return what became of the machines
   * @throws KubernetesClientException when the source does not answer at the beginning
   * @throws MigrationException when the statuses cannot be used
   */
  Exit run(boolean retry) {
    try {
      return toTheEnd(retry);
    } catch (InterruptedException | KubernetesClientException | MigrationException e) {
      if (!leaving.get() && e instanceof RuntimeException failure) {
        throw failure;
      }
      out.println("Everything is left as it is; the same command goes on from here.");
      return Exit.LEFT;
    }
  }

  private Exit toTheEnd(boolean retry) throws InterruptedException {
    List<VmStatus> earlier = session.statuses();
    if (!mayGoOn(earlier)) {
      return Exit.GAVE_WAY;
    }
    if (!earlier.isEmpty() && earlier.stream().allMatch(SavedStatuses::neverBegan)) {
      session.store().delete(session.plan().id());
      earlier = List.of();
    }
    take(cancels.applied());
    SavedStatuses saved = new SavedStatuses(session.store(), earlier);
    try {
      drive(saved, earlier, retry);
    } catch (MigrationException e) {
      if (!saved.isOvertaken()) {
        throw e;
      }
      out.println("Another program moves machines of this plan; this one gives way.");
      return Exit.GAVE_WAY;
    }
    StatusReport report = new StatusReport(current, session.statuses());
    out.println();
    report.print(out);
    return report.isDone() ? Exit.DONE : Exit.NOT_DONE;
  }

  private void drive(SavedStatuses saved, List<VmStatus> earlier, boolean retry)
      throws InterruptedException {
    ExecutorService work = Executors.newFixedThreadPool(AT_A_TIME, Run::daemon);
    ExecutorService requests = Executors.newCachedThreadPool(Run::daemon);
    ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(Run::daemon);
    int width = machines().stream().mapToInt(vm -> vm.toString().length()).max().orElse(0);
    ProgressLines lines = new ProgressLines(out, ZoneId.systemDefault(), width);
    earlier.forEach(status -> lines.goesOn(status.vm(), status.phases()));
    try (JobHookRunner hooks = session.hooks();
        MigrationRunner runner =
            session
                .runner()
                .store(saved)
                .executor(work)
                .requestExecutor(requests)
                .hooks(hooks)
                .listener(lines)
                .build()) {
      wake = () -> machines().forEach(vm -> runner.wake(session.plan().id(), vm));
      if (current.vms().stream().anyMatch(Run::hasHooks)) {
        hooks.watch(runner::wake);
      }
      if (retry) {
        machines().forEach(vm -> runner.retry(session.plan(), vm));
      }
      long pause = look.toMillis();
      Future<?> looking =
          looks.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
      new MigrationDriver(runner).run(() -> current);
      looking.cancel(true);
    } finally {
      looks.shutdownNow();
      work.shutdownNow();
      requests.shutdownNow();
    }
  }

  /** Tells what an earlier start came to; false when it is for another command to go on. */
  private boolean mayGoOn(List<VmStatus> earlier) {
    String run = session.plan().run();
    List<String> others = new ArrayList<>();
    for (VmStatus status : earlier) {
      boolean same = status.run().equals(run);
      if (status.state().isInFlight()) {
        out.println(status.vm() + " is on its way in run '" + status.run() + "'.");
        if (!same) {
          others.add(status.run());
        }
      } else if (same && status.state() == VmState.NEEDS_ATTENTION) {
        out.println(status.vm() + " needs attention; --retry takes it up again.");
      } else if (same && status.state().isFinal() && !SavedStatuses.neverBegan(status)) {
        out.println(status.vm() + " has ended; another run in the plan file begins anew.");
      }
    }
    if (!others.isEmpty()) {
      out.println("Run that plan until it has ended; this one, run '" + run + "', gives way.");
    }
    return others.isEmpty();
  }

  /** Cancels that cannot be read now are read the next time. */
  private void look() {
    try {
      MigrationPlan applied = cancels.applied();
      if (!current.cancelled().containsAll(applied.cancelled())) {
        take(applied);
      }
    } catch (KubernetesClientException e) {
      out.println("Cancels cannot be read at the moment: " + e.getMessage());
    }
  }

  private synchronized void take(MigrationPlan applied) {
    current = current.cancel(applied.cancelled());
    wake.run();
  }

  private List<VmRef> machines() {
    return session.plan().vms().stream().map(PlannedVm::source).toList();
  }

  private static boolean hasHooks(PlannedVm vm) {
    return vm.preHook().isPresent() || vm.postHook().isPresent();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "migrator");
    thread.setDaemon(true);
    return thread;
  }
}
