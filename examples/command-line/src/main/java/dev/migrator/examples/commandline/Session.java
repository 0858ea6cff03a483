package dev.migrator.examples.commandline;

import dev.migrator.core.MigrationRunner;
import dev.migrator.kubevirt.JobHookRunner;
import dev.migrator.kubevirt.KubernetesStatusStore;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan and its two clusters, connected; nothing was asked of either yet.
 *
 * @param file the plan file
 * @param plan the plan, whose run says where to, so that an edited file cannot go on with it
 * @param source the source, which also keeps the statuses
 * @param target the target; the source's own client for a move within one cluster
 * @param store where the statuses are
 */
record Session(
    PlanFile file,
    MigrationPlan plan,
    KubernetesClient source,
    KubernetesClient target,
    KubernetesStatusStore store)
    implements AutoCloseable {

  /** The runner tries again by itself, and says so. */
  private static final int RETRIES = 2;

  /**
   * Connects to the clusters of a plan.
   *
   * @param file the plan file
   * @throws PlanFileException when a kubeconfig cannot be used, or the names of the two sides do
   *     not say whether they are one cluster
   */
  static Session open(PlanFile file) {
    Config from = config(file.source());
    Config to = config(file.target());
    boolean one = from.getMasterUrl().equals(to.getMasterUrl());
    if (one != file.plan().isWithinOneCluster()) {
      throw new PlanFileException(
          "target.name",
          one
              ? "source and target are one cluster (" + from.getMasterUrl() + "), so name it once"
              : "source and target are two clusters, so give them two names");
    }
    KubernetesClient source = new KubernetesClientBuilder().withConfig(from).build();
    return new Session(
        file,
        file.plan().toBuilder().run(file.plan().run() + " to " + to.getMasterUrl()).build(),
        source,
        one ? source : new KubernetesClientBuilder().withConfig(to).build(),
        new KubernetesStatusStore(source, file.statusNamespace()));
  }

  /** A runner with both connections, which keeps nothing yet; hooks come with {@link #hooks}. */
  MigrationRunner.Builder runner() {
    return MigrationRunner.builder()
        .limits(file.limits())
        .connection(plan.source().name(), KubernetesClient.class, source)
        .connection(plan.target().name(), KubernetesClient.class, target);
  }

  /** What runs the plan's hooks, beside the statuses. */
  JobHookRunner hooks() {
    return new JobHookRunner(source, file.statusNamespace());
  }

  /** The statuses of the plan's machines as they are stored. */
  List<VmStatus> statuses() {
    return store.load(plan.id()).stream()
        .filter(status -> plan.vm(status.vm()).isPresent())
        .toList();
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }

  private static Config config(PlanFile.Access access) {
    String context = access.context();
    Config config =
        new ConfigBuilder(read(access, context)).withRequestRetryBackoffLimit(RETRIES).build();
    if (context != null
        && config.getContexts().stream().noneMatch(known -> context.equals(known.getName()))) {
      throw new PlanFileException(
          access.field() + ".context", "the kubeconfig has no context '" + context + "'");
    }
    return config;
  }

  private static Config read(PlanFile.Access access, @Nullable String context) {
    if (access.kubeconfig() == null) {
      return Config.autoConfigure(context);
    }
    try {
      return context == null
          ? Config.fromKubeconfig(access.kubeconfig().toFile())
          : Config.fromKubeconfig(context, access.kubeconfig().toFile());
    } catch (KubernetesClientException e) {
      throw new PlanFileException(
          access.field() + ".kubeconfig", access.kubeconfig() + " is unusable: " + e.getMessage());
    }
  }
}
