package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.RequestCounter;
import dev.migrator.testkit.apiserver.RequestLog;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Two clusters outside this process, each reached through a kubeconfig of an administrator. */
abstract class RemoteClusters implements Clusters {

  private final Map<Side, String> kubeconfigs;
  private final Map<Side, RequestLog> logs = new EnumMap<>(Side.class);
  private final Map<String, KubernetesClient> clients = new HashMap<>();

  RemoteClusters(Map<Side, String> kubeconfigs) {
    this.kubeconfigs = new EnumMap<>(kubeconfigs);
    kubeconfigs.keySet().forEach(side -> logs.put(side, new RequestLog()));
  }

  @Override
  public KubernetesClient client(Side side) {
    return client("counted " + side, side, config(side), true);
  }

  @Override
  public KubernetesClient actorClient(Side side) {
    return client("actor " + side, side, config(side), false);
  }

  @Override
  public KubernetesClient clientAs(Side side, String user, String... groups) {
    Config config =
        new ConfigBuilder(config(side))
            .withImpersonateUsername(user)
            .withImpersonateGroups(groups)
            .build();
    return client(side + " " + user + " " + String.join(" ", groups), side, config, true);
  }

  @Override
  public String kubeconfig(Side side) {
    return of(kubeconfigs, side);
  }

  @Override
  public RequestLog requests(Side side) {
    return of(logs, side);
  }

  /** Closes the clients; the next use makes new ones. */
  synchronized void closeClients() {
    clients.values().forEach(KubernetesClient::close);
    clients.clear();
  }

  private Config config(Side side) {
    return new ConfigBuilder(Config.fromKubeconfig(kubeconfig(side)))
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private synchronized KubernetesClient client(
      String key, Side side, Config config, boolean counted) {
    return clients.computeIfAbsent(
        key,
        unknown -> {
          KubernetesClientBuilder builder = new KubernetesClientBuilder().withConfig(config);
          if (counted) {
            RequestCounter counter = new RequestCounter(side, requests(side), KubeVirtKinds.TABLE);
            builder.withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("migrator-request-counter", counter));
          }
          return builder.build();
        });
  }

  private static <T> T of(Map<Side, T> all, Side side) {
    T one = all.get(side);
    if (one == null) {
      throw new IllegalArgumentException("There is no cluster " + side + ": SOURCE or TARGET");
    }
    return one;
  }
}
