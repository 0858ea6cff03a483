package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The KubeVirt of both sides; found, never assumed to live in a certain namespace (contract 1.4).
 *
 * @param source the source's
 * @param target the target's
 */
record Installations(KubeVirtView source, KubeVirtView target) {

  /**
   * What a look at both clusters brought; there may be none, or too many.
   *
   * @param source KubeVirt resources of the source
   * @param target KubeVirt resources of the target; the same where both sides are one cluster
   */
  record Found(List<GenericKubernetesResource> source, List<GenericKubernetesResource> target) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return source.size() + " on the source, " + target.size() + " on the target";
    }

    /** What keeps them from being the one installation of each side. */
    List<Concern> problems() {
      return Stream.of(
              ClusterRules.count(Side.SOURCE, source.size()),
              ClusterRules.count(Side.TARGET, target.size()))
          .flatMap(Optional::stream)
          .toList();
    }

    /**
     * The one installation of each side.
     *
     * @throws MigrationException permanent, where {@link #problems} says why
     */
    Installations orThrow() {
      problems().stream()
          .findFirst()
          .ifPresent(
              problem -> {
                throw MigrationException.permanent(problem.code(), problem.describe());
              });
      return new Installations(new KubeVirtView(source.get(0)), new KubeVirtView(target.get(0)));
    }
  }

  /** Looks for them; one list a cluster. */
  static Found look(Sides sides) {
    List<GenericKubernetesResource> source = sides.source().list(Kind.KUBEVIRT, "", Map.of());
    return new Found(
        source, sides.isOneCluster() ? source : sides.target().list(Kind.KUBEVIRT, "", Map.of()));
  }

  /** As {@link #look}, where there must be one on each side. */
  static Installations find(Sides sides) {
    return look(sides).orThrow();
  }

  /** The installation of one side. */
  KubeVirtView of(Side side) {
    return side == Side.SOURCE ? source : target;
  }
}
