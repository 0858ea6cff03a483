package dev.migrator.kubevirt;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code status.migrationState} of an instance or of a half (contract 1.2.1); everything is absent
 * where there is none.
 *
 * @param map the struct; never changed through this view
 */
record MigrationStateView(Map<String, Object> map) {

  /** For people; never the content. */
  @Override
  public String toString() {
    return "migration state " + map.keySet();
  }

  boolean exists() {
    return !map.isEmpty();
  }

  /** True for failures as well. */
  boolean completed() {
    return Tree.isTrue(map, "completed");
  }

  boolean failed() {
    return Tree.isTrue(map, "failed");
  }

  Optional<String> failureReason() {
    return Tree.text(map, "failureReason").map(Words::said);
  }

  boolean abortRequested() {
    return Tree.isTrue(map, "abortRequested");
  }

  /** {@code Aborting}, {@code Succeeded} or {@code Failed}. */
  Optional<String> abortStatus() {
    return Tree.text(map, "abortStatus");
  }

  /** {@code PreCopy}, {@code PostCopy} or {@code Paused}. */
  Optional<String> mode() {
    return Tree.text(map, "mode");
  }

  Optional<Instant> started() {
    return ConditionView.instant(map, "startTimestamp");
  }

  Optional<Instant> ended() {
    return ConditionView.instant(map, "endTimestamp");
  }

  /**
   * When the guest began to run on the target: the point of no return (contract 2.5). The flat
   * field and the target's own say the same; either counts.
   */
  Optional<Instant> domainReady() {
    return ConditionView.instant(map, "targetNodeDomainReadyTimestamp")
        .or(() -> ConditionView.instant(map, "targetState", "domainReadyTimestamp"));
  }

  /** The flat {@code migrationUid}: the half that this struct belongs to. */
  Optional<String> migrationUid() {
    return Tree.text(map, "migrationUid");
  }

  Optional<String> sourceNode() {
    return Tree.text(map, "sourceNode").or(() -> source().node());
  }

  Optional<String> targetNode() {
    return Tree.text(map, "targetNode").or(() -> target().node());
  }

  Optional<String> targetPod() {
    return Tree.text(map, "targetPod").or(() -> target().pod());
  }

  SideState source() {
    return new SideState(Tree.map(map, "sourceState"));
  }

  SideState target() {
    return new SideState(Tree.map(map, "targetState"));
  }

  /**
   * {@code sourceState} or {@code targetState}.
   *
   * @param map the struct
   */
  record SideState(Map<String, Object> map) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return "side state " + map.keySet();
    }

    boolean exists() {
      return !map.isEmpty();
    }

    Optional<String> node() {
      return Tree.text(map, "node");
    }

    Optional<String> pod() {
      return Tree.text(map, "pod");
    }

    /** {@code migrationUID}: spelled otherwise than the flat field. */
    Optional<String> migrationUid() {
      return Tree.text(map, "migrationUID");
    }

    Optional<String> syncAddress() {
      return Tree.text(map, "syncAddress");
    }

    Optional<String> nodeAddress() {
      return Tree.text(map, "nodeAddress");
    }

    Optional<String> instanceUid() {
      return Tree.text(map, "virtualMachineInstanceUID");
    }

    /** Node labels that the target's node must have; of the source only. */
    Map<String, String> nodeSelectors() {
      return Tree.strings(map, "nodeSelectors");
    }
  }
}
