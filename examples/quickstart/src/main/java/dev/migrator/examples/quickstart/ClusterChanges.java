package dev.migrator.examples.quickstart;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows when anything about virtual machines changed last on either cluster.
 *
 * <p>The demo needs it to tell time in which KubeVirt worked from time in which it had done its
 * part and the library was late. It has watches of its own, so that it depends on nothing that it
 * judges.
 */
final class ClusterChanges implements Watcher<GenericKubernetesResource>, AutoCloseable {

  private static final List<ResourceDefinitionContext> KINDS =
      List.of(Kinds.VM, Kinds.INSTANCE, Kinds.MIGRATION, Kinds.CLAIM, Kinds.POD);

  private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);
  private final List<Watch> watches = new ArrayList<>();

  /** Follows a namespace; a kind that the cluster does not have is left out. */
  ClusterChanges follow(KubernetesClient client, String namespace) {
    for (ResourceDefinitionContext kind : KINDS) {
      try {
        watches.add(client.genericKubernetesResources(kind).inNamespace(namespace).watch(this));
      } catch (KubernetesClientException e) {
        if (e.getCode() != 404 && e.getCode() != 403) {
          throw e;
        }
      }
    }
    return this;
  }

  /** When something changed last, by {@link System#nanoTime}; {@code MIN_VALUE} for never. */
  long lastNanos() {
    return last.get();
  }

  @Override
  public void eventReceived(Action action, GenericKubernetesResource resource) {
    last.set(System.nanoTime());
  }

  @Override
  public void onClose(WatcherException cause) {
    // the measurement gets coarser; the migration does not depend on it
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }
}
