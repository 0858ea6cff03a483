package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KubernetesStatusStoreTest {

  private static final String NAMESPACE = "ops";
  private static final String PLAN = "rebalance";
  private static final VmRef WEB = new VmRef("demo", "web");

  private EmbeddedClusters clusters;
  private KubernetesStatusStore store;

  @BeforeEach
  void start() {
    clusters = EmbeddedClusters.start(new ManualClock());
    clusters.createNamespace(NAMESPACE);
    store = newStore();
  }

  @AfterEach
  void stop() {
    clusters.close();
  }

  @Test
  void whatIsSavedIsLoadedUnderTheNextVersion() {
    VmStatus status = SampleStatus.full().toBuilder().version(0).build();

    assertThat(store.save(status)).isTrue();

    assertThat(store.load(PLAN)).containsExactly(status.toBuilder().version(1).build());
  }

  @Test
  void theShippedRoleOfTheHostSuffices() {
    clusters.access(Side.SOURCE, ShippedRoles.of(Grant.HOST));

    assertThat(store.save(pending())).as("create").isTrue();
    assertThat(store.save(pending().withVersion(1))).as("change").isTrue();
    assertThat(newStore().save(pending().withVersion(2)))
        .as("change what it did not read")
        .isTrue();
    store.delete(PLAN);

    assertThat(store.load(PLAN)).isEmpty();
  }

  @Test
  void plansDoNotSeeEachOther() {
    store.save(pending());
    store.save(VmStatus.builder("other", "1", WEB).build());

    assertThat(store.load(PLAN)).extracting(VmStatus::plan).containsExactly(PLAN);
    assertThat(store.load("third")).isEmpty();
  }

  @Test
  void aMachineHasOneStatusWhateverTheRun() {
    store.save(pending());
    VmStatus second = VmStatus.builder(PLAN, "2", WEB).version(1).build();

    assertThat(store.save(second)).isTrue();

    assertThat(store.load(PLAN)).extracting(VmStatus::run).containsExactly("2");
  }

  @Test
  void peopleFindAStatusByNameLabelsAndState() {
    store.save(pending());

    ConfigMap found = configMap().get();
    assertThat(found.getMetadata().getName()).startsWith("web-status-").hasSizeLessThan(64);
    assertThat(found.getMetadata().getLabels()).containsEntry("migrator.dev/role", "status");
    assertThat(found.getMetadata().getAnnotations())
        .containsEntry("migrator.dev/origin", "plan rebalance, run 1, VM demo/web");
    assertThat(found.getData()).containsEntry("state", "PENDING");
  }

  @Test
  void everySaveAndEveryLoadIsOneRequest() {
    store.save(pending());
    store.save(saved(1));
    store.load(PLAN);
    store.save(saved(2));

    assertThat(clusters.requests(Side.SOURCE).counts())
        .isEqualTo(Map.of("CREATE configmaps", 1, "PATCH configmaps", 2, "LIST configmaps", 1));
  }

  @Test
  void aStatusThatIsTooLargeIsRefusedBeforeAnythingIsWritten() {
    store.save(pending());
    VmStatus large = saved(1).toBuilder().facts(Map.of("notes", "x".repeat(1_100_000))).build();

    assertThatThrownBy(() -> store.save(large))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.isRetryable()).isFalse())
        .hasMessageContaining("demo/web")
        .hasMessageContaining("1 facts")
        .hasMessageNotContaining("xxx");
    assertThat(store.load(PLAN)).containsExactly(saved(1));
  }

  @Test
  void whatAConfigMapCanHoldIsSaved() {
    VmStatus large = pending().toBuilder().facts(Map.of("notes", "x".repeat(990_000))).build();

    assertThat(store.save(large)).isTrue();

    assertThat(store.load(PLAN).get(0).fact("notes").orElseThrow()).hasSize(990_000);
  }

  @Test
  void aDeletedStatusIsNotBroughtBackByASave() {
    store.save(pending());
    store.delete(PLAN);

    assertThat(store.save(saved(1))).isFalse();
    assertThat(store.load(PLAN)).isEmpty();
  }

  @Test
  void deletingAPlanLeavesOthersAlone() {
    store.save(pending());
    store.save(VmStatus.builder("other", "1", WEB).build());

    store.delete(PLAN);

    assertThat(store.load("other")).hasSize(1);
  }

  @Nested
  class TwoWriters {

    @Test
    void ofTwoWhoBeginAtOnceOneIsRefused() {
      assertThat(store.save(pending())).isTrue();
      assertThat(newStore().save(pending())).isFalse();
    }

    @Test
    void ofTwoWhoReadTheSameOneIsRefused() {
      store.save(pending());
      KubernetesStatusStore other = newStore();
      VmStatus theirs = other.load(PLAN).get(0);
      VmStatus mine = store.load(PLAN).get(0);

      assertThat(other.save(theirs)).isTrue();
      assertThat(store.save(mine)).isFalse();
      assertThat(store.load(PLAN)).extracting(VmStatus::version).containsExactly(2L);
    }

    @Test
    @DisplayName("Two runners on one store that save the same: one of them must learn that it lost")
    void equalStatusesAreNoExcuse() {
      store.save(pending());

      assertThat(store.save(saved(1))).isTrue();
      assertThat(store.save(saved(1))).isFalse();
    }

    @Test
    void whoNeverReadSavesOnlyUnderTheStoredVersion() {
      store.save(pending());

      assertThat(newStore().save(saved(7))).isFalse();
      assertThat(newStore().save(saved(0))).isFalse();
      assertThat(newStore().save(saved(1))).isTrue();
    }

    @Test
    void aLoadIsNeverAnsweredFromMemory() {
      store.save(pending());
      store.load(PLAN);
      newStore().save(saved(1).toBuilder().state(VmState.RUNNING).build());

      assertThat(store.load(PLAN)).extracting(VmStatus::state).containsExactly(VmState.RUNNING);
    }
  }

  @Nested
  class OthersInTheNamespace {

    @Test
    void whatPeopleAddToAConfigMapStays() {
      store.save(pending());
      edit(map -> map.editMetadata().addToLabels("team", "a").endMetadata());

      assertThat(store.save(saved(1))).as("its status is the one that was read").isTrue();

      assertThat(store.load(PLAN)).containsExactly(saved(2));
      assertThat(configMap().get().getMetadata().getLabels()).containsEntry("team", "a");
    }

    @Test
    void aNewerFormatIsRefusedAndNotOverwritten() {
      store.save(pending());
      edit(
          map ->
              map.addToData(
                  "status.json",
                  map.getData()
                      .get("status.json")
                      .replace("\"formatVersion\":1", "\"formatVersion\":2")));
      ConfigMap before = configMap().get();

      for (KubernetesStatusStore any : List.of(store, newStore())) {
        assertThatThrownBy(() -> any.load(PLAN))
            .isInstanceOfSatisfying(
                MigrationException.class, e -> assertThat(e.isRetryable()).isFalse())
            .hasMessageContaining("ConfigMap ops/web-status-")
            .hasMessageContaining("its format is 2");
        assertThatThrownBy(() -> any.save(saved(1))).hasMessageContaining("its format is 2");
        assertThatThrownBy(() -> any.delete(PLAN)).hasMessageContaining("its format is 2");
      }
      assertThat(configMap().get()).isEqualTo(before);
    }

    @Test
    void whatAPersonBrokeIsNamedWithoutItsContent() {
      store.save(pending());
      edit(map -> map.addToData("status.json", "{s3cret"));

      assertThatThrownBy(() -> store.load(PLAN))
          .hasMessageContaining("ConfigMap ops/web-status-")
          .hasMessageContaining("it is no JSON")
          .hasMessageNotContaining("s3cret");
    }

    @Test
    void aConfigMapOfSomebodyElseIsNeitherReadNorWritten() {
      ConfigMap theirs =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(NAMESPACE)
              .withName(Names.status(PLAN, WEB))
              .endMetadata()
              .addToData("mine", "yes")
              .build();
      ConfigMap before = actor().configMaps().inNamespace(NAMESPACE).resource(theirs).create();

      assertThat(store.load(PLAN)).isEmpty();
      assertThatThrownBy(() -> store.save(pending()))
          .hasMessageContaining("was not written by this library");
      assertThat(configMap().get()).isEqualTo(before);
    }

    @Test
    void aCopyUnderAnotherNameIsNoSecondStatus() {
      store.save(pending());
      ConfigMap copy =
          new ConfigMapBuilder(configMap().get())
              .editMetadata()
              .withName("backup")
              .withResourceVersion(null)
              .withUid(null)
              .endMetadata()
              .build();
      actor().configMaps().inNamespace(NAMESPACE).resource(copy).create();

      assertThat(store.load(PLAN)).hasSize(1);
      store.delete(PLAN);
      assertThat(configMap("backup").get()).isNotNull();
    }

    @Test
    void aRefusalIsPermanentAndInTheServersWords() {
      clusters.access(Side.SOURCE, question -> !question.verb().equals("create"));

      assertThatThrownBy(() -> store.save(pending()))
          .isInstanceOfSatisfying(
              MigrationException.class, e -> assertThat(e.isRetryable()).isFalse())
          .hasMessageContaining("create host ConfigMap ops/web-status-")
          .hasMessageContaining("403");
    }
  }

  private KubernetesStatusStore newStore() {
    return new KubernetesStatusStore(clusters.client(Side.SOURCE), NAMESPACE);
  }

  private static VmStatus pending() {
    return VmStatus.builder(PLAN, "1", WEB).build();
  }

  /** The same status as it is stored after so many saves. */
  private static VmStatus saved(long version) {
    return pending().toBuilder().version(version).build();
  }

  private KubernetesClient actor() {
    return clusters.actorClient(Side.SOURCE);
  }

  private Resource<ConfigMap> configMap() {
    return configMap(Names.status(PLAN, WEB));
  }

  private Resource<ConfigMap> configMap(String name) {
    return actor().configMaps().inNamespace(NAMESPACE).withName(name);
  }

  private void edit(UnaryOperator<ConfigMapBuilder> change) {
    configMap().edit(map -> change.apply(new ConfigMapBuilder(map)).build());
  }
}
