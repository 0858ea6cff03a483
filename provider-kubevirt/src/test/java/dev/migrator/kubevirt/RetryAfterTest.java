package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An overloaded API server answers 429 in plain text, and only a header says how long to wait.
 *
 * <p>The client's exceptions show no headers, so the policy decides unless the host sees to it.
 */
final class RetryAfterTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void plainTextIsATransientFaultWhateverCarriesIt(boolean http) {
    try (EmbeddedClusters clusters = EmbeddedClusters.start(new ManualClock());
        KubernetesClient client =
            http ? http(clusters, settings -> {}) : clusters.client(Side.TARGET)) {
      turnAwayOnce(clusters);
      Cluster cluster = new Cluster(Side.TARGET, client);

      MigrationException refused =
          catchThrowableOfType(
              MigrationException.class, () -> cluster.get(Kind.NAMESPACE, "", "default"));

      assertThat(refused.isRetryable()).isTrue();
      assertThat(refused).hasMessageContaining("429");
      assertThat(refused.retryAfter()).as("the client does not show the header").isEmpty();
    }
  }

  @Test
  void aHostsInterceptorHeedsTheHeader() {
    try (EmbeddedClusters clusters = EmbeddedClusters.start(new ManualClock());
        KubernetesClient client =
            http(clusters, http -> http.addOrReplaceInterceptor("retry-after", new RetryAfter()))) {
      clusters.createNamespace("ns");
      turnAwayOnce(clusters);
      long begun = System.nanoTime();

      assertThat(new Cluster(Side.TARGET, client).get(Kind.NAMESPACE, "", "ns")).isPresent();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void aMoveIsTriedAgainAtThePolicysPace() {
    try (MigrationRig rig = BackOffTest.rig()) {
      rig.stopAtPhase("EnsureResources");
      rig.events.clear();
      Instant free = rig.clock.instant().plusSeconds(5);
      turnAway(rig.clusters, () -> rig.clock.instant().isBefore(free));

      MoveTest.assertMoved(rig, rig.run(), "RerunOnFailure");

      assertThat(rig.events)
          .filteredOn(MigrationEvent.RetryScheduled.class::isInstance)
          .map(MigrationEvent.RetryScheduled.class::cast)
          .extracting(each -> Duration.between(each.at(), each.next()).toSeconds())
          .containsExactly(1L, 2L, 4L);
    }
  }

  private static KubernetesClient http(
      EmbeddedClusters clusters, Consumer<HttpClient.Builder> settings) {
    Config config = Config.fromKubeconfig(clusters.kubeconfig(Side.TARGET));
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(settings)
        .build();
  }

  /** As docs/nothing-is-lost.md advises: sends a request again once the header allows it. */
  private static final class RetryAfter implements Interceptor {
    @Override
    public CompletableFuture<Boolean> afterFailure(
        BasicBuilder request, HttpResponse<?> response, RequestTags tags) {
      String after = response.header("Retry-After");
      return response.code() != 429 || after == null
          ? CompletableFuture.completedFuture(false)
          : CompletableFuture.supplyAsync(
              () -> true,
              CompletableFuture.delayedExecutor(Long.parseLong(after), TimeUnit.SECONDS));
    }
  }

  private static void turnAwayOnce(EmbeddedClusters clusters) {
    AtomicBoolean busy = new AtomicBoolean(true);
    turnAway(clusters, () -> busy.getAndSet(false));
  }

  private static void turnAway(EmbeddedClusters clusters, BooleanSupplier busy) {
    clusters.faults(
        Side.TARGET,
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            return busy.getAsBoolean() ? Fault.tooManyRequests(Duration.ofSeconds(1)) : Fault.NONE;
          }
        });
  }
}
