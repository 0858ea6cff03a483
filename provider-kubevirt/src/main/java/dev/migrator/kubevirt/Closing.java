package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The last phases after a success: the source's left-overs, the send half, then the receive half.
 */
final class Closing {

  private static final Duration RECHECK = Duration.ofSeconds(2);
  private static final Duration STUCK = Duration.ofSeconds(10);

  private Closing() {}

  /** Phase {@code AwaitSourceEnd}: until KubeVirt has taken the halted source's instance away. */
  static PhaseOutcome awaitSourceEnd(Move move) {
    if (move.fact(Facts.HALTED).isEmpty()) {
      // The phase before gave up; nothing of the source may go before this is done.
      PhaseOutcome again = Epilogue.halt(move);
      return again instanceof PhaseOutcome.Advance done
          ? PhaseOutcome.recorded(done.notes())
          : again;
    }
    Optional<VmiView> instance = move.glance().source();
    boolean same =
        instance
            .filter(vmi -> move.fact(Facts.SOURCE_INSTANCE).filter(vmi.uid()::equals).isPresent())
            .isPresent();
    if (!same) {
      return PhaseOutcome.advance();
    }
    return PhaseOutcome.await(
            "source-end",
            RECHECK,
            "Waiting for KubeVirt to take the source's instance away: it is "
                + instance.get().phase()
                + (instance.get().isDeleting() ? " and being deleted." : "."))
        .atMost(move.options().deadlines().finish());
  }

  /**
   * Phase {@code RemoveMigrations}: the send half goes by itself or is freed, the other one last.
   */
  static PhaseOutcome removeMigrations(Move move) {
    Notes gone = Notes.none();
    Optional<ObjectRef> send =
        move.ledger(Side.SOURCE, Kind.MIGRATION, move.source().namespace(), move.sendHalf());
    if (send.isPresent()) {
      Optional<PhaseOutcome> open = sendHalf(move, send.get());
      if (open.isPresent()) {
        return open.get();
      }
      gone = gone.removed(List.of(send.get(), Repairs.ofFinalizers(send.get())));
    }
    Optional<ObjectRef> receive =
        move.ledger(Side.TARGET, Kind.MIGRATION, move.target().namespace(), move.receiveHalf());
    if (receive.isPresent()) {
      if (isThere(move, receive.get())) {
        return PhaseOutcome.await(
                "receive-half", RECHECK, "Waiting for the receive half to be deleted.")
            .atMost(move.options().deadlines().finish())
            .with(freed(move, receive.get(), gone));
      }
      gone = gone.removed(List.of(receive.get(), Repairs.ofFinalizers(receive.get())));
    }
    return PhaseOutcome.advance(gone);
  }

  /** Asks for the deletion until it is under way, then leaves it to the watch to see it gone. */
  private static boolean isThere(Move move, ObjectRef receive) {
    if (receiveHalf(move, receive).filter(half -> !half.isDeleting()).isPresent()) {
      move.sides().target().delete(receive, "");
    }
    return receiveHalf(move, receive).isPresent();
  }

  /** The half is final; only a synchronization controller that does not work keeps it. */
  private static Notes freed(Move move, ObjectRef receive, Notes notes) {
    Optional<VmimView> half =
        receiveHalf(move, receive)
            .filter(VmimView::isFinal)
            .filter(VmimView::isDeleting)
            .filter(
                each ->
                    each.finalizers().stream().anyMatch(VmimView.KUBEVIRT_FINALIZERS::contains));
    if (half.isEmpty() || move.context().waited("receive-half").compareTo(STUCK) < 0) {
      return notes;
    }
    Optional<PhaseOutcome> unrecorded = Finalizers.strip(move, receive, half.get());
    if (unrecorded.isPresent()) {
      return notes.and(unrecorded.get().notes());
    }
    return notes.warning(
        "The target's synchronization controller did not let the receive half "
            + receive.name()
            + " go, so it was freed. If the next move to this cluster does not begin, restart the"
            + " pod virt-synchronization-controller there.");
  }

  private static Optional<VmimView> receiveHalf(Move move, ObjectRef receive) {
    return move.glance().receive().filter(half -> half.uid().equals(receive.uid()));
  }

  private static Optional<PhaseOutcome> sendHalf(Move move, ObjectRef send) {
    if (move.glance().send().isEmpty()) {
      return Optional.empty();
    }
    Evidence live = move.inspect();
    if (live.send().filter(half -> half.uid().equals(send.uid())).isEmpty()) {
      return Optional.empty();
    }
    boolean halted =
        Epilogue.sourceVm(move).map(vm -> SourceStrategy.of(vm).isHalted()).orElse(true);
    boolean stuck = move.context().waited("send-half").compareTo(STUCK) >= 0;
    if (halted && live.source().isEmpty() && stuck) {
      // Neither controller works on a half whose instance is gone (contract 2.11).
      Optional<PhaseOutcome> unrecorded = Finalizers.strip(move, send, live.send().get());
      if (unrecorded.isPresent()) {
        return unrecorded;
      }
    }
    return Optional.of(
        PhaseOutcome.await(
                "send-half",
                RECHECK,
                "Waiting for the send half to go with the source's instance: "
                    + Reasons.of(live, move.now())
                    + ".")
            .atMost(move.options().deadlines().finish()));
  }
}
