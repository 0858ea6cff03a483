package dev.migrator.examples.quickstart;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.RequestLog;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.function.Supplier;

/**
 * One side of the demo.
 *
 * @param name what it is called on the screen
 * @param library the client that the library gets; its requests are counted
 * @param requests the count
 * @param own the client with which the demo itself looks, uncounted
 * @param end what ends the clients
 */
record Cluster(
    String name,
    KubernetesClient library,
    Supplier<Requests> requests,
    KubernetesClient own,
    Runnable end)
    implements AutoCloseable {

  /** A cluster that exists. */
  static Cluster connect(String name, Config config) {
    RequestCounter counter = new RequestCounter();
    KubernetesClient library =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor(RequestCounter.NAME, counter))
            .build();
    KubernetesClient own = new KubernetesClientBuilder().withConfig(config).build();
    return new Cluster(
        name,
        library,
        counter::requests,
        own,
        () -> {
          library.close();
          own.close();
        });
  }

  /** One of two embedded clusters, which end their clients themselves. */
  static Cluster embedded(String name, EmbeddedClusters clusters, Side side) {
    RequestLog log = clusters.requests(side);
    return new Cluster(
        name,
        clusters.client(side),
        () ->
            new Requests(
                log.reads().size(),
                log.writes().size(),
                log.dryRuns().size() + log.accessReviews().size(),
                log.watches().size()),
        clusters.actorClient(side),
        () -> {});
  }

  @Override
  public void close() {
    end.run();
  }
}
