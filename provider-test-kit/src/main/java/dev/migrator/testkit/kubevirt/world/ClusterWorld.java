package dev.migrator.testkit.kubevirt.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a test decides about one simulated cluster, before or during a run.
 *
 * <p>A scope is empty (everything), a namespace, or {@code namespace/name}. Thread-safe: a test may
 * turn knobs while the simulator runs; they count from the actors' next round on.
 */
public final class ClusterWorld {
  private final Map<Switch, Set<String>> switches = new ConcurrentHashMap<>();
  private final Map<String, StorageKind> storage = new ConcurrentHashMap<>();
  private final List<NodeSpec> nodes = new CopyOnWriteArrayList<>();
  private final Map<String, Long> dirtyRates = new ConcurrentHashMap<>();
  private final Map<String, String> digests = new ConcurrentHashMap<>();
  private final Set<String> unreachable = ConcurrentHashMap.newKeySet();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
  private final Set<String> syncDown = ConcurrentHashMap.newKeySet();
  private final List<String> syncRestarts = new CopyOnWriteArrayList<>();
  private final AtomicInteger syncPods = new AtomicInteger();
  private final String network;
  private volatile Timing timing = Timing.TYPICAL;
  private volatile String kubevirtNamespace = "kubevirt";
  private volatile boolean nodesTrustAll;
  private volatile Duration caAge = Duration.ofHours(1);

  /**
   * A cluster with one immediate storage class "local" (the default) and two equal nodes.
   *
   * @param name prefix of its nodes
   * @param network the first three numbers of its nodes' IPv4 addresses
   */
  ClusterWorld(String name, String network) {
    this.network = network;
    storage(StorageKind.immediate("local").asDefault());
    nodes.add(NodeSpec.plain(name + "-node1"));
    nodes.add(NodeSpec.plain(name + "-node2"));
  }

  /** The first three numbers of the cluster's node addresses. */
  public String network() {
    return network;
  }

  /** Turns a switch on for everything. */
  public ClusterWorld hold(Switch which) {
    return hold(which, "");
  }

  /** Turns a switch on for a scope. */
  public ClusterWorld hold(Switch which, String scope) {
    switches.computeIfAbsent(which, unused -> ConcurrentHashMap.newKeySet()).add(scope);
    return this;
  }

  /** Turns a switch off in every scope. */
  public ClusterWorld release(Switch which) {
    switches.remove(which);
    return this;
  }

  /** Turns a switch off for the scope that it was turned on for. */
  public ClusterWorld release(Switch which, String scope) {
    Set<String> scopes = switches.get(which);
    if (scopes != null) {
      scopes.remove(scope);
    }
    return this;
  }

  /** Whether a switch is on for an object. */
  public boolean holds(Switch which, String namespace, String name) {
    Set<String> scopes = switches.get(which);
    return scopes != null && inScope(scopes, namespace, name);
  }

  private static boolean inScope(Set<String> scopes, String namespace, String name) {
    return scopes.contains("")
        || scopes.contains(namespace)
        || scopes.contains(namespace + "/" + name);
  }

  /** Where KubeVirt itself is installed; decided before the simulator is built. */
  public ClusterWorld kubevirtNamespace(String chosen) {
    this.kubevirtNamespace = chosen;
    return this;
  }

  /** Where KubeVirt itself lives (default "kubevirt"). */
  public String kubevirtNamespace() {
    return kubevirtNamespace;
  }

  /** How long things take here. */
  public Timing timing() {
    return timing;
  }

  /** Decides how long things take here. */
  public ClusterWorld timing(Timing chosen) {
    this.timing = chosen;
    return this;
  }

  /** Adds or replaces a storage class; installed with the simulator. */
  public ClusterWorld storage(StorageKind kind) {
    if (kind.isDefault()) {
      storage.replaceAll(
          (name, old) ->
              new StorageKind(
                  name,
                  old.firstConsumer(),
                  old.populator(),
                  old.accessModes(),
                  old.volumeMode(),
                  old.overhead(),
                  false));
    }
    storage.put(kind.name(), kind);
    return this;
  }

  /** The storage classes by name. */
  public Map<String, StorageKind> storage() {
    return Map.copyOf(storage);
  }

  /** The storage class that a claim without one gets, or the one named; immediate if unknown. */
  public StorageKind storageOf(String name) {
    if (!name.isEmpty()) {
      StorageKind known = storage.get(name);
      return known == null ? StorageKind.immediate(name) : known;
    }
    return storage.values().stream()
        .filter(StorageKind::isDefault)
        .findFirst()
        .orElse(StorageKind.immediate(""));
  }

