package dev.migrator.testkit.kubevirt;

import static dev.migrator.model.Side.SOURCE;
import static dev.migrator.model.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.AdmissionReview;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EmbeddedClustersTest {

  private final EmbeddedClusters clusters = EmbeddedClusters.start(new ManualClock());
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createNamespace() {
    clusters.createNamespace("ns");
  }

  @AfterEach
  void close() {
    clusters.close();
  }

  @Test
  void theTwoClustersShareNothing() {
    create(SOURCE, "a");

    assertThat(read(SOURCE, "a")).isNotNull();
    assertThat(read(TARGET, "a")).isNull();
    assertThatIllegalArgumentException().isThrownBy(() -> clusters.client(Side.HOST));
  }

  @Test
  void anInformerHasSeenAWriteWhenThatWriteReturns() {
    try (SharedIndexInformer<ConfigMap> informer = inform()) {
      create(SOURCE, "a");
      clusters.client(SOURCE).configMaps().inNamespace("ns").withName("a").delete();

      assertThat(seen).containsExactly("added a", "deleted a");
      assertThat(informer.getStore().list()).isEmpty();
    }
  }

  @Test
  void anInformerComesBackAfterItsWatchWasEnded() {
    try (SharedIndexInformer<ConfigMap> informer = inform()) {
      create(SOURCE, "a"); // a watch that ends without an event makes the client list again
      clusters.dropWatches(SOURCE);
      Poll.until("the watch is back", () -> clusters.server(SOURCE).openWatches() == 1);
      create(SOURCE, "b");

      assertThat(seen).containsExactly("added a", "added b");
      assertThat(informer.getStore().list()).hasSize(2);
      assertThat(clusters.requests(SOURCE).counts()).containsEntry("LIST configmaps", 1);
    }
  }

  @Test
  void anInformerListsAgainWhenItsVersionIsForgotten() {
    try (SharedIndexInformer<ConfigMap> informer = inform()) {
      clusters.createNamespace("other"); // the informer's version is not the newest now
      clusters.compact(SOURCE);
      clusters.dropWatches(SOURCE);
      Poll.until("the watch is back", () -> clusters.server(SOURCE).openWatches() == 1);
      create(SOURCE, "a");

      assertThat(seen).containsExactly("added a");
      assertThat(informer.getStore().list()).hasSize(1);
      assertThat(clusters.requests(SOURCE).counts()).containsEntry("LIST configmaps", 2);
    }
  }

  @Test
  void aBookmarkKeepsAnIdleWatchFromFallingBehind() {
    try (SharedIndexInformer<ConfigMap> informer = inform()) {
      clusters.createNamespace("other");
      clusters.server(SOURCE).sendBookmarks();
      String version =
          clusters.actorClient(SOURCE).namespaces().list().getMetadata().getResourceVersion();

      assertThat(informer.lastSyncResourceVersion()).isEqualTo(version);
    }
  }

  @Test
  void anAdmissionMayChangeWhatIsStored() {
    clusters.admit("ConfigMap", review -> labels(review).put("admitted", review.user()));
    create(SOURCE, "a");

    assertThat(read(SOURCE, "a").getMetadata().getLabels())
        .containsEntry("admitted", "kubernetes-admin");
  }

  @Test
  void anAdmissionMayRefuse() {
    clusters.admit(
        "ConfigMap",
        review -> {
          throw new AdmissionDenied(422, "Invalid", review.operation() + " of " + review.name());
        });

    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> create(SOURCE, "a"))
        .withMessageContaining("CREATE of a")
        .satisfies(refused -> assertThat(refused.getCode()).isEqualTo(422))
        .satisfies(refused -> assertThat(refused.getStatus().getReason()).isEqualTo("Invalid"));
    assertThat(read(SOURCE, "a")).isNull();
  }

  @Test
  void requestsOfTheCodeUnderTestAreCountedAndThoseOfActorsAreNot() {
    clusters.actorClient(SOURCE).configMaps().inNamespace("ns").list();
    create(SOURCE, "a");
    clusters
        .client(SOURCE)
        .configMaps()
        .inNamespace("ns")
        .resource(configMap("b"))
        .dryRun()
        .create();
    read(SOURCE, "a");
    read(SOURCE, "b");

    assertThat(clusters.requests(SOURCE).writes()).hasSize(1);
    assertThat(clusters.requests(SOURCE).dryRuns()).hasSize(1);
    assertThat(clusters.requests(SOURCE).reads()).hasSize(2);
    assertThat(clusters.requests(SOURCE).all().get(0).toString())
        .isEqualTo("CREATE configmaps ns/");
    assertThat(clusters.requests(TARGET).all()).isEmpty();
  }

  @Test
  void anAccessRuleHoldsForRequestsAndForReviewsAlike() {
    clusters.access(SOURCE, question -> !question.verb().equals("delete"));
    create(SOURCE, "a");
    KubernetesClient somebody = clusters.clientAs(SOURCE, "somebody", "staff");

    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> somebody.configMaps().inNamespace("ns").withName("a").delete())
        .withMessageContaining("somebody")
        .satisfies(refused -> assertThat(refused.getCode()).isEqualTo(403));
    assertThat(mayI(somebody, "delete")).isFalse();
    assertThat(mayI(somebody, "create")).isTrue();
    clusters.actorClient(SOURCE).configMaps().inNamespace("ns").withName("a").delete();
    assertThat(read(SOURCE, "a")).isNull();
  }

  @Test
  void aResetEmptiesBothClustersAndRepeatsTheirNames() {
    String first = create(SOURCE, "a").getMetadata().getUid();
    clusters.admit(
        "ConfigMap",
        review -> {
          throw new AdmissionDenied(403, "Forbidden", "never");
        });
    clusters.reset();
    clusters.createNamespace("ns");

    assertThat(read(SOURCE, "a")).isNull();
    assertThat(create(SOURCE, "a").getMetadata().getUid()).isEqualTo(first);
    assertThat(clusters.requests(SOURCE).all()).hasSize(2);
  }

  @Test
  void anotherProcessReachesAClusterThroughItsKubeconfig() {
    create(SOURCE, "a");
    Config config = Config.fromKubeconfig(clusters.kubeconfig(SOURCE));
    try (KubernetesClient other = new KubernetesClientBuilder().withConfig(config).build();
        SharedIndexInformer<ConfigMap> informer =
            other.configMaps().inNamespace("ns").inform(handler())) {
      create(SOURCE, "b");
      Poll.until("the informer saw both", () -> seen.size() == 2);
      other.configMaps().inNamespace("ns").withName("b").delete();
      Poll.until("the informer saw the deletion", () -> seen.size() == 3);

      assertThat(seen).containsExactlyInAnyOrder("added a", "added b", "deleted b");
      assertThat(informer.getStore().list()).hasSize(1);
      assertThat(clusters.requests(SOURCE).watches()).isNotEmpty();
      assertThat(other.configMaps().inNamespace("ns").withName("c").get()).isNull();
    }
  }

  @Test
  void eachOfManyWritersCountsOnce() {
    create(SOURCE, "a");
    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 8)
            .mapToObj(
                writer ->
                    CompletableFuture.runAsync(
                        () -> IntStream.range(0, 25).forEach(each -> increment())))
            .toList();
    writers.forEach(CompletableFuture::join);

    assertThat(read(SOURCE, "a").getData()).containsEntry("count", "200");
  }

  @Test
  void anInstanceTypeIsWrittenOutIntoTheSpec() {
    Api api = new Api(clusters.client(SOURCE));
    api.post(
        "/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes",
        """
        {"kind": "VirtualMachineClusterInstancetype",
         "apiVersion": "instancetype.kubevirt.io/v1beta1", "metadata": {"name": "small"},
         "spec": {"cpu": {"guest": 2}, "memory": {"guest": "4Gi"}}}
        """);
    String vms = "/apis/kubevirt.io/v1/namespaces/ns/virtualmachines";
    api.post(
        vms,
        ApiRules.vmBody("a", "")
            .replace(
                "\"spec\": {\"run", "\"spec\": {\"instancetype\": {\"name\": \"small\"}, \"run"));
    Api.Reply expanded =
        api.get(vms.replace("/kubevirt.io", "/subresources.kubevirt.io") + "/a/expand-spec");

    assertThat(expanded.code()).isEqualTo(200);
    assertThat(expanded.at("spec", "instancetype")).isNull();
    assertThat(expanded.at("spec", "template", "spec", "domain", "cpu", "sockets")).isEqualTo(2);
    assertThat(expanded.at("spec", "template", "spec", "domain", "memory", "guest"))
        .isEqualTo("4Gi");
    assertThat(
            api.get(vms.replace("/kubevirt.io", "/subresources.kubevirt.io") + "/b/expand-spec")
                .reason())
        .isEqualTo("NotFound");
  }

  private void increment() {
    while (!incremented()) {
      Thread.onSpinWait();
    }
  }

  private boolean incremented() {
    try {
      attemptToIncrement();
      return true;
    } catch (KubernetesClientException conflict) {
      assertThat(conflict.getCode()).isEqualTo(409);
      return false;
    }
  }

  private void attemptToIncrement() {
    clusters
        .client(SOURCE)
        .configMaps()
        .inNamespace("ns")
        .withName("a")
        .edit(
            stored -> {
              String count = stored.getData().getOrDefault("count", "0");
              return new ConfigMapBuilder(stored)
                  .addToData("count", Integer.toString(Integer.parseInt(count) + 1))
                  .build();
            });
  }

  private SharedIndexInformer<ConfigMap> inform() {
    return clusters.client(SOURCE).configMaps().inNamespace("ns").inform(handler());
  }

  private ResourceEventHandler<ConfigMap> handler() {
    return new ClientRules.Ears(seen);
  }

  @SuppressWarnings("unchecked")
  private static java.util.Map<String, Object> labels(AdmissionReview review) {
    java.util.Map<String, Object> metadata =
        (java.util.Map<String, Object>) review.object().get("metadata");
    return (java.util.Map<String, Object>)
        metadata.computeIfAbsent("labels", key -> new java.util.HashMap<String, Object>());
  }

  private static boolean mayI(KubernetesClient client, String verb) {
    return client
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(
            new io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withVerb(verb)
                .withResource("configmaps")
                .withNamespace("ns")
                .endResourceAttributes()
                .endSpec()
                .build())
        .getStatus()
        .getAllowed();
  }

  private ConfigMap create(Side side, String name) {
    return clusters.client(side).configMaps().inNamespace("ns").resource(configMap(name)).create();
  }

  private ConfigMap read(Side side, String name) {
    return clusters.client(side).configMaps().inNamespace("ns").withName(name).get();
  }

  private static ConfigMap configMap(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .addToData("key", "value")
        .build();
  }
}
