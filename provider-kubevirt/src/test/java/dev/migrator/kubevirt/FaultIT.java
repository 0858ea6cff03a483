package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A sample of faults, on clusters that are not of this process. */
@ExtendWith(ClustersExtension.class)
final class FaultIT {

  /** Nobody listens there. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/");

  private final List<KubernetesClient> opened = new ArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private LiveRig rig;

  @BeforeEach
  void join(Clusters clusters) {
    rig = new LiveRig(clusters);
    rig.connections = this::shaky;
  }

  @AfterEach
  void leave() {
    rig.close();
    opened.forEach(KubernetesClient::close);
  }

  @Test
  void aMoveRidesThroughConnectionsThatAreRefusedAgainAndAgain() {
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-fault"), "web");
    rig.boot(SampleVm.of(vm.namespace(), vm.name()).dataVolume("root", "64Mi"), "Always");

    try (LiveRig.Run run = rig.start(LiveRig.plan(vm, vm))) {
      VmStatus end = run.end();

      assertThat(end.state()).as(end::toString).isEqualTo(VmState.SUCCEEDED);
    }
    assertThat(rig.runs(Side.TARGET, vm.namespace(), vm.name())).isTrue();
    assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, vm.namespace(), vm.name())).isEmpty();
    assertThat(refused).hasPositiveValue();
  }

  @Test
  void aFailedCopyIsUndoneThroughThemToo() {
    assumeTrue(rig.hasSwitches(), "Nobody here can make a copy fail");
    VmRef vm = new VmRef(rig.clusters.newNamespace("it-fault-undo"), "web");
    rig.boot(SampleVm.of(vm.namespace(), vm.name()).dataVolume("root", "64Mi"), "Always");
    rig.world.source().hold(Switch.FAIL_SOURCE, vm.namespace());

    try (LiveRig.Run run = rig.start(LiveRig.plan(vm, vm))) {
      VmStatus end = run.end();

      assertThat(end.state()).as(end::toString).isEqualTo(VmState.FAILED);
      assertThat(end.ledger()).isEmpty();
    }
    assertThat(rig.runs(Side.SOURCE, vm.namespace(), vm.name())).isTrue();
    rig.awaitNoClaim(Side.TARGET, vm.namespace(), vm.name() + "-root");
    assertThat(rig.objects(Side.TARGET, vm.namespace())).isEmpty();
    assertThat(refused).hasPositiveValue();
  }

  /** A client whose every ninth request finds nobody; it does not try by itself again. */
  private KubernetesClient shaky(Side side) {
    Config config =
        new ConfigBuilder(rig.clusters.client(side).getConfiguration())
            .withRequestRetryBackoffLimit(0)
            .build();
    AtomicInteger requests = new AtomicInteger();
    Interceptor everyNinth =
        new Interceptor() {
          @Override
          public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (requests.incrementAndGet() % 9 == 0) {
              refused.incrementAndGet();
              builder.uri(NOWHERE);
            }
          }
        };
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("shaky", everyNinth))
            .build();
    opened.add(client);
    return client;
  }
}
