package dev.migrator.kubevirt;

/** The rows of what was seen on real controllers (contract 14), in their order. */
enum Seen {
  CLEAN_MOVE("clean move", "happy"),
  UNHALTED_STRATEGIES("source Manual, Once, RerunOnFailure, running: true", "halt_running"),
  ONCE_INSTANCE_DELETED("left-over VMI of a Once source deleted", "once_vmi_deleted"),
  CUT_THEN_POD_GONE(
      "link cut at the switch-over, finished source pod removed",
      "cut_then_pod_gone_rerunonfailure"),
  SYNC_RESTARTED("source's sync controller restarted, then the same", "restart_a_then_pod_gone"),
  CUT_THEN_HEALED("link cut, then healed", "cut_then_receive_deleted"),
  RESTORE_ANNOTATION("restore annotation Halted, invalid, missing, late", "no_restore"),
  CANCEL(
      "cancel before meeting / Pending to TargetReady / Running / after the switch-over",
      "cancel_preparing"),
  RECEIVE_HALF_ALONE("receive half alone deleted in Running", "cancel_receive_then_goes_on"),
  STUCK_HALVES("stuck halves repaired", "cancel_pending_then_repair"),
  TARGET_POD_NEVER_STARTS("target pod never starts", "timeouts"),
  COPY_FAILS("copy fails, target pod lost, again", "failed_copy_again"),
  SOURCE_DIES("source launcher deleted / crashed while copying", "source_dies"),
  LATER("later guest shutdown, crash, restart", "later_restart"),
  HALTED_OR_DELETED("source / receiver VM halted or deleted while copying", "source_halted"),
  SOURCE_EDITED("source edited while copying", "source_edited"),
  RECEIVER_DIFFERS("receiver unlike the source", "pvc_smaller"),
  INSTANCE_TYPES("instance type missing, revision copied, other content", "instancetypes"),
  CLAIMS("missing claim, DV not ready, dataVolumeTemplates", "templates"),
  SAME_ID("same ID again, shared, empty", "failed_copy_same_id"),
  SECOND_ORCHESTRATOR(
      "second orchestrator, local migration; five receivers", "second_orchestrator"),
  GATE_OFF("gate off before, mid-way", "gate_off_target"),
  TRUST_LOST("CA exchange, short overlap, CR change", "no_trust"),
  STAGE("roll-out strategy Stage on the target", "stage"),
  API_STANDS_STILL(
      "target's API server stands still for 45 s across the switch-over", "api_stands_still"),
  SYNC_DOWN("sync controller down, pod replaced", "addresses");

  private final String row;
  private final String sample;

  /**
   * A row.
   *
   * @param row its first column
   * @param sample the scenario of it that every build also runs in real time
   */
  Seen(String row, String sample) {
    this.row = row;
    this.sample = sample;
  }

  /** The row's first column. */
  String row() {
    return row;
  }

  String sample() {
    return sample;
  }
}
