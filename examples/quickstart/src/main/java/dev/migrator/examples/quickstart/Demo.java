package dev.migrator.examples.quickstart;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.MigrationPlan;
import io.fabric8.kubernetes.client.Config;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Properties;

/**
 * Moves one running virtual machine and tells what happens.
 *
 * <p>Without properties it moves one between two embedded clusters with a simulated KubeVirt; with
 * those of {@link Options} it moves that one between those clusters. The exit code is 0 only when
 * the guest runs on the target and the source is halted.
 */
public final class Demo {

  private static final int NOT_MOVED = 1;
  private static final int USAGE = 2;

  private Demo() {}

  /**
   * Runs the demo.
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
      return USAGE;
    }
    return between(options, out);
  }

  private static int between(Options options, PrintStream out) throws InterruptedException {
    Config from = Config.fromKubeconfig(options.from().toFile());
    Config to = Config.fromKubeconfig(options.to().toFile());
    boolean one = from.getMasterUrl().equals(to.getMasterUrl());
    String source = one ? "cluster" : "source";
    String target = one ? "cluster" : "target";
    try (Cluster leaving = Cluster.connect(from.getMasterUrl(), from);
        Cluster receiving = Cluster.connect(to.getMasterUrl(), to)) {
      return move(leaving, receiving, options.plan(source, target), out);
    }
  }

  /** Moves the machine of a plan; an interrupt from the keyboard cancels. */
  static int move(Cluster from, Cluster to, MigrationPlan plan, PrintStream out)
      throws InterruptedException {
    Move move = new Move(from, to, plan, new InMemoryStatusStore(), out, Clock.systemUTC());
    Interrupt.to(move::cancel);
    out.println(
        plan.vms().get(0).source() + " moves from " + from.name() + " to " + to.name() + ".");
    out.println();
    return move.run().isMoved() ? 0 : NOT_MOVED;
  }
}
