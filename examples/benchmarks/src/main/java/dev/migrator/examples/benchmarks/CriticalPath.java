package dev.migrator.examples.benchmarks;

import dev.migrator.core.MigrationDriver;
import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How many requests of a move stand one behind the other until the guest has moved: what it takes
 * longer for each millisecond that every request takes longer, with KubeVirt simulated and at its
 * work in no time. Run by hand.
 */
public final class CriticalPath {

  private static final int ROUNDS = 5;
  private static final List<Integer> LATENCIES = List.of(0, 40);

  private final EmbeddedClusters clusters = EmbeddedClusters.start(Clock.systemUTC());
  private final KubeVirtSimulator simulator =
      KubeVirtSimulator.builder(clusters).world(new World().timing(Timing.INSTANT)).build();
  private final ExecutorService requests = Executors.newFixedThreadPool(16);
  private int machines;
  private volatile long handedOver;

  private CriticalPath() {}

  /** Measures; the argument is how machines are checked, {@code quick} or {@code full}. */
  public static void main(String[] args) throws InterruptedException {
    String preflight = args.length == 0 ? "quick" : args[0];
    CriticalPath path = new CriticalPath();
    path.simulator.install().start();
    for (int disks : List.of(1, 4)) {
      int others = disks == 1 ? 1 : 2;
      Map<Integer, List<Double>> walls = new java.util.TreeMap<>();
      for (int round = 0; round <= ROUNDS; round++) {
        for (int latency : LATENCIES) {
          double wall = path.move(disks, others, latency, preflight);
          if (round > 0) {
            walls.computeIfAbsent(latency, unused -> new ArrayList<>()).add(wall);
          }
        }
      }
      double none = median(walls.getOrDefault(LATENCIES.get(0), List.of()));
      double slow = median(walls.getOrDefault(LATENCIES.get(1), List.of()));
      System.out.printf(
          "%d disk(s), %d Secret(s), %d ConfigMap(s): %.0f ms and %.0f ms with %d ms a request:"
              + " %.1f requests one behind the other%n",
          disks, others, others, none, slow, LATENCIES.get(1), (slow - none) / LATENCIES.get(1));
    }
    path.requests.shutdown();
    path.simulator.close();
    path.clusters.close();
  }

  private double move(int disks, int others, int latency, String preflight)
      throws InterruptedException {
    String name = "vm" + machines++;
    String namespace = "ns-" + name;
    clusters.createNamespace(namespace);
    SampleVm sample = SampleVm.of(namespace, name);
    for (int i = 0; i < disks; i++) {
      sample.dataVolume("disk" + i, "1Gi");
    }
    for (int i = 0; i < others; i++) {
      sample.configMap("settings" + i, "text");
      sample.cloudInit("user-data" + i, "#cloud-config");
    }
    sample.boot(simulator);
    delay(latency);
    try (MigrationRunner runner =
        MigrationRunner.builder()
            .requestExecutor(requests)
            .listener(
                event -> {
                  if (event instanceof MigrationEvent.HandedOver) {
                    handedOver = System.nanoTime();
                  }
                })
            .connection("a", KubernetesClient.class, clusters.client(Side.SOURCE))
            .connection("b", KubernetesClient.class, clusters.client(Side.TARGET))
            .build()) {
      MigrationPlan plan =
          MigrationPlan.builder(
                  "plan-" + name, Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
              .type(MigrationType.LIVE)
              .vm(namespace, name)
              .storage(StorageMapping.of("*", "local"))
              .settings(Map.of("preflight", preflight))
              .build();
      long begun = System.nanoTime();
      VmState end = new MigrationDriver(runner).run(() -> plan).get(0).state();
      double wall = (handedOver - begun) / 1e6;
      if (end != VmState.SUCCEEDED) {
        throw new IllegalStateException(name + " ended as " + end);
      }
      return wall;
    } finally {
      delay(0);
    }
  }

  private void delay(int latency) {
    FaultHook hook =
        latency == 0
            ? FaultHook.NONE
            : new FaultHook() {
              @Override
              public Fault before(ApiRequest request) {
                return Fault.delay(Duration.ofMillis(latency));
              }
            };
    clusters.faults(Side.SOURCE, hook);
    clusters.faults(Side.TARGET, hook);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(each -> each).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
