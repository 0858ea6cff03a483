package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Job of a hook and what is mounted into it, each at most once.
 *
 * <p>Two steps, and the status is saved between them: {@link #create} makes a Job that does not
 * run, {@link #resume} lets it.
 */
final class HookObjects {

  /** A ConfigMap takes 1 MiB; some room stays for what people add to it. */
  private static final int MOST_BYTES = 1_000_000;

  private final Cluster cluster;
  private final KubernetesSerialization serialization;

  HookObjects(Cluster cluster, KubernetesSerialization serialization) {
    this.cluster = cluster;
    this.serialization = serialization;
  }

  /** The Job of this very hook and run as it is now, recorded or not. */
  Optional<JobView> find(HookJob drawn) {
    return cluster
        .get(Kind.JOB, drawn.namespace(), drawn.name())
        .filter(drawn::isOurs)
        .map(JobView::new);
  }

  /** The Job as it is now; empty when there is none of this uid. */
  Optional<JobView> find(HookJob drawn, String uid) {
    return cluster
        .get(Kind.JOB, drawn.namespace(), drawn.name())
        .map(JobView::new)
        .filter(job -> job.uid().equals(uid));
  }

  /**
   * Asks for the deletion of the Job, and with it of its pod and of what is mounted.
   *
   * @return whether it is still there
   */
  boolean delete(HookJob drawn, JobView job) {
    if (!job.isDeleting()) {
      cluster.delete(ref(job.raw()), "");
    }
    return find(drawn, job.uid()).isPresent();
  }

  /** The ledger entry of what this hook's Job mounts, as far as it is there. */
  Optional<ObjectRef> mounted(HookJob drawn) {
    return cluster
        .get(Kind.CONFIG_MAP, drawn.namespace(), drawn.name())
        .filter(drawn::isOurs)
        .map(cluster::ref);
  }

  /** The ledger entry of an object. */
  ObjectRef ref(GenericKubernetesResource object) {
    return cluster.ref(object);
  }

  /**
   * Makes the Job, suspended, or finds the one that this run made before.
   *
   * @return the Job
   * @throws MigrationException permanent, when what is to be mounted is too large, or another Job
   *     has the name
   */
  JobView create(HookJob drawn) {
    refuseTooLarge(drawn);
    GenericKubernetesResource job =
        cluster
            .create(drawn.job())
            .or(() -> cluster.get(Kind.JOB, drawn.namespace(), drawn.name()))
            .orElseThrow(() -> changed(drawn.describe(Kind.JOB)));
    if (!drawn.isOurs(job)) {
      throw collision(drawn, Kind.JOB);
    }
    return new JobView(job);
  }

  /**
   * Sees to it that what is mounted is there, then lets the Job run; a Job whose files can never be
   * there is taken back.
   *
   * @return what is mounted
   */
  ObjectRef resume(HookJob drawn, JobView job) {
    ObjectRef mounted;
    try {
      mounted = ref(mount(drawn, job));
    } catch (MigrationException e) {
      if (!e.isRetryable()) {
        cluster.delete(Kind.JOB.ref(Side.HOST, drawn.namespace(), drawn.name(), job.uid()), "");
      }
      throw e;
    }
    JsonPatch run = JsonPatch.of(job.uid()).replace("/spec/suspend", false);
    if (job.isSuspended()
        && cluster.patch(Kind.JOB, drawn.namespace(), drawn.name(), run).isEmpty()) {
      throw changed(drawn.describe(Kind.JOB));
    }
    return mounted;
  }

  private GenericKubernetesResource mount(HookJob drawn, JobView job) {
    Optional<GenericKubernetesResource> made =
        cluster.create(drawn.configMap(job.uid(), facts(drawn)));
    if (made.isPresent()) {
      return made.get();
    }
    GenericKubernetesResource found =
        cluster
            .get(Kind.CONFIG_MAP, drawn.namespace(), drawn.name())
            .orElseThrow(() -> changed(drawn.describe(Kind.CONFIG_MAP)));
    if (!drawn.isOurs(found)) {
      throw collision(drawn, Kind.CONFIG_MAP);
    }
    boolean owned =
        found.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> job.uid().equals(owner.getUid()));
    if (!owned) {
      throw MigrationException.transientFault(
          drawn.describe(Kind.CONFIG_MAP) + " belongs to an earlier Job and is still to go", null);
    }
    return found;
  }

  private void refuseTooLarge(HookJob drawn) {
    int size = bytes(facts(drawn)) + bytes(drawn.hook().playbook());
    if (size > MOST_BYTES) {
      throw MigrationException.permanent(
          "HookTooLarge",
          "Playbook and facts have "
              + size
              + " bytes, and a ConfigMap can hold "
              + MOST_BYTES
              + ". Put the playbook into the image.");
    }
  }

  private String facts(HookJob drawn) {
    return serialization.asJson(drawn.facts());
  }

  private static int bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static MigrationException collision(HookJob drawn, Kind kind) {
    return MigrationException.permanent(
        "Collision",
        drawn.describe(kind)
            + " exists and was not made for this hook in this run. Rename or delete it.");
  }

  private static MigrationException changed(String what) {
    return MigrationException.transientFault(what + " changed while it was being looked at", null);
  }
}
