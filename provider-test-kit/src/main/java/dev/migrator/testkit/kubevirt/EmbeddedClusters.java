package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.apiserver.AccessRule;
import dev.migrator.testkit.apiserver.Admission;
import dev.migrator.testkit.apiserver.ApiServer;
import dev.migrator.testkit.apiserver.ClientLife;
import dev.migrator.testkit.apiserver.Delays;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.RequestLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Two API servers inside this process, with the kinds of KubeVirt, CDI, instance types, snapshots,
 * multi-cluster services and Multus registered, and nobody who acts on them.
 *
 * <p>What such a server can and cannot do: {@link ApiServer}. Where KubeVirt's controllers and
 * admission are needed, a simulator is put on top; on real API servers {@link #admit} has no
 * counterpart.
 *
 * <p>Clients call the servers on their own thread, without sockets, and run their callbacks there
 * too: a watcher or informer has seen a write when that write returns. With a {@link ManualClock}
 * no result depends on real time.
 */
public final class EmbeddedClusters implements Clusters {

  private final Map<Side, ApiServer> servers = new EnumMap<>(Side.class);
  private final Map<Side, KubernetesClient> actors = new EnumMap<>(Side.class);
  private final Map<Side, KubernetesClient> counted = new EnumMap<>(Side.class);
  private final Map<String, KubernetesClient> impersonating = new HashMap<>();
  private ClientLife life = new ClientLife();

  private EmbeddedClusters(Clock clock) {
    Delays delays =
        clock instanceof ManualClock manual
            ? time -> {
              manual.advance(time);
              return CompletableFuture.completedFuture(null);
            }
            : Delays.REAL;
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      ApiServer server = new ApiServer(side, clock, delays);
      server.register(KubeVirtKinds.TABLE);
      ExpandSpec.registerIn(server, this::actorClient);
      servers.put(side, server);
      actors.put(side, server.newClient(false, new ClientLife()));
      counted.put(side, server.newClient(true, life));
    }
  }

  /**
   * Starts two clusters that hold no more than Kubernetes' own namespaces.
   *
   * @param clock where timestamps come from; a {@link ManualClock} is also moved on by slow
   *     requests
   */
  public static EmbeddedClusters start(Clock clock) {
    return new EmbeddedClusters(clock);
  }

  @Override
  public String level() {
    return "embedded";
  }

  @Override
  public boolean collectsGarbage() {
    return true;
  }

  @Override
  public synchronized KubernetesClient client(Side side) {
    return of(counted, side);
  }

  @Override
  public KubernetesClient actorClient(Side side) {
    return of(actors, side);
  }

  @Override
  public synchronized KubernetesClient clientAs(Side side, String user, String... groups) {
    String key = side + " " + user + " " + String.join(" ", groups);
    return impersonating.computeIfAbsent(
        key, unknown -> server(side).newClientAs(life, user, List.of(groups)));
  }

  /** {@inheritDoc} Requests that come through it are counted. The first call opens a port. */
  @Override
  public String kubeconfig(Side side) {
    return server(side).kubeconfig();
  }

  @Override
  public RequestLog requests(Side side) {
    return server(side).requests();
  }

  /**
   * Returns the server itself, for what only tests of one cluster need: garbage collection by hand,
   * bookmarks, subresources.
   */
  public ApiServer server(Side side) {
    return of(servers, side);
  }

  /**
   * Adds an admission for one kind on both clusters, after those that are there.
   *
   * @param kind such as {@code VirtualMachine}
   * @param admission the reviewer
   */
  public void admit(String kind, Admission admission) {
    servers.values().forEach(server -> server.admit(kind, admission));
  }

  /** Sets what goes wrong with counted requests of a cluster, from the next request on. */
  public void faults(Side side, FaultHook hook) {
    server(side).faults(hook);
  }

  /** Sets who may do what on a cluster; everybody may do everything otherwise. */
  public void access(Side side, AccessRule rule) {
    server(side).access(rule);
  }

  /** Ends the watches of counted clients, as a restarting API server does. */
  public void dropWatches(Side side) {
    server(side).dropWatches();
  }

  /** Forgets the history of changes: watches from an older version then get 410. */
  public void compact(Side side) {
    server(side).compact();
  }

  /**
   * Ends the process under test, whether or not a {@code Fault.Crash} did already, and gives its
   * successor new clients: what {@link #client} and {@link #clientAs} returned before is dead, with
   * all its watches; from now on they return others. The clusters stay as they are.
   */
  public synchronized void restartClients() {
    life.end();
    life = new ClientLife();
    impersonating.clear();
    servers.forEach((side, server) -> counted.put(side, server.newClient(true, life)));
  }

  /**
   * Empties both clusters, forgets requests, faults, access rules and admissions, and restarts the
   * clients as {@link #restartClients} does. The actors' clients stay usable, their watches fall
   * silent. Cheap, so that every test case can start with it.
   */
  public void reset() {
    restartClients();
    servers.values().forEach(ApiServer::reset);
  }

  @Override
  public synchronized void close() {
    life.end();
    servers.values().forEach(ApiServer::close);
  }

  private static <T> T of(Map<Side, T> all, Side side) {
    T one = all.get(side);
    if (one == null) {
      throw new IllegalArgumentException("There is no cluster " + side + ": SOURCE or TARGET");
    }
    return one;
  }
}
