package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GET of objects, of collections and of what the server is. */
interface ReadRules extends ApiRules {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x=1                | a
          x==1               | a
          x!=1               | b,c
          x in (1,2)         | a,b
          x notin (1)        | b,c
          x notin (1,2)      | c
          x                  | a,b
          !x                 | c
          x,y=1              | b
          x in (1,2),y       | b
          x=                 | ''
          """)
  default void aLabelSelectorSelects(String selector, String expected) {
    createVm("a", ", \"labels\": {\"x\": \"1\"}");
    createVm("b", ", \"labels\": {\"x\": \"2\", \"y\": \"1\"}");
    createVm("c", "");

    assertThat(String.join(",", api().get(vms() + "?labelSelector=" + encode(selector)).names()))
        .isEqualTo(expected);
  }

  @Test
  default void aFieldSelectorSelectsByNameAndNamespace() {
    createVm("a", "");
    createVm("b", "");

    assertThat(api().get(vms() + "?fieldSelector=metadata.name%3Db").names()).containsExactly("b");
    assertThat(
            api()
                .get(
                    "/apis/kubevirt.io/v1/virtualmachines?fieldSelector=metadata.namespace%3D"
                        + namespace())
                .names())
        .containsExactly("a", "b");
  }

  @Test
  default void aFieldThatCannotBeSelectedIsABadRequest() {
    assertThat(api().get(vms() + "?fieldSelector=spec.runStrategy%3DAlways").code()).isEqualTo(400);
  }

  @Test
  default void aSelectorThatCannotBeReadIsABadRequest() {
    assertThat(api().get(vms() + "?labelSelector=" + encode("x in 1")).code()).isEqualTo(400);
  }

  @Test
  default void aListIsNamedAfterItsKindAndHasAVersion() {
    Api.Reply list = api().get(vms());

    assertThat(list.at("kind")).isEqualTo("VirtualMachineList");
    assertThat(list.at("apiVersion")).isEqualTo("kubevirt.io/v1");
    assertThat(list.version()).matches("[0-9]+");
    assertThat(list.names()).isEmpty();
  }

  @Test
  default void aLongListComesInPages() {
    createVm("a", "");
    createVm("b", "");
    createVm("c", "");
    Api.Reply first = api().get(vms() + "?limit=2");
    Api.Reply second =
        api()
            .get(
                vms() + "?limit=2&continue=" + encode(first.at("metadata", "continue").toString()));

    assertThat(first.names()).containsExactly("a", "b");
    assertThat(second.names()).containsExactly("c");
    assertThat(second.at("metadata", "continue")).isIn(null, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=x", "continue=zzz", "resourceVersion=zzz"})
  default void aParameterThatCannotBeReadIsABadRequest(String parameter) {
    assertThat(api().get(vms() + "?" + parameter).code()).isEqualTo(400);
  }

  @Test
  default void anObjectIsServedInItsOtherVersionsToo() {
    createVm("a", "");
    Api.Reply older =
        api().get("/apis/kubevirt.io/v1alpha3/namespaces/" + namespace() + "/virtualmachines/a");

    assertThat(older.code()).isEqualTo(200);
    assertThat(older.at("apiVersion")).isEqualTo("kubevirt.io/v1alpha3");
  }

  @Test
  default void theServerTellsWhatItKnows() {
    assertThat(api().get("/readyz").body()).isEqualTo("ok");
    assertThat(api().get("/version").at("major")).isEqualTo("1");
    assertThat(api().get("/apis/kubevirt.io/v1").at("kind")).isEqualTo("APIResourceList");
    assertThat(api().get("/apis/kubevirt.io/v1").body()).contains("virtualmachines/status");
    assertThat(api().get("/apis/nobody.example/v1").code()).isEqualTo(404);
    assertThat(clusters().client(Side.SOURCE).hasApiGroup("kubevirt.io", true)).isTrue();
  }

  @Test
  default void aClientsRequestsAreCountedAndAnActorsAreNot() {
    var log = clusters().requests(Side.SOURCE);
    log.clear();
    createVm("a", "");
    api().get(vms());
    api().mergePatch(vm("a") + "/status?dryRun=All", "{}");
    clusters().actorClient(Side.SOURCE).namespaces().list();
    try (Watch watch =
        clusters()
            .client(Side.SOURCE)
            .configMaps()
            .inNamespace(namespace())
            .watch(new Ignoring())) {
      assertThat(log.counts())
          .isEqualTo(
              Map.of(
                  "CREATE virtualmachines", 1,
                  "LIST virtualmachines", 1,
                  "PATCH virtualmachines/status", 1,
                  "WATCH configmaps", 1));
      assertThat(watch).isNotNull();
      assertThat(log.writes()).hasSize(1);
      assertThat(log.dryRuns()).hasSize(1);
    }
  }

  /** A watcher that is there to be counted. */
  final class Ignoring implements Watcher<ConfigMap> {
    @Override
    public void eventReceived(Action action, ConfigMap object) {}

    @Override
    public void onClose(WatcherException cause) {}
  }

  private static String encode(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}
