package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the store makes of a save whose answer never came. */
class LostSaveTest {

  private static final String PLAN = "rebalance";

  private EmbeddedClusters clusters;
  private KubernetesStatusStore store;

  @BeforeEach
  void start() {
    clusters = EmbeddedClusters.start(new ManualClock());
    clusters.createNamespace("ops");
    store = newStore();
  }

  @AfterEach
  void stop() {
    clusters.close();
  }

  @Test
  void aSaveThatTookEffectThrowsAndIsRecognisedLater() {
    store.save(pending());
    onceAfterTheEffect("PATCH", Fault.drop());

    assertThatThrownBy(() -> store.save(saved(1)))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.isRetryable()).as("%s", e).isTrue());
    assertThat(store.save(saved(1))).isTrue();
    assertThat(store.load(PLAN)).containsExactly(saved(2));
    assertThat(store.save(saved(2))).isTrue();
  }

  @Test
  void aFirstSaveThatTookEffectThrowsAndIsRecognisedLater() {
    onceAfterTheEffect("CREATE", Fault.drop());

    assertThatThrownBy(() -> store.save(pending())).isInstanceOf(MigrationException.class);
    assertThat(store.save(pending())).isTrue();
    assertThat(store.load(PLAN)).containsExactly(saved(1));
  }

  @Test
  void aSaveThatTookNoEffectIsRepeated() {
    store.save(pending());
    onceBeforeTheEffect("PATCH", Fault.answer(503));

    assertThatThrownBy(() -> store.save(saved(1))).isInstanceOf(MigrationException.class);
    assertThat(store.load(PLAN)).containsExactly(saved(1));
    assertThat(store.save(saved(1))).isTrue();
    assertThat(store.load(PLAN)).containsExactly(saved(2));
  }

  @Test
  void anotherStatusUnderTheSameVersionIsRefusedOnceTheFirstTookEffect() {
    store.save(pending());
    onceAfterTheEffect("PATCH", Fault.drop());
    assertThatThrownBy(() -> store.save(saved(1))).isInstanceOf(MigrationException.class);

    assertThat(store.save(saved(1).toBuilder().attempts(5).build())).isFalse();

    assertThat(store.load(PLAN)).containsExactly(saved(2));
  }

  @Test
  void somebodyElsesEqualStatusIsNotTakenForOnesOwn() {
    store.save(pending());
    onceBeforeTheEffect("PATCH", Fault.drop());
    assertThatThrownBy(() -> store.save(saved(1))).isInstanceOf(MigrationException.class);
    assertThat(newStore().save(saved(1))).isTrue();

    assertThat(store.save(saved(1))).isFalse();
  }

  @Test
  void onlyOneOfTwoCanTakeAnUnknownSaveForItsOwn() {
    store.save(pending());
    onceAfterTheEffect("PATCH", Fault.drop());
    assertThatThrownBy(() -> store.save(saved(1))).isInstanceOf(MigrationException.class);

    assertThat(List.of(store.save(saved(1)), store.save(saved(1)))).containsExactly(true, false);
  }

  @Test
  @DisplayName("A client that repeats its request by itself is refused for its own success")
  void aRepeatedRequestIsRecognised() {
    onceAfterTheEffect("CREATE", Fault.answer(409));
    assertThat(store.save(pending())).isTrue();
    onceAfterTheEffect("PATCH", Fault.answer(409));
    assertThat(store.save(saved(1))).isTrue();

    assertThat(store.load(PLAN)).containsExactly(saved(2));
  }

  @Test
  void anApiThatKeepsFailingIsAskedAgainAndAgain() {
    store.save(pending());
    clusters.faults(
        Side.SOURCE,
        new FaultHook() {
          @Override
          public Fault after(ApiRequest request, int code) {
            return Fault.drop();
          }
        });
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.save(saved(1))).isInstanceOf(MigrationException.class);
      assertThatThrownBy(() -> store.load(PLAN)).isInstanceOf(MigrationException.class);
    }
    clusters.faults(Side.SOURCE, FaultHook.NONE);

    assertThat(store.save(saved(1))).isTrue();
  }

  private KubernetesStatusStore newStore() {
    return new KubernetesStatusStore(clusters.client(Side.SOURCE), "ops");
  }

  private static VmStatus pending() {
    return VmStatus.builder(PLAN, "1", new VmRef("demo", "web")).build();
  }

  /** The same status as it is stored after so many saves. */
  private static VmStatus saved(long version) {
    return pending().toBuilder().version(version).build();
  }

  private void onceAfterTheEffect(String verb, Fault fault) {
    AtomicBoolean done = new AtomicBoolean();
    clusters.faults(
        Side.SOURCE,
        new FaultHook() {
          @Override
          public Fault after(ApiRequest request, int code) {
            return request.verb().name().equals(verb) && done.compareAndSet(false, true)
                ? fault
                : Fault.NONE;
          }
        });
  }

  private void onceBeforeTheEffect(String verb, Fault fault) {
    AtomicBoolean done = new AtomicBoolean();
    clusters.faults(
        Side.SOURCE,
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            return request.verb().name().equals(verb) && done.compareAndSet(false, true)
                ? fault
                : Fault.NONE;
          }
        });
  }
}
