package dev.migrator.kubevirt;

import dev.migrator.spi.MigrationException;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What becomes of a refusal where giving up at once would leave something undone: after the
 * hand-over, and in a roll-back. It is shown and asked for again until the deadline; somebody may
 * give the right back, or take the hook away that refuses.
 */
final class Refusals {

  private static final Duration RECHECK = Duration.ofSeconds(10);

  private Refusals() {}

  /** Runs a phase; before the hand-over a refusal ends it, as it should. */
  static PhaseOutcome inPhase(Move move, Function<Move, PhaseOutcome> action) {
    if (!move.context().status().isHandedOver()) {
      return action.apply(move);
    }
    try {
      return action.apply(move);
    } catch (MigrationException refused) {
      PhaseOutcome.Await again = again(refused, move.options().deadlines().finish());
      // Without the source halted nobody may call it a success.
      return move.fact(Facts.HALTED).isPresent() ? again : again.preserveWhenLate();
    }
  }

  /** Runs a roll-back, or a part of one. */
  static PhaseOutcome inRollBack(Move move, Supplier<PhaseOutcome> action) {
    try {
      return action.get();
    } catch (MigrationException refused) {
      return again(refused, move.options().deadlines().rollback());
    }
  }

  private static PhaseOutcome.Await again(MigrationException refused, Duration deadline) {
    if (refused.isRetryable()) {
      throw refused;
    }
    return PhaseOutcome.await("refused", RECHECK, String.valueOf(refused.getMessage()))
        .atMost(deadline);
  }
}
