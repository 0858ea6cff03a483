package dev.migrator.kubevirt;

import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the clusters noted in events about a failed attempt: often the only place where it says why
 * a pod did not start. Read once, when an attempt has failed; never decides anything.
 */
final class Events {

  private static final int MOST = 4;
  // Normal by its type, and yet the reason (contract 4.2, 8).
  private static final Set<String> TELLING =
      Set.of("FailedPvcNotFound", "migrationTargetPodUnschedulable", "SuccessfulDelete");

  private Events() {}

  /** The newest telling events of both sides, in one sentence; empty when there are none. */
  static String of(Move move, Evidence seen) {
    List<GenericKubernetesResource> found = new ArrayList<>();
    String target = move.target().namespace();
    Cluster there = move.sides().target();
    found.addAll(read(there, target, move.target().name()));
    found.addAll(read(there, target, move.receiveHalf()));
    pod(seen)
        .ifPresentOrElse(
            pod -> found.addAll(read(there, target, pod)),
            () -> found.addAll(launchers(there, target, move.target().name())));
    found.addAll(read(move.sides().source(), move.source().namespace(), move.sendHalf()));
    List<String> said =
        found.stream()
            .sorted(Comparator.comparing(Events::time).reversed())
            .flatMap(Events::text)
            .distinct()
            .limit(MOST)
            .toList();
    return said.isEmpty() ? "" : " Events: " + String.join("; ", said) + ".";
  }

  private static Optional<String> pod(Evidence seen) {
    return seen.target()
        .or(seen::source)
        .flatMap(instance -> instance.migrationState().target().pod());
  }

  /** KubeVirt names the receiver's pod only once it is ready, and deletes one that never is. */
  private static List<GenericKubernetesResource> launchers(
      Cluster cluster, String namespace, String vm) {
    try {
      return cluster.podEvents(namespace).stream()
          .filter(
              event ->
                  Tree.text(event.getAdditionalProperties(), "involvedObject", "name")
                      .filter(pod -> pod.startsWith("virt-launcher-" + vm + "-"))
                      .isPresent())
          .toList();
    } catch (MigrationException unreadable) {
      return List.of();
    }
  }

  private static List<GenericKubernetesResource> read(
      Cluster cluster, String namespace, String object) {
    try {
      return cluster.events(namespace, object);
    } catch (MigrationException unreadable) {
      return List.of();
    }
  }

  private static Stream<String> text(GenericKubernetesResource event) {
    var map = event.getAdditionalProperties();
    String reason = Tree.text(map, "reason").orElse("");
    boolean warning = Tree.text(map, "type").filter("Warning"::equals).isPresent();
    String message = Tree.text(map, "message").orElse("");
    return warning || TELLING.contains(reason)
        ? Stream.of(Words.name(reason) + " " + Words.said(message))
        : Stream.empty();
  }

  private static String time(GenericKubernetesResource event) {
    var map = event.getAdditionalProperties();
    return Tree.text(map, "lastTimestamp").or(() -> Tree.text(map, "eventTime")).orElse("");
  }
}
