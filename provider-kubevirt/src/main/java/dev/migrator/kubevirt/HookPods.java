package dev.migrator.kubevirt;

import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the cluster's words what keeps a hook's pod from running, or how it ended.
 *
 * <p>Never what the container itself said: that may be anything, a password included.
 */
final class HookPods {

  private static final Logger LOGGER = LoggerFactory.getLogger(HookPods.class);

  private final Cluster cluster;
  private final String namespace;

  HookPods(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * Looks at the pod of a Job.
   *
   * @param job the Job's name
   * @return a clause for people; empty when there is nothing to say, or it cannot be read: words
   *     are no reason to fail a hook
   */
  String words(String job) {
    try {
      return cluster.list(Kind.POD, namespace, Map.of(HookJob.HOOK_JOB, job)).stream()
          .flatMap(pod -> words(pod).stream())
          .findFirst()
          .orElse("");
    } catch (MigrationException e) {
      LOGGER.atDebug().addKeyValue("job", job).setCause(e).log("Pods of a hook not read");
      return "";
    }
  }

  /**
   * Whether a pod of a Job may still be at work.
   *
   * @param job the Job's name
   * @throws MigrationException when the pods cannot be read
   */
  boolean areRunning(String job) {
    return cluster.list(Kind.POD, namespace, Map.of(HookJob.HOOK_JOB, job)).stream()
        .map(pod -> Tree.text(pod.getAdditionalProperties(), "status", "phase").orElse(""))
        .anyMatch(phase -> !phase.equals("Succeeded") && !phase.equals("Failed"));
  }

  private static Optional<String> words(GenericKubernetesResource pod) {
    Map<String, Object> status = Tree.map(pod.getAdditionalProperties(), "status");
    List<Map<String, Object>> containers = Tree.maps(status, "containerStatuses");
    return containers.stream()
        .flatMap(container -> waiting(container).or(() -> ended(container)).stream())
        .findFirst()
        .or(() -> unscheduled(status));
  }

  private static Optional<String> waiting(Map<String, Object> container) {
    return Tree.text(container, "state", "waiting", "reason")
        .map(reason -> Words.name(reason) + colon(container, "state", "waiting", "message"));
  }

  private static Optional<String> ended(Map<String, Object> container) {
    return Tree.text(container, "state", "terminated", "exitCode")
        .map(
            code ->
                "its container ended with exit code "
                    + Words.name(code)
                    + Tree.text(container, "state", "terminated", "reason")
                        .map(reason -> " (" + Words.name(reason) + ")")
                        .orElse(""));
  }

  private static Optional<String> unscheduled(Map<String, Object> status) {
    return ConditionView.find(status, "PodScheduled")
        .filter(ConditionView::isFalse)
        .map(ConditionView::describe);
  }

  private static String colon(Map<String, Object> map, String... path) {
    return Tree.text(map, path).map(text -> ": " + Words.said(text)).orElse("");
  }
}
