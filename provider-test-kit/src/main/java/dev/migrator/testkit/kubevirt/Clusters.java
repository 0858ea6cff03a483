package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.RequestLog;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.UUID;

/**
 * The two clusters of a test: in-process ones ({@link EmbeddedClusters}), real API servers or
 * existing clusters. A test that is written against this interface runs on all of them.
 *
 * <p>{@link Side#HOST} is no cluster of its own here; asking for it throws {@link
 * IllegalArgumentException}. Clients are shared and closed with the clusters: callers never close
 * them. All methods may be called from any thread.
 */
public interface Clusters extends AutoCloseable {

  /** Returns a few words for test names and messages, such as {@code embedded}. */
  String level();

  /**
   * Returns the client that the code under test gets: an administrator whose requests are counted
   * in {@link #requests} and, on embedded clusters, are subject to faults and access rules.
   *
   * <p>It does not retry by itself: every failed request reaches the caller.
   */
  KubernetesClient client(Side side);

  /**
   * Returns the client of the simulator's actors and of the test itself: an administrator whose
   * requests are neither counted nor disturbed.
   */
  KubernetesClient actorClient(Side side);

  /**
   * Returns a counted client that acts as somebody else, by impersonation.
   *
   * @param side the cluster
   * @param user the user's name, such as {@code system:serviceaccount:ns:name}
   * @param groups the user's groups; {@code system:authenticated} is added
   */
  KubernetesClient clientAs(Side side, String user, String... groups);

  /** Returns the text of a kubeconfig with which another process reaches the cluster. */
  String kubeconfig(Side side);

  /** Returns what the counted clients asked of the cluster. */
  RequestLog requests(Side side);

  /**
   * Returns whether somebody collects owner references and ends namespaces, as the controller
   * manager of a whole cluster does.
   */
  boolean collectsGarbage();

  /** Creates a namespace on both clusters where it does not exist yet. */
  default void createNamespace(String name) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      Namespace namespace =
          new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
      if (actorClient(side).namespaces().withName(name).get() == null) {
        actorClient(side).namespaces().resource(namespace).create();
      }
    }
  }

  /**
   * Creates a namespace on both clusters under a name that no test had before.
   *
   * @param prefix the beginning of its name
   * @return its name
   */
  default String newNamespace(String prefix) {
    String name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    createNamespace(name);
    return name;
  }

  /** Ends everything that these clusters started; existing clusters stay. */
  @Override
  void close();
}