  /** Replaces the nodes; installed with the simulator. */
  public ClusterWorld nodes(NodeSpec... chosen) {
    nodes.clear();
    nodes.addAll(List.of(chosen));
    return this;
  }

  /** The nodes, in order. */
  public List<NodeSpec> nodes() {
    return List.copyOf(nodes);
  }

  /** How fast the guests of a scope dirty what was copied, in bytes per second. */
  public ClusterWorld dirtyRate(String scope, long bytesPerSecond) {
    dirtyRates.put(scope, bytesPerSecond);
    return this;
  }

  /** How fast this guest dirties what was copied. */
  public long dirtyRateOf(String namespace, String name) {
    return dirtyRates.getOrDefault(
        namespace + "/" + name,
        dirtyRates.getOrDefault(namespace, dirtyRates.getOrDefault("", 0L)));
  }

  /** What an image's tag stands for in this cluster. */
  public ClusterWorld digest(String image, String digest) {
    digests.put(image, digest);
    return this;
  }

  /** The digest that a pull of the image yields here. */
  public String digestOf(String image) {
    int at = image.indexOf('@');
    return at >= 0 ? image.substring(at + 1) : digests.getOrDefault(image, "sha256:" + image);
  }

  /**
   * Cuts or heals the way from this cluster's synchronization controller to an address ({@code
   * host:port}) or, with an empty one, to everywhere: a source's dial, or a target's callback.
   */
  public ClusterWorld unreachable(String address, boolean cut) {
    if (cut) {
      unreachable.add(address);
    } else {
      unreachable.remove(address);
    }
    return this;
  }

  /** Cuts or heals every way from this cluster's synchronization controller, for a scope. */
  public ClusterWorld cutOff(String scope, boolean cut) {
    if (cut) {
      cutOff.add(scope);
    } else {
      cutOff.remove(scope);
    }
    return this;
  }

  /** Whether this cluster's synchronization controller gets through to the address for a VM. */
  public boolean reaches(String address, String namespace, String name) {
    return !unreachable.contains("")
        && !unreachable.contains(address)
        && !inScope(cutOff, namespace, name);
  }

  /** Restarts the synchronization controller's program at the actors' next round. */
  public ClusterWorld restartSync() {
    return restartSync("");
  }

  /** The same, but what it forgets and rewrites concerns a scope only. */
  public ClusterWorld restartSync(String scope) {
    syncRestarts.add(scope);
    return this;
  }

  /** How often {@link #restartSync} was called. */
  public int syncRestarts() {
    return syncRestarts.size();
  }

  /** Whether a restart since the given count concerns a VM. */
  public boolean restartedSince(int count, String namespace, String name) {
    List<String> all = List.copyOf(syncRestarts);
    return inScope(
        Set.copyOf(all.subList(Math.min(Math.max(count, 0), all.size()), all.size())),
        namespace,
        name);
  }

  /** Stops (or starts again) the synchronization controller's program; its pod and address stay. */
  public ClusterWorld syncDown(boolean down) {
    return syncDown(down, "");
  }

  /** The same, but only the VMs of a scope notice. */
  public ClusterWorld syncDown(boolean down, String scope) {
    if (down) {
      syncDown.add(scope);
    } else if (syncDown.remove(scope)) {
      restartSync(scope);
    }
    return this;
  }

  /** Whether the synchronization controller's program is down for a VM. */
  public boolean syncDown(String namespace, String name) {
    return inScope(syncDown, namespace, name);
  }

  /**
   * Deletes the synchronization controller's pod: its program ends at once, its address goes a
   * little later, and another pod takes over under the same address.
   */
  public ClusterWorld replaceSyncPod() {
    syncPods.incrementAndGet();
    return syncDown(true);
  }

  /** How often {@link #replaceSyncPod} was called. */
  public int syncPods() {
    return syncPods.get();
  }

  /** Has this cluster's nodes accept any other's certificate, whatever its KubeVirt's version. */
  public ClusterWorld trustAllNodes() {
    this.nodesTrustAll = true;
    return this;
  }

  /** Whether this cluster's nodes accept any other's certificate. */
  public boolean nodesTrustAll() {
    return nodesTrustAll;
  }

  /** How old the cluster's CA is when the simulator is installed (default one hour). */
  public ClusterWorld caAge(Duration age) {
    this.caAge = age;
    return this;
  }

  /** The CA's age at installation. */
  public Duration caAge() {
    return caAge;
  }
}
