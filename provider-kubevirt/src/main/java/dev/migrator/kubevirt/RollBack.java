package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Undoes a move that did not happen: fence, evidence, tear-down, source (R3).
 *
 * <p>Each execution begins with the truth of both servers and takes the next step that it allows;
 * nothing is remembered but what the servers cannot tell any more. When the guest turns out to have
 * moved, that is the outcome, and the runner goes on with the itinerary.
 */
final class RollBack {

  private static final Duration RECHECK = Duration.ofSeconds(2);
  private static final Duration DOUBT = Duration.ofSeconds(30);

  private RollBack() {}

  static PhaseOutcome run(Move move) {
    Evidence seen = move.inspect();
    Signs signs = seen.signs();
    Optional<PhaseOutcome> doubt = doubt(move, seen);
    if (doubt.isPresent()) {
      return doubt.get();
    }
    if (signs.isMoved()) {
      return PhaseOutcome.await("moved", Duration.ZERO, "The guest has moved; nothing is undone.")
          .with(Notes.none().withHandOver());
    }
    if (died(move, seen) && move.fact(Facts.DIED).isEmpty()) {
      return PhaseOutcome.recorded(Notes.none().fact(Facts.DIED, "true"));
    }
    return Refusals.inRollBack(move, () -> undo(move, seen)).with(gone(move, seen));
  }

  private static PhaseOutcome undo(Move move, Evidence seen) {
    return part(move, seen)
        .or(() -> tearDown(move))
        .orElseGet(() -> SourceReturn.bringBack(move, seen));
  }

  /** Where the sides contradict each other, nothing is touched. */
  static Optional<PhaseOutcome> doubt(Move move, Evidence seen) {
    Signs signs = seen.signs();
    return signs.isContradiction() || (signs.target() == Guest.RUNNING && !signs.isMoved())
        ? Optional.of(
            await(
                    "contradiction",
                    "The sides contradict each other: " + Reasons.of(seen, move.now()))
                .atMost(DOUBT)
                .preserveWhenLate())
        : Optional.empty();
  }

  /**
   * Parts the two machines: no half of this attempt is left, and nothing can move any more.
   *
   * @return what there is to wait for, or empty when they are parted
   */
  static Optional<PhaseOutcome> part(Move move, Evidence seen) {
    // Force ends what could still bring the guest over: it needs the proof before, not after.
    Optional<PhaseOutcome> unproven =
        move.fact(Facts.FORCED).isPresent() ? proof(move, seen) : Optional.empty();
    return unproven
        .or(() -> move.onRecord(halves(move, seen)))
        .or(() -> Fence.sendHalf(move, seen))
        .or(() -> proof(move, seen))
        .or(() -> Fence.receiveHalf(move, seen))
        .or(() -> copyEnds(move, seen));
  }

  /**
   * Whether the source's guest ended by itself: its instance is final and nobody deletes it, or its
   * half failed or went with it. A half that is stuck instead, and an instance that is deleted
   * before it ends, say that a person stopped the machine (contract 14).
   */
  private static boolean died(Move move, Evidence seen) {
    boolean down = seen.sourceGuest() == Guest.ENDED || seen.sourceGuest() == Guest.ABSENT;
    boolean begun = move.fact(Facts.FENCED).isEmpty() && move.fact(Facts.FORCED).isEmpty();
    boolean failed = seen.send().isEmpty() || seen.send().filter(VmimView::isFailed).isPresent();
    return madeSendHalf(move)
        && (endedByItself(seen) || isCrashed(seen) || (down && begun && failed));
  }

  /** KubeVirt takes such an instance away soon: this is seen for a moment only. */
  static boolean endedByItself(Evidence seen) {
    return seen.source().filter(VmiView::isFinal).filter(vmi -> !vmi.isDeleting()).isPresent();
  }

  private static boolean madeSendHalf(Move move) {
    return move.attempt() > 1
        || move.ledger(Side.SOURCE, Kind.MIGRATION, move.source().namespace(), move.sendHalf())
            .isPresent();
  }

  /** The instance says Running, and all its launcher pods have ended (contract 2.8). */
  static boolean isCrashed(Evidence seen) {
    return seen.sourceGuest() == Guest.UNPROVEN
        && seen.sourcePods().stream().allMatch(Fence::isEnded);
  }

  /** Before anything of the receiver goes: the guest runs on the source, or runs nowhere. */
  private static Optional<PhaseOutcome> proof(Move move, Evidence seen) {
    if (seen.sourceGuest() != Guest.UNPROVEN || isCrashed(seen)) {
      return Optional.empty();
    }
    return Optional.of(
        await(
                "proof",
                "It is not proven that the source runs: " + Reasons.of(seen, move.now()) + ".")
            .atMost(move.options().deadlines().rollback())
            .preserveWhenLate());
  }

  /** A copy goes on without its halves when they were taken away by force from outside. */
  private static Optional<PhaseOutcome> copyEnds(Move move, Evidence seen) {
    boolean copies =
        seen.source()
            .map(VmiView::migrationState)
            .filter(state -> state.started().isPresent() && state.ended().isEmpty())
            .filter(state -> !state.completed())
            .isPresent();
    boolean receives = seen.target().filter(vmi -> !vmi.isFinal()).isPresent();
    if (!copies || !receives || move.fact(Facts.FORCED).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        await("copy-end", "Waiting for the copy to end: " + Reasons.of(seen, move.now()) + ".")
            .atMost(move.options().deadlines().rollback())
            .preserveWhenLate());
  }

