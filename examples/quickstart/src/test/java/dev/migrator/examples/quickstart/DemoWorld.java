package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.examples.terminal.Exit;
import dev.migrator.kubevirt.KubernetesStatusStore;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** Two clusters with a simulated KubeVirt, one running machine, and demos that move it. */
final class DemoWorld implements AutoCloseable {

  static final String VM = "till";

  final World world = new World().timing(Timing.INSTANT);
  final KubeVirtSimulator kubevirt;
  final String namespace;
  private final Clusters clusters;
  private final Path folder;
  private final List<Child> children = new ArrayList<>();

  DemoWorld(Clusters clusters, Path folder) {
    this.clusters = clusters;
    this.folder = folder;
    this.namespace = clusters.newNamespace("shop");
    this.kubevirt = KubeVirtSimulator.builder(clusters).world(world).build().install().start();
    SampleVm.of(namespace, VM).dataVolume("root", "1Gi").boot(kubevirt);
  }

  /** What the command line says. */
  Map<String, String> properties() throws IOException {
    Map<String, String> properties = new TreeMap<>();
    properties.put("from", kubeconfig(Side.SOURCE));
    properties.put("to", kubeconfig(Side.TARGET));
    properties.put("namespace", namespace);
    properties.put("vm", VM);
    return properties;
  }

  /** Starts a demo that somebody is going to stop. */
  Child start() throws IOException {
    Child child = Child.start(properties());
    children.add(child);
    return child;
  }

  /** Runs a demo to its end, in this process. */
  Ended run(Map<String, String> more) throws IOException, InterruptedException {
    Properties all = new Properties();
    all.putAll(properties());
    all.putAll(more);
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    int code = Demo.run(all, new PrintStream(screen, true, StandardCharsets.UTF_8));
    return new Ended(code, screen.toString(StandardCharsets.UTF_8));
  }

  /**
   * Runs a demo in this process until its store ends it with a {@link Crash}.
   *
   * @param crashing makes such a store from the real one and what cancels the move
   */
  void crash(BiFunction<StatusStore, Runnable, StatusStore> crashing) throws Exception {
    Properties all = new Properties();
    all.putAll(properties());
    Options options = Options.of(all);
    Config from = Config.fromKubeconfig(options.from().toFile());
    Config to = Config.fromKubeconfig(options.to().toFile());
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
    MigrationPlan plan = options.plan(from.getMasterUrl(), to.getMasterUrl());
    try (Cluster leaving = Cluster.connect("a", from);
        Cluster receiving = Cluster.connect("b", to)) {
      StatusStore real = new KubernetesStatusStore(leaving.own(), options.statusNamespace());
      AtomicReference<Move> made = new AtomicReference<>();
      StatusStore store = crashing.apply(real, () -> made.get().cancel());
      Move move = new Move(leaving, receiving, plan, store, out, Clock.systemUTC());
      made.set(move);
      assertThatThrownBy(() -> move.run(false)).as(screen::toString).isInstanceOf(Crash.class);
    }
  }

  /** The end of the process, as far as a test can play it. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** How a demo ended, and what it has printed. */
  record Ended(int code, String text) {
    Ended as(Exit expected) {
      assertThat(code).as(text).isEqualTo(expected.code());
      return this;
    }
  }

  /** Waits until both halves are in a phase. */
  void untilHalvesAre(String phase) {
    kubevirt.runUntil(
        "halves are " + phase,
        () -> half(Side.SOURCE).equals(phase) && half(Side.TARGET).equals(phase));
  }

  private String half(Side side) {
    List<GenericKubernetesResource> halves =
        clusters
            .actorClient(side)
            .genericKubernetesResources(Kinds.MIGRATION)
            .inNamespace(namespace)
            .list()
            .getItems();
    return halves.isEmpty() ? "" : String.valueOf(halves.get(0).<Object>get("status", "phase"));
  }

  void assertMoved() {
    assertThat(kubevirt.guest(Side.TARGET, namespace, VM).isReady()).as("target").isTrue();
    assertThat(kubevirt.guest(Side.SOURCE, namespace, VM).isReady()).as("source").isFalse();
    assertThat(half(Side.SOURCE) + half(Side.TARGET)).as("halves").isEmpty();
    assertThat(kubevirt.oracles().violations()).isEmpty();
  }

  /** What is on the target. */
  Set<String> targetObjects() {
    return kubevirt.oracles().objects(Side.TARGET, namespace);
  }

  void assertStayed(Set<String> targetBefore) {
    assertThat(kubevirt.guest(Side.SOURCE, namespace, VM).isReady()).as("source").isTrue();
    assertThat(targetObjects()).isEqualTo(targetBefore);
    assertThat(half(Side.SOURCE) + half(Side.TARGET)).as("halves").isEmpty();
    assertThat(kubevirt.oracles().violations()).isEmpty();
  }

  private String kubeconfig(Side side) throws IOException {
    return Files.writeString(folder.resolve(side.name()), clusters.kubeconfig(side)).toString();
  }

  @Override
  public void close() {
    children.forEach(Child::close);
    kubevirt.close();
  }
}
