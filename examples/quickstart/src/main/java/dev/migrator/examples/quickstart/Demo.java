package dev.migrator.examples.quickstart;

import dev.migrator.examples.terminal.Exit;
import dev.migrator.examples.terminal.SavedStatuses;
import dev.migrator.examples.terminal.Signals;
import dev.migrator.kubevirt.KubernetesStatusStore;
import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Properties;

/**
 * Moves one running virtual machine and tells what happens.
 *
 * <p>Without properties it moves one between two embedded clusters with a simulated KubeVirt; with
 * those of {@link Options} it moves that one between those clusters, and keeps its status on the
 * source: killed at any moment and started again, it goes on where it was. What its exit code says:
 * {@link Exit}.
 */
public final class Demo {

  private Demo() {}

  /**
   * Runs the demo.
   *
   * <p>SIGINT cancels; SIGTERM ends the program and leaves everything for the next start.
   *
   * @param args none; everything is said by system properties
   * @throws InterruptedException when somebody interrupts the thread
   */
  public static void main(String[] args) throws InterruptedException {
    int code = run(System.getProperties(), System.out);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(Properties properties, PrintStream out) throws InterruptedException {
    if (!Options.nameClusters(properties)) {
      return EmbeddedDemo.run(Boolean.parseBoolean(properties.getProperty("instant")), out);
    }
    Options options;
    try {
      options = Options.of(properties);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      out.println(Options.USAGE);
      return Exit.USAGE.code();
    }
    return between(options, out).code();
  }

  private static Exit between(Options options, PrintStream out) throws InterruptedException {
    Config from = Config.fromKubeconfig(options.from().toFile());
    Config to = Config.fromKubeconfig(options.to().toFile());
    try (Cluster leaving = Cluster.connect(from.getMasterUrl(), from);
        Cluster receiving = Cluster.connect(to.getMasterUrl(), to)) {
      MigrationPlan plan = options.plan(from.getMasterUrl(), to.getMasterUrl());
      KubernetesStatusStore store =
          new KubernetesStatusStore(leaving.own(), options.statusNamespace());
      if (store.load(plan.id()).stream().anyMatch(SavedStatuses::neverBegan)) {
        store.delete(plan.id());
      }
      Move move = new Move(leaving, receiving, plan, store, out, Clock.systemUTC());
      Signals terminated = Signals.on("TERM", () -> leave(move));
      try {
        return run(move, options.retry());
      } finally {
        terminated.restore();
      }
    } catch (MigrationException | KubernetesClientException e) {
      out.println(e.getMessage());
      return Exit.NOT_DONE;
    }
  }

  /** Asked a second time it does not wait for the turn that is under way: any moment is good. */
  private static void leave(Move move) {
    if (!move.leave()) {
      Runtime.getRuntime().halt(Exit.LEFT.code());
    }
  }

  /** Moves the machine of a plan; an interrupt from the keyboard cancels. */
  static Exit run(Move move, boolean retry) throws InterruptedException {
    Signals interrupted = Signals.on("INT", move::cancel);
    try {
      return move.run(retry);
    } finally {
      interrupted.restore();
    }
  }
}
