package dev.migrator.kubevirt;

import java.util.List;
import java.util.function.Predicate;

/**
 * How a move stands, decided by one table over both sides (R2).
 *
 * <p>The rules are data: the first that matches decides, the last matches always. {@code
 * docs/verdicts.md} is generated from them.
 */
enum Verdict {
  /** Nothing is decided. */
  KEEP_WAITING,
  /** The guest runs on the target; KubeVirt still has work to do. */
  HANDED_OVER,
  /** The guest runs on the target and KubeVirt is done with it. */
  SUCCEEDED,
  /** The attempt is over and the guest runs on the source. */
  FAILED_ROLL_BACK,
  /** The attempt is over and the guest runs nowhere: the source has to be started again. */
  FAILED_RESTART_SOURCE,
  /** The sides contradict each other: nothing may be touched. */
  INDETERMINATE;

  /**
   * One line of the table.
   *
   * @param name a stable identifier in lower case
   * @param when what it matches
   * @param verdict what it says
   * @param reason why, for people
   */
  record Rule(String name, Predicate<Signs> when, Verdict verdict, String reason) {}

  /** The table, in the order in which it is read. */
  static final List<Rule> RULES =
      List.of(
          new Rule(
              "contradiction",
              Signs::isContradiction,
              INDETERMINATE,
              "One side says that the guest ran on the target, and one that the move failed."),
          new Rule(
              "moved-and-lost",
              s -> s.isMoved() && (s.target() == Guest.ABSENT || s.target() == Guest.ENDED),
              INDETERMINATE,
              "The guest has moved, but the target has no live instance of it."),
          new Rule(
              "arrived",
              s -> s.targetStamp() == Stamp.COMPLETED && s.target() == Guest.RUNNING,
              SUCCEEDED,
              "The target's instance is Running, Ready and completed without failure. Halves may be"
                  + " absent, leaving or Running for good, and the source may say Running."),
          new Rule(
              "moved",
              Signs::isMoved,
              HANDED_OVER,
              "The domain was ready on the target, as either side says: from here nothing is undone."),
          new Rule(
              "target-runs-unasked",
              s -> s.target() == Guest.RUNNING,
              INDETERMINATE,
              "The target's instance runs, and nobody says that the guest has moved."),
          new Rule(
              "send-half-knows-better",
              s -> s.send() == Half.SUCCEEDED,
              INDETERMINATE,
              "The send half says Succeeded, and no instance says that the guest has moved."),
          new Rule(
              "failed-source-runs",
              s -> s.isFailed() && s.source() == Guest.RUNNING,
              FAILED_ROLL_BACK,
              "KubeVirt says that it failed, on either side, and the source is Running and Ready with"
                  + " a running launcher pod."),
          new Rule(
              "failed-source-down",
              Signs::isFailed,
              FAILED_RESTART_SOURCE,
              "KubeVirt says that it failed, the source does not run, and the target never did."),
          new Rule(
              "receive-half-alone-succeeded",
              s -> s.receive() == Half.SUCCEEDED && s.source() != Guest.RUNNING,
              FAILED_RESTART_SOURCE,
              "The receive half says Succeeded, but no instance was ever ready on the target: it is"
                  + " no proof by itself."),
          new Rule(
              "source-gone",
              s -> s.source() == Guest.ABSENT || s.source() == Guest.ENDED,
              FAILED_RESTART_SOURCE,
              "The source's instance is gone or ended before the guest moved."),
          new Rule(
              "dead-source-runs",
              s -> s.isDead() && s.source() == Guest.RUNNING,
              FAILED_ROLL_BACK,
              "A half is gone or will never move again, and the source runs."),
          new Rule(
              "dead-source-unproven",
              s -> s.isDead() && s.source() == Guest.UNPROVEN && !s.receive().equals(Half.COPYING),
              FAILED_RESTART_SOURCE,
              "A half is gone or will never move again, and the source is not proven to run."),
          new Rule(
              "open",
              s -> true,
              KEEP_WAITING,
              "Nothing is decided. A receive half that leaves while memory is copied stops nothing;"
                  + " a send half that leaves then aborts the copy, and the failure will be seen."));

  /** The line of the table that decides. */
  static Rule decide(Signs signs) {
    return RULES.stream().filter(rule -> rule.when().test(signs)).findFirst().orElseThrow();
  }
}