  /** The receiver, then what it was made of; each until it is seen to be gone. */
  private static Optional<PhaseOutcome> tearDown(Move move) {
    List<ObjectRef> left = Remains.of(move);
    Optional<PhaseOutcome> unrecorded = move.onRecord(left);
    if (unrecorded.isPresent()) {
      return unrecorded;
    }
    List<ObjectRef> gone = new ArrayList<>();
    Optional<ObjectRef> machine = left.stream().filter(Kind.VIRTUAL_MACHINE::is).findFirst();
    Optional<PhaseOutcome> returned = HaltedTarget.giveBack(move);
    if (returned.isPresent()) {
      return returned;
    }
    if (machine.isPresent()) {
      if (move.options().keepVolumes()) {
        left.stream().filter(Remains::isVolume).forEach(volume -> disown(move, volume));
      }
      if (move.on(Side.TARGET).remove(machine.get()) == Ensure.Presence.LEAVING) {
        return Optional.of(
            await("receiver", "Waiting for the receiver " + move.target() + " to be deleted.")
                .atMost(move.options().deadlines().rollback()));
      }
      gone.add(machine.get());
    }
    List<ObjectRef> leaving = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (ObjectRef entry : left) {
      boolean kept = Remains.isVolume(entry) && move.options().keepVolumes();
      if (!Kind.VIRTUAL_MACHINE.is(entry) && !kept) {
        (isGone(move, entry, refused) ? gone : leaving).add(entry);
      }
    }
    Notes notes = Notes.none().removed(gone);
    if (!leaving.isEmpty()) {
      return Optional.of(
          await(
                  "objects",
                  "Waiting for the deletion of " + leaving + ". " + String.join(" ", refused))
              .atMost(move.options().deadlines().rollback())
              .with(notes));
    }
    return gone.isEmpty() ? Optional.empty() : Optional.of(PhaseOutcome.recorded(notes));
  }

  /** One that is refused does not keep the others. */
  private static boolean isGone(Move move, ObjectRef entry, List<String> refused) {
    try {
      return move.on(entry.side()).remove(entry) == Ensure.Presence.GONE;
    } catch (MigrationException refusal) {
      if (refusal.isRetryable()) {
        throw refusal;
      }
      refused.add(String.valueOf(refusal.getMessage()));
      return false;
    }
  }

  private static void disown(Move move, ObjectRef volume) {
    Optional<GenericKubernetesResource> found = move.on(Side.TARGET).find(volume);
    boolean owned =
        found
            .map(GenericKubernetesResource::getMetadata)
            .filter(it -> it.getOwnerReferences() != null && !it.getOwnerReferences().isEmpty())
            .isPresent();
    if (owned) {
      move.sides()
          .target()
          .patch(
              Kind.of(volume),
              volume.namespace(),
              volume.name(),
              JsonPatch.of(volume.uid()).remove("/metadata/ownerReferences"));
    }
  }

  /** The halves that are there and ours, be it that their creation was not recorded. */
  private static List<ObjectRef> halves(Move move, Evidence seen) {
    return Stream.of(half(move, Side.SOURCE, seen.send()), half(move, Side.TARGET, seen.receive()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<ObjectRef> half(Move move, Side side, Optional<VmimView> half) {
    return half.map(VmimView::raw)
        .filter(raw -> Labels.isOf(raw, move.plan(), move.vm()))
        .map(move.sides().of(side)::ref);
  }

  /** Strikes the halves that are not there any more. */
  static Notes gone(Move move, Evidence seen) {
    List<ObjectRef> struck = new ArrayList<>();
    if (seen.send().isEmpty()) {
      struck.add(Kind.MIGRATION.ref(Side.SOURCE, move.source().namespace(), move.sendHalf(), ""));
    }
    if (seen.receive().isEmpty()) {
      struck.add(
          Kind.MIGRATION.ref(Side.TARGET, move.target().namespace(), move.receiveHalf(), ""));
    }
    List<ObjectRef> repairs = new ArrayList<>(struck.stream().map(Repairs::ofFinalizers).toList());
    if (seen.target().isEmpty()) {
      // An instance is kept by its pods; nobody has to read them one by one.
      move.context().status().ledger().stream().filter(Repairs::isOfPod).forEach(repairs::add);
    }
    return Notes.none().removed(struck).removed(repairs);
  }

  /** The lines of the ledger that speak of this attempt's halves. */
  static List<ObjectRef> lines(Move move) {
    return Stream.of(
            Kind.MIGRATION.ref(Side.SOURCE, move.source().namespace(), move.sendHalf(), ""),
            Kind.MIGRATION.ref(Side.TARGET, move.target().namespace(), move.receiveHalf(), ""))
        .flatMap(half -> Stream.of(half, Repairs.ofFinalizers(half)))
        .toList();
  }

  static PhaseOutcome.Await await(String name, String reason) {
    return PhaseOutcome.await(name, RECHECK, "Undoing: " + reason);
  }
}
