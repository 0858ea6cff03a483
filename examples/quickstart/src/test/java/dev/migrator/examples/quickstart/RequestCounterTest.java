package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestCounterTest {

  private KubernetesMockServer server;
  private Cluster cluster;

  @BeforeEach
  void start() {
    server = new KubernetesMockServer(false);
    server.init();
    Config config = new ConfigBuilder(Config.empty()).withMasterUrl(server.url("/")).build();
    cluster = Cluster.connect("east", config);
  }

  @AfterEach
  void stop() {
    cluster.close();
    server.destroy();
  }

  @Test
  void tellsReadsWritesChecksAndWatchesApart() {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/a/configmaps/c")
        .andReturn(200, map())
        .once();
    server.expect().post().withPath("/api/v1/namespaces/a/configmaps").andReturn(201, map()).once();
    server
        .expect()
        .post()
        .withPath("/api/v1/namespaces/a/configmaps?dryRun=All")
        .andReturn(201, map())
        .once();
    server
        .expect()
        .withPath("/api/v1/namespaces/a/configmaps?allowWatchBookmarks=true&watch=true")
        .andUpgradeToWebSocket()
        .open()
        .done()
        .once();

    var maps = cluster.library().configMaps().inNamespace("a");
    maps.withName("c").get();
    maps.resource(map()).create();
    NonDeletingOperation<ConfigMap> rehearsal = maps.resource(map()).dryRun(true);
    rehearsal.create();
    try (Watch watch = maps.watch(new Deaf())) {
      assertThat(watch).isNotNull();
    }
    cluster.own().configMaps().inNamespace("a").withName("c").get();

    assertThat(cluster.requests().get()).isEqualTo(new Requests(1, 1, 1, 1));
  }

  private static ConfigMap map() {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("a")
        .withName("c")
        .endMetadata()
        .build();
  }

  private static final class Deaf implements Watcher<ConfigMap> {
    @Override
    public void eventReceived(Action action, ConfigMap resource) {
      throw new AssertionError("nothing was sent");
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new AssertionError("closed by the server", cause);
    }
  }
}
