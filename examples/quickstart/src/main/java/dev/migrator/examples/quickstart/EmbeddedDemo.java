package dev.migrator.examples.quickstart;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The demo between two embedded clusters with a simulated KubeVirt. */
final class EmbeddedDemo {

  private static final String NAMESPACE = "demo";
  private static final String NAME = "web";
  private static final String NETWORK = "backend";

  /** Fast enough to watch, slow enough to see. */
  private static final Timing BRISK =
      new Timing(
          Duration.ofMillis(200),
          Duration.ofMillis(600),
          Duration.ofMillis(800),
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          1L << 30);

  private EmbeddedDemo() {}

  /**
   * Moves a machine with two disks, a Secret and a ConfigMap.
   *
   * @param instant whether the simulated KubeVirt does everything in no time, so that what is left
   *     is the library's own
   * @param out the screen
   * @return the exit code
   */
  static int run(boolean instant, PrintStream out) throws InterruptedException {
    World world = new World().timing(instant ? Timing.INSTANT : BRISK);
    try (EmbeddedClusters clusters = EmbeddedClusters.start(Clock.systemUTC());
        KubeVirtSimulator kubevirt = KubeVirtSimulator.builder(clusters).world(world).build()) {
      out.println("Two embedded clusters start, KubeVirt is simulated; a virtual machine boots.");
      kubevirt.install().start();
      SampleVm.of(NAMESPACE, NAME)
          .dataVolume("root", "2Gi")
          .dataVolume("data", "1Gi")
          .cloudInit("web-cloud-init", "#cloud-config")
          .configMap("web-settings", "greeting=hello")
          .network(NETWORK, "02:00:00:00:be:ef")
          .boot(kubevirt);
      attachNetwork(clusters);
      try (Cluster from = Cluster.embedded("east", clusters, Side.SOURCE);
          Cluster to = Cluster.embedded("west", clusters, Side.TARGET)) {
        MigrationPlan plan = plan(from.name(), to.name());
        Move move = new Move(from, to, plan, new InMemoryStatusStore(), out, Clock.systemUTC());
        return Demo.run(move, false).code();
      }
    }
  }

  /** The administrator's part: the machine's second network exists on the target, too. */
  private static void attachNetwork(EmbeddedClusters clusters) {
    GenericKubernetesResource network = new GenericKubernetesResource();
    network.setApiVersion("k8s.cni.cncf.io/v1");
    network.setKind("NetworkAttachmentDefinition");
    network.setMetadata(new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(NETWORK).build());
    network.setAdditionalProperty("spec", Map.of("config", "{\"type\":\"bridge\"}"));
    clusters.createNamespace(NAMESPACE);
    clusters.actorClient(Side.TARGET).resource(network).create();
  }

  private static MigrationPlan plan(String from, String to) {
    return MigrationPlan.builder("demo", Endpoint.of("kubevirt", from), Endpoint.of("kubevirt", to))
        .type(MigrationType.LIVE)
        .vm(NAMESPACE, NAME)
        .build();
  }
}
