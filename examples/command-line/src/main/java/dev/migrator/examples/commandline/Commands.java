package dev.migrator.examples.commandline;

import dev.migrator.core.MigrationRunner;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.examples.terminal.Signals;
import dev.migrator.model.Concern;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The commands; each returns the exit code. */
@Command(
    name = "migrator",
    description = "Moves running virtual machines between two clusters, as a plan file says.",
    footer = {
      "",
      "Exit code: 0 done, 1 not done, 2 not understood, 3 another program moves a",
      "machine, 143 left by SIGTERM."
    })
final class Commands {

  private final PrintStream out;
  private final Duration look;

  /** Read by picocli. */
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this.")
  boolean help;

  /**
   * Prepares the commands.
   *
   * @param out the screen
   * @param look how often a run looks for cancels that somebody records
   */
  Commands(PrintStream out, Duration look) {
    this.out = out;
    this.look = look;
  }

  @Command(description = "Says what could keep the machines from moving. Nothing is written.")
  int validate(@Parameters(paramLabel = "PLAN.yaml") Path plan) {
    try (Session session = Session.open(PlanFile.read(plan))) {
      List<Concern> concerns;
      try (var hooks = session.hooks();
          MigrationRunner runner = session.runner().hooks(hooks).build()) {
        concerns = runner.validate(session.plan());
      }
      concerns.forEach(this::print);
      long critical = concerns.stream().filter(Concern::isCritical).count();
      out.printf(
          "%d machines: %d critical, %d others.%n",
          session.plan().vms().size(), critical, concerns.size() - critical);
      return code(critical == 0);
    }
  }

  @Command(
      description = {
        "Moves the machines, and goes on where an earlier start was.",
        "SIGINT cancels, SIGTERM leaves everything for the next start."
      })
  int run(
      @Parameters(paramLabel = "PLAN.yaml") Path plan,
      @Option(names = "--retry", description = "Takes up machines that need attention.")
          boolean retry) {
    try (Session session = Session.open(PlanFile.read(plan))) {
      Run run = new Run(session, out, look);
      Signals interrupted = Signals.on("INT", run::cancel);
      Signals terminated = Signals.on("TERM", () -> leave(run));
      try {
        return run.run(retry).code();
      } finally {
        terminated.restore();
        interrupted.restore();
      }
    }
  }

  @Command(description = "Shows where the machines stand. 1 where one did not move.")
  int status(@Parameters(paramLabel = "PLAN.yaml") Path plan) {
    try (Session session = Session.open(PlanFile.read(plan))) {
      List<VmStatus> statuses = session.statuses();
      StatusReport report = new StatusReport(Cancels.of(session).applied(), statuses);
      report.print(out);
      return code(!report.isBad());
    }
  }

  @Command(
      description = {
        "Records that machines are to stay where they are, all of them or one.",
        "A run that is under way sees it within seconds, else the next one carries it out."
      })
  int cancel(
      @Parameters(paramLabel = "PLAN.yaml") Path plan,
      @Parameters(
              paramLabel = "NAMESPACE/NAME",
              arity = "0..1",
              description = "the machine on the source")
          @Nullable String vm) {
    try (Session session = Session.open(PlanFile.read(plan))) {
      List<VmRef> machines = machines(session, vm);
      Map<VmRef, VmStatus> statuses = new HashMap<>();
      session.statuses().forEach(status -> statuses.put(status.vm(), status));
      List<VmRef> stay = new ArrayList<>(machines);
      stay.removeIf(machine -> isTooLate(session, machine, statuses.get(machine)));
      if (!stay.isEmpty()) {
        Cancels.of(session).record(stay);
        stay.forEach(machine -> out.println(machine + ": the cancel is recorded."));
      }
      return code(stay.size() == machines.size());
    }
  }

  @Command(description = "Prints the roles that are needed, for kubectl apply.")
  int roles(
      @Option(
              names = "--side",
              required = true,
              description = "one of ${COMPLETION-CANDIDATES}",
              paramLabel = "SIDE")
          Roles side,
      @Option(
              names = "--namespace",
              description = "a Role of this namespace instead of a ClusterRole to bind in each")
          @Nullable String namespace) {
    out.print(side.yaml(namespace));
    return Exit.DONE.code();
  }

  private boolean isTooLate(Session session, VmRef vm, @Nullable VmStatus status) {
    if (status == null || !status.run().equals(session.plan().run())) {
      return false;
    }
    if (status.isHandedOver()) {
      out.println(vm + ": too late, the guest has moved.");
      return true;
    }
    if (status.state().isFinal() && status.state() != VmState.CANCELLED) {
      out.println(vm + ": has ended as " + status.state() + ".");
      return true;
    }
    return false;
  }

  private static List<VmRef> machines(Session session, @Nullable String vm) {
    List<VmRef> all = session.plan().vms().stream().map(PlannedVm::source).toList();
    if (vm == null) {
      return all;
    }
    return all.stream()
        .filter(machine -> machine.toString().equals(vm))
        .findFirst()
        .map(List::of)
        .orElseThrow(() -> new PlanFileException("vms", "there is no " + vm + " among " + all));
  }

  private void print(Concern concern) {
    out.println(
        concern.severity()
            + " "
            + concern.code()
            + (concern.vm() == null ? "" : " " + concern.vm())
            + ": "
            + concern.subject());
    out.println("    " + concern.message());
    out.println("    " + concern.remedy());
  }

  /** Asked a second time it does not wait for the turn that is under way: any moment is good. */
  private static void leave(Run run) {
    if (!run.leave()) {
      Runtime.getRuntime().halt(Exit.LEFT.code());
    }
  }

  private static int code(boolean done) {
    return (done ? Exit.DONE : Exit.NOT_DONE).code();
  }
}
