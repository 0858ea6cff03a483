package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the client library builds on: edits, informers, races, and what nobody serves. */
interface ClientRules extends ApiRules {

  private Resource<GenericKubernetesResource> machine(String name) {
    return clusters()
        .client(Side.SOURCE)
        .genericKubernetesResources(Kind.VM.context())
        .inNamespace(namespace())
        .withName(name);
  }

  @Test
  default void anEditChangesTheObjectAndAnEditOfTheStatusItsStatus() {
    createVm("a", "");
    machine("a").edit(found -> Thing.of(found).set("spec.runStrategy", "Always").raw());
    machine("a").editStatus(found -> Thing.of(found).set("status.ready", true).raw());
    GenericKubernetesResource patched = machine("a").get();
    machine("a").subresource("status").patch(Thing.of(patched).set("status.created", true).raw());

    Thing left = Thing.of(machine("a").get());
    assertThat(left.text("spec.runStrategy")).isEqualTo("Always");
    assertThat(left.truth("status.ready")).isTrue();
    assertThat(left.truth("status.created")).isTrue();
  }

  @Test
  default void anInformerHearsOfEachWrite() {
    List<String> heard = new CopyOnWriteArrayList<>();
    KubernetesClient client = clusters().client(Side.SOURCE);
    try (SharedIndexInformer<ConfigMap> informer =
        client
            .configMaps()
            .inNamespace(namespace())
            .withLabel("heard", "yes")
            .inform(new Ears(heard))) {
      createConfigMap("a", ", \"labels\": {\"heard\": \"yes\"}");
      Poll.until("added", () -> heard.contains("added a"));
      api().mergePatch(configMap("a"), "{\"data\": {\"key\": \"other\"}}");
      Poll.until("changed", () -> heard.contains("updated a"));
      api().delete(configMap("a"));
      Poll.until("deleted", () -> heard.contains("deleted a"));
      assertThat(informer.getStore().list()).isEmpty();
    }
    assertThat(heard).containsExactly("added a", "updated a", "deleted a");
  }

  /** Notes what an informer says. */
  record Ears(List<String> heard) implements ResourceEventHandler<ConfigMap> {
    @Override
    public void onAdd(ConfigMap object) {
      heard.add("added " + object.getMetadata().getName());
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap after) {
      heard.add("updated " + after.getMetadata().getName());
    }

    @Override
    public void onDelete(ConfigMap object, boolean finalStateUnknown) {
      heard.add("deleted " + object.getMetadata().getName());
    }
  }

  @Test
  default void ofWritersThatRaceNoneIsLost() {
    createConfigMap("counter", "");
    api().mergePatch(configMap("counter"), "{\"data\": {\"key\": \"0\"}}");
    together(() -> IntStream.range(0, 5).allMatch(time -> increment()));

    assertThat(api().get(configMap("counter")).at("data", "key")).isEqualTo("40");
  }

  private boolean increment() {
    KubernetesClient client = clusters().client(Side.SOURCE);
    while (true) {
      ConfigMap found = client.configMaps().inNamespace(namespace()).withName("counter").get();
      int next = Integer.parseInt(found.getData().get("key")) + 1;
      try {
        client
            .resource(new ConfigMapBuilder(found).addToData("key", "" + next).build())
            .lockResourceVersion(found.getMetadata().getResourceVersion())
            .update();
        return true;
      } catch (KubernetesClientException lost) {
        assertThat(lost.getCode()).isEqualTo(409);
      }
    }
  }

  @Test
  default void ofCreationsThatRaceOneWins() {
    List<Boolean> won = together(() -> createConfigMap("contested", "").code() == 201);

    assertThat(won).containsOnlyOnce(true).hasSize(8);
  }

  private static List<Boolean> together(Supplier<Boolean> deed) {
    List<CompletableFuture<Boolean>> all =
        IntStream.range(0, 8).mapToObj(each -> CompletableFuture.supplyAsync(deed)).toList();
    return all.stream().map(CompletableFuture::join).toList();
  }

  @Test
  default void aNameThatIsUsedAgainHasAnotherUid() {
    String first = createConfigMap("a", "").uid();
    api().delete(configMap("a"));

    assertThat(createConfigMap("a", "").uid()).hasSize(36).isNotEqualTo(first);
  }

  @Test
  default void whatIsWrittenToOneClusterIsNotInTheOther() {
    createConfigMap("a", "");

    assertThat(
            clusters()
                .client(Side.TARGET)
                .configMaps()
                .inNamespace(namespace())
                .withName("a")
                .get())
        .isNull();
  }

  @Test
  default void aSubresourceThatNobodyServesIsNotFound() {
    createVm("a", "");
    String path = vm("a").replace("/kubevirt.io/", "/subresources.kubevirt.io/") + "/addvolume";

    assertThat(api().get(path).code()).isEqualTo(404);
    assertThat(api().put(path, "{}").code()).isEqualTo(404);
  }

  @Test
  default void theServerSaysThatItIsWell() {
    assertThat(api().get("/healthz"))
        .extracting(Api.Reply::code, Api.Reply::body)
        .containsExactly(200, "ok");
  }
}
