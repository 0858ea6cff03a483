package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.util.List;
import java.util.Optional;

/** What keeps two halves able to find each other: trust, and a touch where KubeVirt sleeps. */
final class KeepAlive {

  private KeepAlive() {}

  /**
   * Looks whether both sides still trust each other, and makes it good where they do not.
   *
   * <p>A lost certificate does no harm to a copy that is under way (contract 11.4, S11), but the
   * next connection fails, and failed pushes are repeated ever more seldom: so the halves are
   * touched once trust is there again.
   *
   * @return an outcome when the phase has to wait for trust or to record something, else empty
   */
  static Optional<PhaseOutcome> check(Move move) {
    Installations installations = move.tools().installations();
    boolean trusted = move.tools().trust().gaps(move.view(), installations, move.now()).isEmpty();
    boolean lost = move.fact(Facts.DISTRUST).isPresent();
    if (trusted && lost) {
      touch(move, move.now().toString());
      return Optional.of(PhaseOutcome.recorded(Notes.none().fact(Facts.DISTRUST, "")));
    }
    if (trusted) {
      return Optional.empty();
    }
    if (!lost) {
      return Optional.of(PhaseOutcome.recorded(Notes.none().fact(Facts.DISTRUST, "true")));
    }
    return Optional.of(
        move.tools()
            .trust()
            .establish(move.view(), installations, move.now(), move.options().deadlines().trust()));
  }

  /** Makes KubeVirt look at both halves again (R10). */
  static void touch(Move move, String value) {
    for (ObjectRef half : halves(move)) {
      move.sides().of(half.side()).annotate(half, Labels.TOUCHED, value);
    }
  }

  private static List<ObjectRef> halves(Move move) {
    return java.util.stream.Stream.of(
            move.ledger(Side.SOURCE, Kind.MIGRATION, move.source().namespace(), move.sendHalf()),
            move.ledger(Side.TARGET, Kind.MIGRATION, move.target().namespace(), move.receiveHalf()))
        .flatMap(Optional::stream)
        .toList();
  }
}
