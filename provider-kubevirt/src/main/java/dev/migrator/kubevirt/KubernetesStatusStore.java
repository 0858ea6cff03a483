package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps statuses in a cluster: one ConfigMap a machine and plan, in a namespace of the host's.
 *
 * <p>A host makes one and gives it to its runner, which calls it from any of its threads. A load is
 * one LIST, never answered from memory, because an action that is based on yesterday's status could
 * undo what another host did since. A save is one request; it is bound to the resource version at
 * which the status was read, so of two writers one is refused, and labels that people added stay.
 *
 * <p>When an answer got lost, the save throws, and a later save of the same status finds out by a
 * mark on the ConfigMap whether the first one took effect. The rights it needs in the namespace:
 * get, list, create and patch of ConfigMaps, and delete where {@link #delete} is called.
 */
public final class KubernetesStatusStore implements StatusStore {

  private static final Logger LOGGER = LoggerFactory.getLogger(KubernetesStatusStore.class);

  private static final int MOST_SEEN = 50_000;

  /** How often a save is tried on an object whose status is the one to replace. */
  private static final int TRIES = 3;

  private final Cluster cluster;
  private final String namespace;
  private final StatusConfigMap form;
  private final String writer = UUID.randomUUID().toString();
  private final AtomicLong attempts = new AtomicLong();
  private final Map<String, Attempt> unsettled = new ConcurrentHashMap<>();
  private final Map<String, Seen> seen = Collections.synchronizedMap(new RecentlySeen());

  /**
   * Creates a store.
   *
   * @param client the cluster that keeps the statuses; it belongs to the host, which closes it
   * @param namespace the namespace, which exists
   */
  public KubernetesStatusStore(KubernetesClient client, String namespace) {
    this.cluster = new Cluster(Side.HOST, client);
    this.namespace = namespace;
    this.form =
        new StatusConfigMap(namespace, new StatusCodec(client.getKubernetesSerialization()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asks the cluster that keeps the statuses whether it may: what is missing of role {@code
   * migrator-host} is critical.
   */
  @Override
  public List<Concern> validate(String plan) {
    return HostRights.missing(cluster, namespace, When.STATUSES);
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException transient when the cluster does not answer; permanent when it
   *     refuses, or when one of the ConfigMaps cannot be understood: its machine would be started
   *     anew if it were passed over
   */
  @Override
  public List<VmStatus> load(String plan) {
    List<Stored> stored = stored(plan);
    stored.forEach(it -> remember(it.object(), it.status()));
    return stored.stream().map(Stored::status).toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException transient when it is not known whether it was saved; permanent when
   *     it was not and never will be: the status is too large, the cluster refuses it, or what is
   *     there cannot be understood
   */
  @Override
  public boolean save(VmStatus status) {
    String name = Names.status(status.plan(), status.vm());
    VmStatus next = status.toBuilder().version(status.version() + 1).build();
    Attempt attempt = attempt(name, next, form.text(next));
    try {
      return write(attempt);
    } catch (MigrationException e) {
      unsettled.put(name, attempt);
      throw e;
    }
  }

  /**
   * Removes the statuses of a plan, whatever they say; what was made for its machines stays.
   *
   * <p>Called by a host that is done with a plan, after its runner has forgotten it.
   *
   * @param plan the plan's id
   * @throws MigrationException as for {@link #load}
   */
  public void delete(String plan) {
    for (Stored stored : stored(plan)) {
      cluster.delete(cluster.ref(stored.object()), "");
      seen.remove(stored.object().getMetadata().getName());
    }
  }

  private List<Stored> stored(String plan) {
    List<Stored> all = new ArrayList<>();
    for (GenericKubernetesResource object :
        cluster.list(Kind.CONFIG_MAP, namespace, StatusConfigMap.selector(plan))) {
      VmStatus status = form.read(object);
      if (!StatusConfigMap.isAtItsPlace(object, status)) {
        LOGGER
            .atWarn()
            .addKeyValue("configMap", namespace + "/" + object.getMetadata().getName())
            .addKeyValue("vm", status.vm())
            .log("Ignored the copy of a status");
      } else if (status.plan().equals(plan)) {
        all.add(new Stored(object, status));
      }
    }
    return all;
  }

  private boolean write(Attempt attempt) {
    Seen known = seen.get(attempt.name());
    if (known == null && attempt.replaces() == 0) {
      return create(attempt);
    }
    for (int i = 0; i < TRIES; i++) {
      if (known == null || known.version() != attempt.replaces()) {
        Found found = find(attempt);
        if (found == null) {
          return attempt.replaces() == 0 && create(attempt);
        }
        if (found.seen().version() != attempt.replaces()) {
          return found.isBy(attempt);
        }
        known = found.seen();
      }
      Optional<GenericKubernetesResource> written =
          cluster.merge(
              Kind.CONFIG_MAP,
              namespace,
              attempt.name(),
              known.resourceVersion(),
              StatusConfigMap.change(attempt.next(), attempt.text(), attempt.mark()));
      if (written.isPresent()) {
        remember(written.get(), attempt.next());
        return true;
      }
      // Somebody saved, or only labelled the object, or this very request came through before.
      known = null;
    }
    return false;
  }

  /** A client repeats a request whose answer got lost, and may be refused for its own success. */
  private boolean create(Attempt attempt) {
    Optional<GenericKubernetesResource> made =
        cluster.create(form.draw(attempt.next(), attempt.text(), attempt.mark()));
    if (made.isPresent()) {
      remember(made.get(), attempt.next());
      return true;
    }
    Found found = find(attempt);
    return found != null && found.isBy(attempt);
  }

  private @Nullable Found find(Attempt attempt) {
    seen.remove(attempt.name());
    GenericKubernetesResource object =
        cluster.get(Kind.CONFIG_MAP, namespace, attempt.name()).orElse(null);
    if (object == null) {
      return null;
    }
    VmStatus status = form.read(object, attempt.next().plan(), attempt.next().vm());
    return new Found(remember(object, status), StatusConfigMap.mark(object));
  }

  private Seen remember(GenericKubernetesResource object, VmStatus status) {
    Seen now = new Seen(status.version(), object.getMetadata().getResourceVersion());
    seen.put(object.getMetadata().getName(), now);
    return now;
  }

  /** Takes up the attempt whose fate is unknown if this is its repetition; nobody else can then. */
  private Attempt attempt(String name, VmStatus next, String text) {
    Attempt earlier = unsettled.remove(name);
    return earlier != null && earlier.text().equals(text)
        ? earlier
        : new Attempt(name, next, text, writer + "-" + attempts.incrementAndGet());
  }

  /** A ConfigMap and the status that it holds. */
  private record Stored(GenericKubernetesResource object, VmStatus status) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return Blueprint.describe(object);
    }
  }

  /** A version of ours, and the version of the server's that it had. */
  private record Seen(long version, String resourceVersion) {}

  /** What is there, and which attempt wrote it. */
  private record Found(Seen seen, String mark) {
    boolean isBy(Attempt attempt) {
      return mark.equals(attempt.mark());
    }
  }

  /** One wish to save; it keeps its mark until its fate is known. */
  private record Attempt(String name, VmStatus next, String text, String mark) {
    long replaces() {
      return next.version() - 1;
    }
  }

  /** Spares a read before a save. It cannot mislead: the server compares what it says. */
  private static final class RecentlySeen extends LinkedHashMap<String, Seen> {
    private RecentlySeen() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
      return size() > MOST_SEEN;
    }
  }
}
