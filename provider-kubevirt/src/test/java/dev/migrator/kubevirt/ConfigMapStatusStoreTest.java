package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigMapStatusStoreTest {

  private static final VmRef WEB = new VmRef("demo", "web");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");

  private EmbeddedClusters clusters;
  private KubernetesClient client;
  private ConfigMapStatusStore store;

  @BeforeEach
  void start() {
    clusters = EmbeddedClusters.start(new ManualClock());
    clusters.createNamespace("ops");
    client = clusters.client(Side.SOURCE);
    store = new ConfigMapStatusStore(client, "ops");
  }

  @AfterEach
  void stop() {
    clusters.close();
  }

  @Test
  void whatIsSavedIsLoadedUnderTheNextVersion() {
    assertThat(store.save(full())).isTrue();

    assertThat(store.load("plan")).containsExactly(full().toBuilder().version(1).build());
  }

  @Test
  void everyComponentOfTheSampleIsFilled() {
    for (var component : VmStatus.class.getRecordComponents()) {
      assertThat(full()).extracting(component.getName()).as(component.getName()).isNotNull();
    }
  }

  @Test
  void aSaveUnderAStaleVersionIsRefused() {
    store.save(full());
    VmStatus read = store.load("plan").get(0);
    assertThat(store.save(read)).isTrue();

    assertThat(store.save(read)).isFalse();
    assertThat(store.load("plan")).extracting(VmStatus::version).containsExactly(2L);
  }

  @Test
  void ofTwoHostsThatSaveAtOnceOneIsRefused() {
    store.save(full());
    ConfigMapStatusStore other = new ConfigMapStatusStore(client, "ops");
    VmStatus mine = store.load("plan").get(0);
    VmStatus theirs = other.load("plan").get(0);

    assertThat(other.save(theirs)).isTrue();
    assertThat(store.save(mine)).isFalse();
  }

  @Test
  void ofTwoHostsThatBeginAtOnceOneIsRefused() {
    assertThat(store.save(full())).isTrue();
    assertThat(new ConfigMapStatusStore(client, "ops").save(full())).isFalse();
  }

  @Test
  void aHostThatNeverReadSavesOnlyUnderTheStoredVersion() {
    store.save(full());
    ConfigMapStatusStore fresh = new ConfigMapStatusStore(client, "ops");

    assertThat(fresh.save(full().toBuilder().version(7).build())).isFalse();
    assertThat(fresh.save(full().toBuilder().version(1).build())).isTrue();
  }

  @Test
  void aDeletedStatusIsNotBroughtBackByASave() {
    store.save(full());
    VmStatus read = store.load("plan").get(0);
    store.delete("plan");

    assertThat(store.save(read)).isFalse();
    assertThat(store.load("plan")).isEmpty();
  }

  @Test
  void plansDoNotSeeEachOther() {
    store.save(full());
    store.save(VmStatus.builder("other", "1", WEB).build());

    assertThat(store.load("plan")).hasSize(1);
    store.delete("plan");
    assertThat(store.load("other")).hasSize(1);
  }

  @Test
  void aSaveCostsOneRequest() {
    store.save(full());
    VmStatus read = store.load("plan").get(0);
    int before = clusters.requests(Side.SOURCE).all().size();

    store.save(read);

    assertThat(clusters.requests(Side.SOURCE).all()).hasSize(before + 1);
  }

  @Test
  void aNewerFormatIsRefusedAndNotOverwritten() {
    store.save(full());
    edit(map -> new ConfigMapBuilder(map).addToData("format", "2").build());

    assertThatThrownBy(() -> store.load("plan"))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("ops/migrator-status-")
        .hasMessageContaining("its format is '2', known is 1");
  }

  @Test
  void whatAPersonBrokeIsNamed() {
    store.save(full());
    edit(map -> new ConfigMapBuilder(map).addToData("status.json", "{\"state\":\"ODD\"}").build());

    assertThatThrownBy(() -> store.load("plan")).hasMessageContaining("Not a VmState: ODD");
  }

  @Test
  void theFirstFormatStaysReadable() throws IOException {
    String json;
    try (InputStream in = getClass().getResourceAsStream("/status-format-1.json")) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    store.save(full());
    edit(map -> new ConfigMapBuilder(map).addToData("status.json", json).build());

    assertThat(store.load("plan")).containsExactly(full().toBuilder().version(1).build());
  }

  private void edit(java.util.function.UnaryOperator<ConfigMap> change) {
    client
        .configMaps()
        .inNamespace("ops")
        .withName(ConfigMapStatusStore.name("plan", WEB))
        .edit(change);
  }

  /** A status in which every component has a value. */
  static VmStatus full() {
    Failure cause = Failure.once("Started", "Earlier", "first", NOW);
    return VmStatus.builder("plan", "2", WEB)
        .state(VmState.ENDING)
        .phases(List.of("Started", "Completed"))
        .phase("Started")
        .entered(NOW)
        .attempts(3)
        .due(NOW.plusSeconds(1))
        .waiting(new Waiting("copied", "memory", NOW, new Progress(1, 2, "bytes"), NOW))
        .steps(
            List.of(
                new StepStatus(
                    "Initialize", StepState.RUNNING, new Progress(0, 1, "phases"), "", NOW, null),
                StepStatus.pending("Finalize")))
        .facts(Map.of("migration-id", "a-b-c"))
        .ledger(List.of(new ObjectRef(Side.TARGET, "v1", "ConfigMap", "demo", "web", "some-uid")))
        .handedOver(NOW)
        .completion(Completion.SUCCEEDED)
        .failure(new Failure("Started", "Later", "second", 2, NOW, NOW, cause))
        .warnings(List.of("careful"))
        .build();
  }
}
