package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch over the Jobs of all hooks in a namespace; it wakes, and decides nothing. */
final class HookWatch implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(HookWatch.class);

  private final Cluster cluster;
  private final String namespace;
  private @Nullable SharedIndexInformer<GenericKubernetesResource> informer;

  HookWatch(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Starts it, unless it was started before. */
  synchronized void start(BiConsumer<String, VmRef> wake) {
    if (informer != null) {
      return;
    }
    SharedIndexInformer<GenericKubernetesResource> made =
        cluster
            .all(Kind.JOB)
            .inNamespace(namespace)
            .withLabels(Map.of(Labels.ROLE, Labels.HOOK))
            .runnableInformer(0);
    made.addEventHandler(new Waker(wake)).exceptionHandler((started, e) -> true);
    made.start();
    informer = made;
  }

  synchronized boolean isWatching() {
    return informer != null && informer.isWatching();
  }

  @Override
  public synchronized void close() {
    if (informer != null) {
      informer.stop();
      informer = null;
    }
  }

  private record Waker(BiConsumer<String, VmRef> wake)
      implements ResourceEventHandler<GenericKubernetesResource> {

    @Override
    public void onAdd(GenericKubernetesResource job) {
      wake(job);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource job) {
      wake(job);
    }

    @Override
    public void onDelete(GenericKubernetesResource job, boolean unknown) {
      wake(job);
    }

    private void wake(GenericKubernetesResource job) {
      Map<String, String> annotations = Labels.annotations(job);
      String plan = annotations.get(HookJob.PLAN_ID);
      String vm = annotations.get(HookJob.SOURCE_VM);
      if (plan == null || vm == null) {
        return;
      }
      try {
        wake.accept(plan, VmRef.parse(vm));
      } catch (RuntimeException e) {
        LOGGER
            .atWarn()
            .addKeyValue("job", job.getMetadata().getName())
            .setCause(e)
            .log("Nobody could be woken for a hook");
      }
    }
  }
}
