package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;

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
    if (found.size() != 1) {
      throw MigrationException.permanent(
          "KubeVirtNotFound",
          "The "
              + cluster.side().name().toLowerCase(java.util.Locale.ROOT)
              + " cluster has "
              + found.size()
              + " KubeVirt objects where exactly one is expected. Install KubeVirt there.");
    }
    return new KubeVirtView(found.get(0));
  }
}
