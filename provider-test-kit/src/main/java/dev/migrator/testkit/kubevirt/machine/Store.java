package dev.migrator.testkit.kubevirt.machine;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one cluster as the actors see them: a snapshot of the watched kinds that watches
 * and every write of an actor bring up to date, so that a round of reconciling costs no reads.
 *
 * <p>Objects handed out are shared: copy before editing. Not thread-safe; the simulator's engine
 * serves it from one thread at a time.
 */
public final class Store implements AutoCloseable {
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final String kubevirtNamespace;
  private final Map<Kind, TreeMap<String, Thing>> kinds = new EnumMap<>(Kind.class);
  private final Set<Kind> dirty = EnumSet.noneOf(Kind.class);
  private final Feed feed;
  private long changes;

  /**
   * A store over the actors' own client of the cluster.
   *
   * @param kubevirtNamespace where KubeVirt itself lives
   */
  public Store(KubernetesClient client, String kubevirtNamespace) {
    this.client = client;
    this.kubevirtNamespace = kubevirtNamespace;
    this.feed = new Feed(client, kubevirtNamespace);
    for (Kind kind : Kind.values()) {
      if (kind.watched()) {
        kinds.put(kind, new TreeMap<>());
        dirty.add(kind);
      }
    }
  }

  /** The client behind this store, for what no store method covers. */
  public KubernetesClient client() {
    return client;
  }

  /** Counts everything that changed the snapshot or is about to: writes and lost races. */
  public long changes() {
    return changes;
  }

  /** Something changed that no object shows, such as what an actor was told: look again. */
  public void nudge() {
    changes++;
  }

  /** Takes in what others have written since; reads a kind anew where its watch broke. */
  public void refresh() {
    for (Kind kind : kinds.keySet()) {
      if (!feed.follows(kind)) {
        feed.follow(kind);
        dirty.add(kind);
      }
    }
    read();
    for (Feed.News news : feed.drain()) {
      apply(news);
    }
  }

  private void read() {
    for (Kind kind : List.copyOf(dirty)) {
      TreeMap<String, Thing> fresh = new TreeMap<>();
      for (GenericKubernetesResource raw : list(kind)) {
        raw.setApiVersion(kind.apiVersion());
        raw.setKind(kind.kind());
        Thing thing = Thing.of(raw);
        fresh.put(thing.key(), thing);
      }
      kinds.put(kind, fresh);
      dirty.remove(kind);
    }
  }

  private void apply(Feed.News news) {
    Thing thing = news.thing();
    Thing old = known(news.kind()).get(thing.key());
    if (news.gone()) {
      if (old != null && old.uid().equals(thing.uid())) {
        changes++;
        forget(news.kind(), thing);
      }
    } else if (old == null || Feed.newer(thing, old)) {
      changes++;
      keep(news.kind(), thing);
    }
  }

