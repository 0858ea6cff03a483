package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The KubeVirt of both sides; found, never assumed to live in a certain namespace (contract 1.4).
 *
 * @param source the source's
 * @param target the target's
 */
record Installations(KubeVirtView source, KubeVirtView target) {

  /** Finds them; one list a cluster. */
  static Installations find(Sides sides) {
    KubeVirtView source = find(sides.source());
    return new Installations(source, sides.isOneCluster() ? source : find(sides.target()));
  }

  /** The installation of one side. */
  KubeVirtView of(Side side) {
    return side == Side.SOURCE ? source : target;
  }

  private static KubeVirtView find(Cluster cluster) {
    List<GenericKubernetesResource> found = cluster.list(Kind.KUBEVIRT, "", Map.of());
    Optional<Concern> problem = ClusterRules.count(cluster.side(), found.size());
    if (problem.isPresent()) {
      throw MigrationException.permanent(problem.get().code(), problem.get().describe());
    }
    return new KubeVirtView(found.get(0));
  }
}
