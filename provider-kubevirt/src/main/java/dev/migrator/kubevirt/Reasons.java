package dev.migrator.kubevirt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why a move stands where it stands, in KubeVirt's words from both sides, each with its age.
 *
 * <p>The text of KubeVirt's failure condition is that of its first error and freezes (contract
 * 2.3); hence the age. A target that says that it waits for its source is normal before both have
 * met, and conditions of final halves are stale: neither is shown.
 */
final class Reasons {

  private static final String NORMAL = "waiting for incoming synchronization";
  private static final Set<String> TELLING =
      Set.of(
          "DecentralizedLiveMigrationFailure",
          "decentralizedMigrationBlocked",
          "migrationRejectedByResourceQuota",
          "migrationBlockedByUtilityVolumes",
          "migrationBlockedByBackup",
          "migrationAbortRequested");

  private Reasons() {}

  /** One line about both sides. */
  static String of(Evidence evidence, Instant now) {
    List<String> said = new ArrayList<>();
    said.add("send half " + phase(evidence.send()) + explain(evidence.send(), now));
    said.add("receive half " + phase(evidence.receive()) + explain(evidence.receive(), now));
    evidence.source().ifPresent(vmi -> said.add("source " + about(vmi, now)));
    evidence.target().ifPresent(vmi -> said.add("target " + about(vmi, now)));
    return String.join("; ", said);
  }

  /** Whether any side says why it does not move. */
  static boolean isExplained(Evidence evidence, Instant now) {
    return !explain(evidence.send(), now).isEmpty()
        || !explain(evidence.receive(), now).isEmpty()
        || evidence.source().filter(vmi -> !conditions(vmi.conditions(), now).isEmpty()).isPresent()
        || evidence
            .target()
            .filter(vmi -> !conditions(vmi.conditions(), now).isEmpty())
            .isPresent();
  }

  /** Why KubeVirt says that it failed, from whichever side says it. */
  static String failure(Evidence evidence) {
    return evidence
        .source()
        .flatMap(vmi -> vmi.migrationState().failureReason())
        .or(() -> evidence.target().flatMap(vmi -> vmi.migrationState().failureReason()))
        .or(() -> evidence.send().flatMap(half -> half.migrationState().failureReason()))
        .or(() -> evidence.receive().flatMap(half -> half.migrationState().failureReason()))
        .orElse("KubeVirt gave no reason");
  }

  /** The telling ones among conditions, in parentheses, or nothing. */
  static String conditions(List<ConditionView> conditions, Instant now) {
    List<String> telling =
        conditions.stream()
            .filter(Reasons::isTelling)
            .filter(condition -> !condition.message().contains(NORMAL))
            .map(condition -> condition.describe() + age(condition, now))
            .toList();
    return telling.isEmpty() ? "" : " (" + String.join(", ", telling) + ")";
  }

  private static boolean isTelling(ConditionView condition) {
    return condition.type().equals("PodScheduled")
        ? condition.isFalse() && !condition.message().isEmpty()
        : TELLING.contains(condition.type()) && condition.isTrue();
  }

  private static String about(VmiView vmi, Instant now) {
    String ready = vmi.isRunning() && !vmi.isReady() ? ", not Ready" : "";
    String mode = vmi.migrationState().mode().map(each -> ", " + Words.name(each)).orElse("");
    return Words.name(vmi.phase()) + ready + mode + conditions(vmi.conditions(), now);
  }

  private static String phase(Optional<VmimView> half) {
    if (half.isEmpty()) {
      return "is gone";
    }
    String phase = half.get().phase().isEmpty() ? "new" : Words.name(half.get().phase());
    return half.get().isDeleting() ? phase + " and being deleted" : phase;
  }

  private static String explain(Optional<VmimView> half, Instant now) {
    return half.filter(each -> !each.isFinal())
        .map(each -> conditions(each.conditions(), now))
        .orElse("");
  }

  private static String age(ConditionView condition, Instant now) {
    return condition.since() == null
        ? ""
        : " for " + Duration.between(condition.since(), now).toSeconds() + " s";
  }
}
