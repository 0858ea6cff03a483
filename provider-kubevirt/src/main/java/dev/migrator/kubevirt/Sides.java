package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.spi.MigratorContext;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * The API servers of both sides: what they answer is the truth at that moment.
 *
 * @param source the side that the machines leave
 * @param target the side that receives them; the same server when the plan stays in one cluster
 * @param isOneCluster whether both are one
 */
record Sides(Cluster source, Cluster target, boolean isOneCluster) implements Reads {

  /** The sides of a plan, over the host's connections. */
  static Sides of(MigrationPlan plan, MigratorContext context) {
    return new Sides(
        new Cluster(Side.SOURCE, context.connection(plan.source(), KubernetesClient.class)),
        new Cluster(Side.TARGET, context.connection(plan.target(), KubernetesClient.class)),
        plan.isWithinOneCluster());
  }

  /** The server of one side. */
  Cluster of(Side side) {
    return switch (side) {
      case SOURCE -> source;
      case TARGET -> target;
      case HOST -> throw new IllegalArgumentException("The host is no side of a move");
    };
  }

  @Override
  public Optional<GenericKubernetesResource> get(
      Side side, Kind kind, String namespace, String name) {
    return of(side).get(kind, namespace, name);
  }
}