  private List<GenericKubernetesResource> list(Kind kind) {
    try {
      if (kind == Kind.CONFIG_MAP) {
        return in(client, kind, kubevirtNamespace).list().getItems();
      }
      return kind.namespaced()
          ? operation(client, kind).inAnyNamespace().list().getItems()
          : operation(client, kind).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return List.of(); // a cluster without that kind, such as one without CDI
      }
      throw e;
    }
  }

  /** All objects of a watched kind, ordered by namespace and name; a copy, safe to write during. */
  public List<Thing> all(Kind kind) {
    return List.copyOf(known(kind).values());
  }

  /** The object of that name, or null. */
  public @Nullable Thing find(Kind kind, String namespace, String name) {
    return known(kind).get(namespace + "/" + name);
  }

  /** The object of that uid, or null. */
  public @Nullable Thing byUid(Kind kind, String uid) {
    for (Thing thing : known(kind).values()) {
      if (thing.uid().equals(uid)) {
        return thing;
      }
    }
    return null;
  }

  private Map<String, Thing> known(Kind kind) {
    Map<String, Thing> known = kinds.get(kind);
    if (known == null) {
      throw new IllegalArgumentException(kind + " is not kept in the snapshot: fetch it");
    }
    return known;
  }

  /** Reads one object of any kind from the server; null where there is none. */
  public @Nullable Thing fetch(Kind kind, String namespace, String name) {
    GenericKubernetesResource raw = in(client, kind, namespace).withName(name).get();
    return raw == null ? null : Thing.of(raw);
  }

  /** Reads one object of a watched kind again. */
  public void refetch(Kind kind, Thing thing) {
    changes++;
    Thing fresh = fetch(kind, thing.namespace(), thing.name());
    if (fresh == null) {
      forget(kind, thing);
    } else {
      keep(kind, fresh);
    }
  }

  /** Lists one kind in one namespace (any, where it is empty) from the server. */
  public List<Thing> fetchAll(Kind kind, String namespace) {
    List<GenericKubernetesResource> items =
        namespace.isEmpty() ? list(kind) : in(client, kind, namespace).list().getItems();
    return items.stream().map(Thing::of).toList();
  }

  /** Creates an object; an existing one of that name is a {@link StaleException}. */
  public Thing create(Kind kind, Thing thing) {
    return write(
        kind, thing, () -> in(client, kind, thing.namespace()).resource(thing.raw()).create());
  }

  /** Creates an object unless one of that name exists; answers whether it was created. */
  public boolean createIfAbsent(Kind kind, Thing thing) {
    try {
      create(kind, thing);
      return true;
    } catch (StaleException alreadyThere) {
      return false;
    }
  }

  /** Replaces an object (its status too, where the kind has no status subresource). */
  public Thing replace(Kind kind, Thing thing) {
    return replace(kind, thing, client);
  }

  /** As {@link #replace(Kind, Thing)}, in somebody's name. */
  public Thing replace(Kind kind, Thing thing, KubernetesClient writer) {
    Thing written =
        write(
            kind, thing, () -> in(writer, kind, thing.namespace()).resource(thing.raw()).update());
    if (written.deleting()
        && (written.meta().getFinalizers() == null || written.meta().getFinalizers().isEmpty())) {
      forget(kind, thing); // the last finalizer went, and the object with it
    }
    return written;
  }

  /** Replaces an object's status. */
  public Thing replaceStatus(Kind kind, Thing thing) {
    if (!kind.statusApart()) {
      return replace(kind, thing);
    }
    return write(
        kind,
        thing,
        () -> in(client, kind, thing.namespace()).resource(thing.raw()).updateStatus());
  }

  /** Asks for a deletion and sees what became of it. */
  public void delete(Kind kind, Thing thing) {
    delete(kind, thing, -1);
  }

  /** As {@link #delete(Kind, Thing)} with a grace period in seconds (negative: the default). */
  public void delete(Kind kind, Thing thing, long graceSeconds) {
    changes++;
    Resource<GenericKubernetesResource> resource =
        in(client, kind, thing.namespace()).withName(thing.name());
    try {
      if (graceSeconds >= 0) {
        resource.withGracePeriod(graceSeconds).delete();
      } else {
        resource.delete();
      }
      List<String> finalizers = thing.meta().getFinalizers();
      boolean lingers = kind == Kind.POD || (finalizers != null && !finalizers.isEmpty());
      GenericKubernetesResource left = lingers ? resource.get() : null;
      if (left == null || !thing.uid().equals(left.getMetadata().getUid())) {
        forget(kind, thing);
      } else {
        keep(kind, Thing.of(left));
      }
    } catch (KubernetesClientException e) {
      throw translated(kind, thing, e);
    }
  }

  private Thing write(
      Kind kind, Thing thing, Supplier<@Nullable GenericKubernetesResource> request) {
    changes++;
    try {
      GenericKubernetesResource answer = request.get();
      if (answer == null) {
        forget(kind, thing); // some servers answer the write that ends an object with nothing
        return thing;
      }
      Thing written = Thing.of(answer);
      keep(kind, written);
      return written;
    } catch (KubernetesClientException e) {
      throw translated(kind, thing, e);
    }
  }

  private RuntimeException translated(Kind kind, Thing thing, KubernetesClientException e) {
    String message = e.getMessage() == null ? String.valueOf(e.getCode()) : e.getMessage();
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> {
        if (kind.watched()) {
          dirty.add(kind);
        }
        yield new StaleException(thing + " changed meanwhile: " + message, e);
      }
      case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE ->
          new DeniedException(message, e);
      default -> e;
    };
  }

  private void keep(Kind kind, Thing thing) {
    TreeMap<String, Thing> known = kinds.get(kind);
    if (known != null) {
      known.put(thing.key(), thing);
    }
  }

  private void forget(Kind kind, Thing thing) {
    TreeMap<String, Thing> known = kinds.get(kind);
    if (known != null) {
      known.remove(thing.key());
    }
  }

  private static NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      in(KubernetesClient client, Kind kind, String namespace) {
    var operation = operation(client, kind);
    return kind.namespaced() ? operation.inNamespace(namespace) : operation;
  }

  private static MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      operation(KubernetesClient client, Kind kind) {
    return client.genericKubernetesResources(kind.context());
  }

  /** Ends the watches. */
  @Override
  public void close() {
    feed.close();
  }
}
