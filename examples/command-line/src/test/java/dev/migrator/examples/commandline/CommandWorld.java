package dev.migrator.examples.commandline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.examples.terminal.Exit;
import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Two clusters with two running machines, a plan file for both, and commands on it. */
final class CommandWorld implements AutoCloseable {

  static final String PLAN =
      """
      id: rebalance
      run: 1
      type: live
      source: {name: east, kubeconfig: east.yaml}
      target: {name: west, kubeconfig: west.yaml}
      statusNamespace: ops
      vms:
        - shop/web
        - source: {namespace: shop, name: db}
          target: {namespace: shop, name: db-moved}
      limits: {perSource: 2, perTarget: 2}
      """;

  static final Duration LOOK = Duration.ofMillis(50);

  final World world = new World().timing(Timing.INSTANT);
  final EmbeddedClusters clusters = EmbeddedClusters.start(Clock.systemUTC());
  final KubeVirtSimulator kubevirt =
      KubeVirtSimulator.builder(clusters).world(world).build().install().start();
  final Path plan;

  CommandWorld(Path folder) throws IOException {
    clusters.createNamespace("ops");
    SampleVm.of("shop", "web").disk("root", "1Gi").boot(kubevirt);
    SampleVm.of("shop", "db").disk("data", "1Gi").boot(kubevirt);
    Files.writeString(folder.resolve("east.yaml"), clusters.kubeconfig(Side.SOURCE));
    Files.writeString(folder.resolve("west.yaml"), clusters.kubeconfig(Side.TARGET));
    plan = Files.writeString(folder.resolve("plan.yaml"), PLAN);
  }

  /** Changes the plan file. */
  CommandWorld edit(String what, String into) throws IOException {
    String text = Files.readString(plan);
    assertThat(text).contains(what);
    Files.writeString(plan, text.replace(what, into));
    return this;
  }

  /** Runs a command on the plan file to its end. */
  Ended command(String name, String... more) {
    String[] args = new String[more.length + 2];
    args[0] = name;
    args[1] = plan.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return main(args);
  }

  /** Runs a command to its end. */
  static Ended main(String... args) {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
    int code = Main.run(out, LOOK, args);
    return new Ended(code, screen.toString(StandardCharsets.UTF_8));
  }

  /** Begins a run and waits until memory is to be copied, which a test has put on hold. */
  CompletableFuture<Ended> startedRun() {
    CompletableFuture<Ended> ended = new CompletableFuture<>();
    new Thread(() -> ended.complete(command("run")), "command").start();
    untilBothWait();
    return ended;
  }

  /** Waits until memory is to be copied. */
  void untilBothWait() {
    kubevirt.runUntil("both machines wait for the copy", () -> waits("web") && waits("db"));
  }

  /** A screen that nobody looks at. */
  PrintStream screen() {
    return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
  }

  private boolean waits(String vm) {
    return command("status")
        .text()
        .lines()
        .anyMatch(
            line -> line.startsWith("shop/" + vm + " ") && line.contains("WaitForStateTransfer"));
  }

  /** How a command ended, and what it has printed. */
  record Ended(int code, String text) {
    Ended as(Exit expected) {
      assertThat(code).as(text).isEqualTo(expected.code());
      return this;
    }
  }

  @Override
  public void close() {
    kubevirt.close();
    clusters.close();
  }
}
