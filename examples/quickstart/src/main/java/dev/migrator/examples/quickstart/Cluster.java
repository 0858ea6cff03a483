package dev.migrator.examples.quickstart;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/**
 * One side of the demo.
 *
 * @param name what it is called on the screen
 * @param library the client that the library gets; its requests are counted
 * @param requests the count
 * @param own the client with which the demo itself looks, uncounted
 */
record Cluster(String name, KubernetesClient library, RequestCounter requests, KubernetesClient own)
    implements AutoCloseable {

  static Cluster connect(String name, Config config) {
    RequestCounter requests = new RequestCounter();
    KubernetesClient library =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor(RequestCounter.NAME, requests))
            .build();
    return new Cluster(
        name, library, requests, new KubernetesClientBuilder().withConfig(config).build());
  }

  @Override
  public void close() {
    library.close();
    own.close();
  }
}
