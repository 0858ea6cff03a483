package dev.migrator.kubevirt;

import dev.migrator.model.Waiting;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Phase {@code WaitForStateTransfer}: until the table of {@link Verdict} knows how it ended.
 *
 * <p>That the guest has moved is returned, and so saved, before anything else is done (R1).
 */
final class Transfer {

  private static final Duration RECHECK = Duration.ofSeconds(15);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private Transfer() {}

  static PhaseOutcome await(Move move) {
    if (NextAttempt.isOpen(move)) {
      return NextAttempt.prepare(move);
    }
    if (move.attempt() > 1 && Halves.isSendHalfOpen(move)) {
      PhaseOutcome made = Halves.create(move);
      boolean moved = made.notes().handedOver();
      return made instanceof PhaseOutcome.Advance && !moved
          ? PhaseOutcome.recorded(made.notes())
          : made;
    }
    Evidence seen = move.glance();
    Verdict.Rule rule = Verdict.decide(seen.signs());
    if (rule.verdict() == Verdict.HANDED_OVER || rule.verdict() == Verdict.SUCCEEDED) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    if (rule.verdict() != Verdict.KEEP_WAITING) {
      // Watched copies may be a moment old, and pods are not among them.
      seen = move.inspect();
      rule = Verdict.decide(seen.signs());
    }
    return switch (rule.verdict()) {
      case HANDED_OVER, SUCCEEDED -> PhaseOutcome.advance(Notes.none().withHandOver());
      case KEEP_WAITING -> keepWaiting(move, seen);
      case FAILED_ROLL_BACK, FAILED_RESTART_SOURCE -> failed(move, seen, rule);
      case INDETERMINATE ->
          PhaseOutcome.await(
                  "contradiction",
                  Duration.ofSeconds(5),
                  rule.reason() + " Looking again: " + Reasons.of(seen, move.now()) + ".")
              .atMost(DOUBT)
              .preserveWhenLate();
    };
  }

  private static PhaseOutcome failed(Move move, Evidence seen, Verdict.Rule rule) {
    String why =
        "The transfer of VM "
            + move.source()
            + " failed: "
            + Reasons.failure(seen)
            + ". "
            + rule.reason()
            + " ("
            + Reasons.of(seen, move.now())
            + ")"
            + before(move)
            + Events.of(move, seen);
    String code = rule.verdict() == Verdict.FAILED_ROLL_BACK ? "TransferFailed" : "SourceStopped";
    PhaseOutcome.Fail failed = PhaseOutcome.fail(code, why);
    // Seen now or never: KubeVirt takes the ended instance away.
    return NextAttempt.offered(move, seen, rule, why)
        .orElseGet(
            () ->
                RollBack.endedByItself(seen)
                    ? failed.with(Notes.none().fact(Facts.DIED, "true"))
                    : failed);
  }

  /** What it waited for last: KubeVirt takes the conditions away that said why. */
  private static String before(Move move) {
    Waiting waiting = move.context().status().waiting();
    return waiting == null ? "" : " Before: " + waiting.reason();
  }

  private static PhaseOutcome keepWaiting(Move move, Evidence seen) {
    Optional<PhaseOutcome> distrust =
        seen.signs().send() == Half.COPYING ? Optional.empty() : KeepAlive.check(move);
    return distrust.orElseGet(() -> stage(move, seen));
  }

  private static PhaseOutcome stage(Move move, Evidence seen) {
    KubeVirtOptions.Deadlines deadlines = move.options().deadlines();
    String reasons = Reasons.of(seen, move.now());
    if (isCopying(seen)) {
      if (seen.sourceGuest() != Guest.RUNNING) {
        return PhaseOutcome.await(
                "silence", RECHECK, "The source is not Ready and nobody says why: " + reasons + ".")
            .atMost(deadlines.stall());
      }
      return PhaseOutcome.await("copy", RECHECK, "Copying memory and disks: " + reasons + ".");
    }
    boolean met = hasMet(seen);
    PhaseOutcome.Await wait =
        met
            ? PhaseOutcome.await(
                    "prepare", RECHECK, "Preparing the target: " + reasons + "." + queued(seen))
                .atMost(deadlines.prepare())
            : PhaseOutcome.await(
                    "sync",
                    RECHECK,
                    "Waiting for the halves to meet: " + reasons + "." + remedy(move, seen))
                .atMost(deadlines.sync());
    if (isSilent(move, seen, wait.name())) {
      KeepAlive.touch(move, wait.name() + "-" + move.attempt());
      return wait.with(Notes.none().fact(touched(move), wait.name()));
    }
    return wait;
  }

  private static String remedy(Move move, Evidence seen) {
    return move.context().waited("sync").compareTo(SILENCE) >= 0
        ? Standstill.remedy(move, seen)
        : "";
  }

  /** KubeVirt holds a receiver back without a word (contract 11.4, S33). */
  private static String queued(Evidence seen) {
    boolean waits = seen.receive().map(VmimView::phase).filter("Pending"::equals).isPresent();
    return waits
        ? " The target's KubeVirt has not made the receiver's pod yet: its limits of parallel"
            + " migrations hold it back, or a claim is missing."
        : "";
  }

  /** Neither moving nor explaining itself, and not touched for that yet (R10). */
  private static boolean isSilent(Move move, Evidence seen, String stage) {
    return move.context().waited(stage).compareTo(SILENCE) >= 0
        && !Reasons.isExplained(seen, move.now())
        && !move.fact(touched(move)).equals(Optional.of(stage));
  }

  private static String touched(Move move) {
    return Facts.TOUCHED + "." + move.attempt();
  }

  private static boolean isCopying(Evidence seen) {
    return seen.signs().send() == Half.COPYING || seen.signs().send() == Half.COPYING_LEAVING;
  }

  /** The source half leaves Synchronizing when both have heard of each other (contract 2.2). */
  private static boolean hasMet(Evidence seen) {
    return seen.send()
        .map(VmimView::phase)
        .filter(phase -> !phase.isEmpty() && !phase.equals("Synchronizing"))
        .isPresent();
  }
}
