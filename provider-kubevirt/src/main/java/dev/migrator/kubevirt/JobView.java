package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Optional;

/**
 * The parts of a Job that say how a hook is doing.
 *
 * @param raw the resource; never changed through this view
 */
record JobView(GenericKubernetesResource raw) {

  String uid() {
    return Optional.ofNullable(raw.getMetadata().getUid()).orElse("");
  }

  boolean isDeleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  boolean isSuspended() {
    return Tree.isTrue(raw.getAdditionalProperties(), "spec", "suspend");
  }

  boolean isComplete() {
    return condition("Complete").isPresent();
  }

  /** Why it failed; empty while it did not. */
  Optional<ConditionView> failed() {
    return condition("Failed");
  }

  /** Whether it has ended, well or not. */
  boolean isFinished() {
    return isComplete() || failed().isPresent();
  }

  /** Whether its pod was seen at work. */
  boolean isReady() {
    return Tree.text(raw.getAdditionalProperties(), "status", "ready")
        .filter(count -> !count.equals("0"))
        .isPresent();
  }

  /** When the controller took it up; empty before, and while it is suspended. */
  Optional<Instant> started() {
    return ConditionView.instant(raw.getAdditionalProperties(), "status", "startTime");
  }

  private Optional<ConditionView> condition(String type) {
    return ConditionView.find(Tree.map(raw.getAdditionalProperties(), "status"), type)
        .filter(ConditionView::isTrue);
  }

  /** For people; never the content. */
  @Override
  public String toString() {
    return Blueprint.describe(raw);
  }
}
