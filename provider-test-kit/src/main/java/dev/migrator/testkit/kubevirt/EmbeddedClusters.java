package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.AccessRule;
import dev.migrator.testkit.apiserver.Admission;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.RequestLog;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** Two API servers inside this process. Skeleton: signatures first, so that others can compile. */
@SuppressWarnings("DoNotCallSuggester") // goes with the skeleton
public final class EmbeddedClusters implements Clusters {

  private EmbeddedClusters(Clock clock) {
    throw new UnsupportedOperationException("Follows with the next commit: " + clock);
  }

  /** Starts two empty clusters that take their timestamps from a clock. */
  public static EmbeddedClusters start(Clock clock) {
    return new EmbeddedClusters(clock);
  }

  @Override
  public String level() {
    return "embedded";
  }

  @Override
  public KubernetesClient client(Side side) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KubernetesClient actorClient(Side side) {
    throw new UnsupportedOperationException();
  }

  @Override
  public KubernetesClient clientAs(Side side, String user, String... groups) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String kubeconfig(Side side) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RequestLog requests(Side side) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createNamespace(String name) {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds an admission for one kind on both clusters, after those that are there.
   *
   * @param kind such as {@code VirtualMachine}
   * @param admission the reviewer
   */
  public void admit(String kind, Admission admission) {
    throw new UnsupportedOperationException();
  }

  /** Sets what goes wrong with counted requests of a cluster, from the next request on. */
  public void faults(Side side, FaultHook hook) {
    throw new UnsupportedOperationException();
  }

  /** Sets who may do what on a cluster; everybody may do everything otherwise. */
  public void access(Side side, AccessRule rule) {
    throw new UnsupportedOperationException();
  }

  /** Closes the open watches of counted clients, as a restarting API server does. */
  public void dropWatches(Side side) {
    throw new UnsupportedOperationException();
  }

  /** Forgets the history of changes: watches from an older version then get 410. */
  public void compact(Side side) {
    throw new UnsupportedOperationException();
  }

  /**
   * Empties both clusters and forgets requests, faults, access rules and admissions; open watches
   * are closed. Clients stay usable. Costs microseconds, so every test case can start with it.
   */
  public void reset() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
