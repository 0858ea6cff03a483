package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;

/**
 * The end of a roll-back: the source has its run strategy again and, if its guest died by itself
 * during the move, is started again. By then nothing of the receiver is left.
 */
final class SourceReturn {

  private SourceReturn() {}

  static PhaseOutcome bringBack(Move move, Evidence seen) {
    if (move.fact(Facts.STRATEGY).isEmpty()) {
      return PhaseOutcome.advance();
    }
    if (RollBack.isCrashed(seen) && move.fact(Facts.DIED).isPresent()) {
      return removeDeadPods(move, seen);
    }
    Optional<VmView> vm = Epilogue.sourceVm(move);
    if (vm.isEmpty()
        || !vm.get().uid().equals(move.fact(Facts.SOURCE_UID).orElse(vm.get().uid()))) {
      return PhaseOutcome.advance(
          Notes.none()
              .warning("The source VM " + move.source() + " was deleted by somebody else."));
    }
    SourceStrategy original = SourceStrategy.parse(move.known(Facts.STRATEGY));
    SourceStrategy now = SourceStrategy.of(vm.get());
    boolean switched = move.fact(Facts.SWITCHED).isPresent() && now.equals(SourceStrategy.MANUAL);
    boolean died = move.fact(Facts.DIED).isPresent();
    boolean ended = seen.sourceGuest() == Guest.ENDED;
    if (died && ended && now.equals(original) && now.running().orElse(false)) {
      // KubeVirt wants to halt it and cannot while spec.running stands (contract 2.6).
      return change(move, vm.get(), now, SourceStrategy.HALTED);
    }
    if (died && now.isHalted() && seen.source().isPresent()) {
      return RollBack.await("ended", "Waiting for KubeVirt to take the ended instance away.")
          .atMost(move.options().deadlines().rollback())
          .preserveWhenLate();
    }
    if (switched && !died && seen.sourceGuest() == Guest.ABSENT) {
      return stopped(move, original);
    }
    if (!now.equals(original) && (switched || (died && now.isHalted()))) {
      return change(move, vm.get(), now, original);
    }
    if (!now.equals(original)) {
      return PhaseOutcome.advance(
          Notes.none()
              .warning(
                  "The run strategy of source VM "
                      + move.source()
                      + " is "
                      + now.text()
                      + " and was "
                      + original.text()
                      + "; somebody changed it, so it was left alone."));
    }
    return running(move, seen, original);
  }

  /** KubeVirt starts a machine whose strategy becomes RerunOnFailure; this one was stopped. */
  private static PhaseOutcome stopped(Move move, SourceStrategy original) {
    return PhaseOutcome.advance(
        Notes.none()
            .warning(
                "Somebody stopped source VM "
                    + move.source()
                    + " during the move. Its run strategy was switched from "
                    + original.text()
                    + " to Manual for the move and stays so, because setting it back would start"
                    + " the guest. Set it when you want it to run."));
  }

  private static PhaseOutcome change(
      Move move, VmView vm, SourceStrategy now, SourceStrategy wanted) {
    boolean done =
        move.sides()
            .source()
            .patch(Kind.VIRTUAL_MACHINE, vm.ref().namespace(), vm.name(), now.to(vm.uid(), wanted))
            .isPresent();
    return RollBack.await(
            "strategy",
            (done ? "Set" : "Could not yet set")
                + " the source's run strategy from "
                + now.text()
                + " to "
                + wanted.text()
                + ".")
        .atMost(move.options().deadlines().rollback())
        .preserveWhenLate();
  }

  private static PhaseOutcome running(Move move, Evidence seen, SourceStrategy strategy) {
    if (move.fact(Facts.DIED).isEmpty() || seen.sourceGuest() == Guest.RUNNING) {
      return PhaseOutcome.advance();
    }
    if (!strategy.startsByItself()) {
      return PhaseOutcome.advance(
          Notes.none()
              .warning(
                  "The guest of source VM "
                      + move.source()
                      + " ended during the move, and KubeVirt does not start it again under run"
                      + " strategy "
                      + strategy.text()
                      + ". Start it by hand."));
    }
    return RollBack.await(
            "source-back", "Waiting for the source to run again: " + Reasons.of(seen, move.now()))
        .atMost(move.options().deadlines().rollback())
        .preserveWhenLate();
  }

  /** An ended launcher pod that stays keeps its instance at Running for good (contract 2.8). */
  private static PhaseOutcome removeDeadPods(Move move, Evidence seen) {
    Cluster source = move.sides().source();
    for (GenericKubernetesResource pod : seen.sourcePods()) {
      ObjectRef entry = source.ref(pod);
      if (Fence.isEnded(pod) && !Ensure.isLeaving(pod)) {
        source.delete(entry, "");
      }
    }
    return RollBack.await("dead-pod", "Waiting for KubeVirt to see that the source's guest ended.")
        .atMost(move.options().deadlines().rollback())
        .preserveWhenLate();
  }
}
