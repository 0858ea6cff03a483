package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WATCH: what is told, in which order, from where on. */
interface WatchRules extends ApiRules {

  @Test
  default void aWatchFromNowhereTellsWhatThereIsAndThenEachWrite() {
    createVm("a", "");
    try (Seen seen = watch(new ListOptions())) {
      seen.expect("ADDED a");
      createVm("b", "");
      api().mergePatch(vm("b"), "{\"spec\": {\"runStrategy\": \"Always\"}}");
      api().mergePatch(vm("b") + "/status", "{\"status\": {\"printableStatus\": \"Running\"}}");
      api().delete(vm("b"));

      seen.expect("ADDED b", "MODIFIED b", "MODIFIED b", "DELETED b");
    }
  }

  @Test
  default void aWatchFromAVersionTellsWhatCameAfterIt() {
    createVm("a", "");
    String version = api().get(vms()).version();
    createVm("b", "");
    api().delete(vm("a"));
    try (Seen seen = watch(new ListOptionsBuilder().withResourceVersion(version).build())) {
      seen.expect("ADDED b", "DELETED a");
    }
  }

  @Test
  default void whatLeavesTheSelectionIsToldAsDeleted() {
    createVm("a", ", \"labels\": {\"x\": \"1\"}");
    createVm("b", "");
    try (Seen seen = watch(new ListOptionsBuilder().withLabelSelector("x=1").build())) {
      seen.expect("ADDED a");
      api().mergePatch(vm("b"), "{\"metadata\": {\"labels\": {\"x\": \"1\"}}}");
      api().mergePatch(vm("a"), "{\"metadata\": {\"labels\": {\"x\": \"2\"}}}");
      api().delete(vm("a"));
      api().delete(vm("b"));

      seen.expect("ADDED b", "DELETED a", "DELETED b");
    }
  }

  @Test
  default void aWatchOfOneNameTellsOfNoOther() {
    try (Seen seen = watch(new ListOptionsBuilder().withFieldSelector("metadata.name=b").build())) {
      createVm("a", "");
      createVm("b", "");

      seen.expect("ADDED b");
    }
  }

  @Test
  default void aDeletionIsToldWithAVersionOfItsOwn() {
    Api.Reply created = createVm("a", "");
    try (Seen seen = watch(new ListOptions())) {
      seen.expect("ADDED a");
      api().delete(vm("a"));
      seen.expect("DELETED a");

      assertThat(Long.parseLong(seen.last().getMetadata().getResourceVersion()))
          .isGreaterThan(Long.parseLong(created.version()));
    }
  }

  @Test
  default void aFinalizerMakesAMarkAndARemovalOfOneDeletion() {
    createVm("a", DeleteRules.HELD);
    try (Seen seen = watch(new ListOptions())) {
      seen.expect("ADDED a");
      api().delete(vm("a"));
      api().mergePatch(vm("a"), "{\"metadata\": {\"finalizers\": []}}");

      seen.expect("MODIFIED a", "DELETED a");
    }
  }

  @Test
  default void whatChangesNothingIsNotTold() {
    Api.Reply first = createVm("a", "");
    try (Seen seen = watch(new ListOptions())) {
      seen.expect("ADDED a");
      api().put(vm("a"), first.body());
      api().mergePatch(vm("a") + "?dryRun=All", "{\"spec\": {\"runStrategy\": \"Always\"}}");
      api().post(vms() + "?dryRun=All", ApiRules.vmBody("b", ""));
      api().delete(vm("a"));

      seen.expect("DELETED a");
    }
  }

  private Seen watch(ListOptions options) {
    ResourceDefinitionContext vms =
        new ResourceDefinitionContext.Builder()
            .withGroup("kubevirt.io")
            .withVersion("v1")
            .withKind("VirtualMachine")
            .withPlural("virtualmachines")
            .withNamespaced(true)
            .build();
    Seen seen = new Seen();
    seen.watch =
        clusters()
            .client(Side.SOURCE)
            .genericKubernetesResources(vms)
            .inNamespace(namespace())
            .watch(options, seen);
    return seen;
  }

  /** The events of one watch. */
  final class Seen implements Watcher<GenericKubernetesResource>, AutoCloseable {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile GenericKubernetesResource latest;
    private Watch watch;

    @Override
    public void eventReceived(Action action, GenericKubernetesResource resource) {
      latest = resource;
      events.add(action + " " + resource.getMetadata().getName());
    }

    @Override
    public void onClose(WatcherException cause) {
      events.add("CLOSED " + cause.getMessage());
    }

    /** Waits for exactly these events. */
    void expect(String... expected) {
      List<String> got = new ArrayList<>();
      try {
        while (got.size() < expected.length) {
          String event = events.poll(20, TimeUnit.SECONDS);
          assertThat(event).as("after %s", got).isNotNull();
          got.add(event);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      assertThat(got).containsExactly(expected);
    }

    GenericKubernetesResource last() {
      return latest;
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
