package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A further attempt within a run, on the same receiver, after KubeVirt ended one before the
 * hand-over (contract 2.12).
 *
 * <p>The halves of the failed attempt are taken away as a roll-back would, with the same evidence;
 * only then the attempt's number goes up, and with it the names of the halves and the migration id.
 * It is also written on the receiver, so that a run whose status was lost draws no name again.
 */
final class NextAttempt {

  private NextAttempt() {}

  /**
   * Offers a further attempt: the run backs off, and its status shows why, and when it goes on.
   *
   * @param seen what the servers say now
   * @param rule how the attempt ended
   * @param why for people
   * @return empty when there is to be none
   */
  static Optional<PhaseOutcome> offered(Move move, Evidence seen, Verdict.Rule rule, String why) {
    boolean passes =
        rule.verdict() == Verdict.FAILED_ROLL_BACK && seen.signs().isFailed() && !isAborted(seen);
    boolean receives = seen.target().filter(vmi -> !vmi.isFinal()).isPresent();
    int most = move.options().attempts();
    if (!passes || !receives || move.attempt() >= most) {
      return Optional.empty();
    }
    String text = "Attempt " + move.attempt() + " of " + most + ": " + why;
    return Optional.of(
        PhaseOutcome.retry(text).with(Notes.none().fact(Facts.ENDED, uids(move)).warning(text)));
  }

  /** Whether an attempt has failed whose halves are not gone yet. */
  static boolean isOpen(Move move) {
    return move.fact(Facts.ENDED).isPresent();
  }

  /** Takes the failed attempt away, then begins the next one. */
  static PhaseOutcome prepare(Move move) {
    Evidence seen = move.inspect();
    if (seen.isMoved()) {
      return PhaseOutcome.advance(Notes.none().withHandOver());
    }
    return RollBack.doubt(move, seen)
        .or(() -> RollBack.part(move, seen))
        .orElseGet(() -> begin(move, seen))
        .with(RollBack.gone(move, seen));
  }

  private static PhaseOutcome begin(Move move, Evidence seen) {
    if (seen.target().filter(vmi -> !vmi.isFinal()).isEmpty()) {
      return PhaseOutcome.fail(
          "ReceiverFailed",
          "The receiver "
              + move.target()
              + " did not survive the failed attempt: "
              + Reasons.of(seen, move.now())
              + ".");
    }
    if (!seen.target().get().isWaitingForSync()) {
      return RollBack.await(
              "receiver-back",
              "Waiting for the receiver to wait again: " + Reasons.of(seen, move.now()) + ".")
          .atMost(move.options().deadlines().receiver());
    }
    String spent = (move.fact(Facts.SPENT).orElse("") + " " + move.known(Facts.ENDED)).strip();
    int next = move.attempt() + 1;
    move.ledger(Side.TARGET, Kind.VIRTUAL_MACHINE, move.target().namespace(), move.target().name())
        .ifPresent(vm -> move.sides().target().annotate(vm, Labels.ATTEMPT, next + " " + spent));
    List<ObjectRef> repaired =
        move.context().status().ledger().stream().filter(Repairs::isOfPod).toList();
    return PhaseOutcome.recorded(
        Notes.none()
            .removed(repaired)
            .facts(
                Map.of(
                    Facts.ATTEMPT, Integer.toString(next),
                    Facts.SPENT, spent,
                    Facts.ENDED, "",
                    Facts.FENCED, "",
                    Facts.FORCED, "")));
  }

  /** What {@link #begin} wrote on the receiver, as facts. */
  static Map<String, String> read(String annotation) {
    List<String> words = List.of(annotation.strip().split(" +"));
    return Map.of(
        Facts.ATTEMPT, words.get(0), Facts.SPENT, String.join(" ", words.subList(1, words.size())));
  }

  /** A person, or another controller, ended it: then it is not tried again. */
  private static boolean isAborted(Evidence seen) {
    return Stream.of(seen.send(), seen.receive())
            .flatMap(Optional::stream)
            .anyMatch(VmimView::isDeleting)
        || Stream.of(seen.source(), seen.target())
            .flatMap(Optional::stream)
            .anyMatch(vmi -> vmi.migrationState().abortRequested());
  }

  private static String uids(Move move) {
    return move.context().status().ledger().stream()
        .filter(Kind.MIGRATION::is)
        .map(ObjectRef::uid)
        .collect(Collectors.joining(" "));
  }
}
