package dev.migrator.testkit.kubevirt;

import static dev.migrator.model.Side.SOURCE;
import static dev.migrator.model.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.SimulatedCrash;
import dev.migrator.testkit.apiserver.Verb;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can go wrong with a request, and what the caller and the cluster then hold for true. */
final class FaultsTest {

  private final ManualClock clock = new ManualClock();
  private final EmbeddedClusters clusters = EmbeddedClusters.start(clock);

  @AfterEach
  void close() {
    clusters.close();
  }

  @Test
  void anErrorBeforeTheEffectLeavesNothingBehind() {
    clusters.faults(SOURCE, before(Verb.CREATE, Fault.answer(503)));

    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> create("a"))
        .satisfies(failure -> assertThat(failure.getCode()).isEqualTo(503))
        .satisfies(
            failure -> assertThat(failure.getStatus().getReason()).isEqualTo("ServiceUnavailable"));
    assertThat(exists("a")).isFalse();
    assertThat(clusters.requests(SOURCE).writes()).hasSize(1);
  }

  @Test
  void aThreadThatIsInterruptedStaysSoThoughAWatchIsToldOnIt() {
    List<String> told = new ArrayList<>();
    try (Watch watch =
        clusters
            .client(SOURCE)
            .namespaces()
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Namespace namespace) {
                    told.add(namespace.getMetadata().getName());
                  }

                  @Override
                  public void onClose(WatcherException cause) {}
                })) {
      assertThat(watch).isNotNull();
      Thread.currentThread().interrupt();
      create("a");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(told).contains("a");
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void anErrorAfterTheEffectLies() {
    clusters.faults(SOURCE, after(Verb.CREATE, Fault.answer(500)));

    assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(() -> create("a"));
    assertThat(exists("a")).isTrue();
  }

  @Test
  void aLostAnswerIsAnIoException() {
    clusters.faults(SOURCE, after(Verb.CREATE, Fault.drop()));

    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> create("a"))
        .withRootCauseInstanceOf(IOException.class);
    assertThat(exists("a")).isTrue();
  }

  @Test
  void tooManyRequestsAreTurnedAwayInPlainText() {
    clusters.faults(SOURCE, before(Verb.GET, Fault.tooManyRequests(Duration.ofSeconds(7))));
    Api.Reply reply = new Api(clusters.client(SOURCE)).get("/api/v1/namespaces/default");

    assertThat(reply.code()).isEqualTo(429);
  }

  @Test
  void aSlowRequestTakesTheClockAlong() {
    clusters.faults(SOURCE, before(Verb.CREATE, Fault.delay(Duration.ofMinutes(3))));
    Namespace created = create("a");

    assertThat(clock.instant()).isEqualTo(ManualClock.START.plusSeconds(180));
    assertThat(created.getMetadata().getCreationTimestamp()).isEqualTo(clock.instant().toString());
  }

  @Test
  void theHookSeesTheRequestAndItsCode() {
    List<String> seen = new ArrayList<>();
    clusters.faults(
        SOURCE,
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            seen.add(request.number() + " " + request);
            return Fault.NONE;
          }

          @Override
          public Fault after(ApiRequest request, int code) {
            seen.add(request.kind() + " " + code);
            return Fault.NONE;
          }
        });
    create("a");
    exists("nothing");
    clusters.actorClient(SOURCE).namespaces().list();

    assertThat(seen)
        .containsExactly(
            "1 CREATE namespaces ", "Namespace 201", "2 GET namespaces nothing", "Namespace 404");
  }

  @Test
  void aCrashIsNoException() {
    clusters.faults(SOURCE, before(Verb.CREATE, Fault.crash()));

    assertThatExceptionOfType(SimulatedCrash.class)
        .isThrownBy(() -> create("a"))
        .withMessageContaining("before CREATE namespaces");
  }

  @Test
  void aDeadProcessReachesNoClusterAndHearsNothingUntilItsSuccessorDoes() {
    List<String> seen = new ArrayList<>();
    KubernetesClient dead = clusters.client(SOURCE);
    KubernetesClient deadToo = clusters.client(TARGET);
    try (Watch watch = dead.namespaces().watch(names(seen))) {
      assertThat(watch).isNotNull();
      seen.clear();
      clusters.faults(SOURCE, after(Verb.CREATE, Fault.crash()));
      assertThatExceptionOfType(SimulatedCrash.class).isThrownBy(() -> create("a"));
      clusters.faults(SOURCE, FaultHook.NONE);

      assertThatExceptionOfType(SimulatedCrash.class)
          .isThrownBy(() -> deadToo.namespaces().withName("default").delete());
      clusters.restartClients();
      assertThatExceptionOfType(SimulatedCrash.class)
          .isThrownBy(() -> dead.namespaces().withName("default").delete());
      create("b");
      assertThat(exists("a")).isTrue();
      assertThat(exists("b")).isTrue();
      assertThat(seen).containsExactly("a"); // the effect came before the end
    }
  }

  private static Watcher<Namespace> names(List<String> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Namespace namespace) {
        seen.add(namespace.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException cause) {
        seen.add("closed");
      }
    };
  }

  private static FaultHook before(Verb verb, Fault fault) {
    return new FaultHook() {
      @Override
      public Fault before(ApiRequest request) {
        return request.verb() == verb ? fault : Fault.NONE;
      }
    };
  }

  private static FaultHook after(Verb verb, Fault fault) {
    return new FaultHook() {
      @Override
      public Fault after(ApiRequest request, int code) {
        return request.verb() == verb ? fault : Fault.NONE;
      }
    };
  }

  private Namespace create(String name) {
    return clusters
        .client(SOURCE)
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private boolean exists(String name) {
    return clusters.client(SOURCE).namespaces().withName(name).get() != null;
  }
}
