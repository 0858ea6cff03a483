package dev.migrator.testkit.kubevirt.machine;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Watches of one cluster, whose events wait until the simulator's engine takes them in. */
final class Feed implements AutoCloseable {
  private static final Set<Integer> TRANSIENT = Set.of(429, 500, 503);
  private static final int MOST_ATTEMPTS = 20;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final KubernetesClient client;
  private final String kubevirtNamespace;
  private final Queue<News> waiting = new ConcurrentLinkedQueue<>();
  private final Map<Kind, Follower> followers = new ConcurrentHashMap<>();
  private final Map<Kind, Watch> watches = new EnumMap<>(Kind.class);

  Feed(KubernetesClient client, String kubevirtNamespace) {
    this.client = client;
    this.kubevirtNamespace = kubevirtNamespace;
  }

  /** An object that appeared, changed or went. */
  record News(Kind kind, Thing thing, boolean gone) {}

  /** Whether a watch of the kind stands (or the cluster has no such kind). */
  boolean follows(Kind kind) {
    return followers.containsKey(kind);
  }

  /** Opens the watch of a kind; a server that is only just up is asked again. */
  void follow(Kind kind) {
    Follower follower = new Follower(kind);
    followers.put(kind, follower);
    for (int attempt = 1; ; attempt++) {
      try {
        watches.put(kind, open(kind, follower));
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          return; // a cluster without that kind, such as one without CDI
        }
        if (attempt == MOST_ATTEMPTS || !TRANSIENT.contains(e.getCode())) {
          followers.remove(kind, follower);
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private Watch open(Kind kind, Follower follower) {
    var all = client.genericKubernetesResources(kind.context());
    if (kind == Kind.CONFIG_MAP) {
      return all.inNamespace(kubevirtNamespace).watch(follower);
    }
    return kind.namespaced() ? all.inAnyNamespace().watch(follower) : all.watch(follower);
  }

  /** What has happened since the last call, in order. */
  List<News> drain() {
    List<News> news = new ArrayList<>();
    for (News next = waiting.poll(); next != null; next = waiting.poll()) {
      news.add(next);
    }
    return news;
  }

  /** Whether the first is a later state of the second (or another object of its name). */
  static boolean newer(Thing one, Thing other) {
    try {
      return Long.parseLong(one.version()) > Long.parseLong(other.version());
    } catch (NumberFormatException opaque) {
      return !one.version().equals(other.version());
    }
  }

  @Override
  public void close() {
    followers.clear();
    watches.values().forEach(Watch::close);
    watches.clear();
  }

  private final class Follower implements Watcher<GenericKubernetesResource> {
    private final Kind kind;

    Follower(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void eventReceived(Action action, GenericKubernetesResource raw) {
      if (action == Action.BOOKMARK || action == Action.ERROR) {
        return;
      }
      raw.setApiVersion(kind.apiVersion());
      raw.setKind(kind.kind());
      waiting.add(new News(kind, Thing.of(raw), action == Action.DELETED));
    }

    @Override
    public void onClose(WatcherException cause) {
      followers.remove(kind, this); // the next refresh opens another and reads the kind anew
    }
  }
}
