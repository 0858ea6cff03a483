package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the two halves away so that the guest cannot move any more (R3, contract 2.10): the source
 * half first, at a moment when KubeVirt can end it, and only past a deadline by force.
 *
 * <p>Every step is decided on what the servers say in the same execution.
 */
final class Fence {

  private static final Duration RECHECK = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ABORT = Duration.ofMinutes(2);
  private static final Set<String> NOT_MET = Set.of("", "Synchronizing", "WaitingForSync");

  private Fence() {}

  /**
   * Ends the send half.
   *
   * @param seen what the servers say now: the guest has not moved
   * @return what there is to wait for, or empty when it is gone
   */
  static Optional<PhaseOutcome> sendHalf(Move move, Evidence seen) {
    if (seen.send().isEmpty()) {
      return Optional.empty();
    }
    VmimView half = seen.send().get();
    ObjectRef entry = move.sides().source().ref(half.raw());
    if (!Labels.isOf(half.raw(), move.plan(), move.vm())) {
      return Optional.empty();
    }
    if (move.fact(Facts.FORCED).isPresent()) {
      return force(move, seen, entry);
    }
    if (half.isDeleting()) {
      return leaving(move, seen, half);
    }
    boolean endable =
        half.isFinal()
            || NOT_MET.contains(half.phase())
            || half.phase().equals("Running")
            || Half.of(seen.receive()) == Half.COPYING;
    boolean alone = Half.of(seen.receive()).isOver();
    if (endable
        || alone
        || move.context().waited("fence").compareTo(patience(move, PATIENCE)) >= 0) {
      move.sides().source().delete(entry, "");
      return Optional.of(
          await("send-half", "Asked for the deletion of the send half, " + half.phase() + ".")
              .with(Notes.none().fact(Facts.FENCED, "true")));
    }
    return Optional.of(
        await(
            "fence",
            "Waiting for the halves to copy or to fail, because KubeVirt cannot end them in between: "
                + Reasons.of(seen, move.now())
                + "."));
  }

  private static Optional<PhaseOutcome> leaving(Move move, Evidence seen, VmimView half) {
    boolean copying = half.phase().equals("Running");
    Duration limit = patience(move, copying ? ABORT : PATIENCE);
    boolean alone = Half.of(seen.receive()).isOver();
    boolean orphan = seen.source().isEmpty();
    Duration waited = move.context().waited("send-half");
    // Without its instance, or without a peer that could still start the copy, nobody ends it.
    if (waited.compareTo(limit) >= 0 || (waited.compareTo(RECHECK) >= 0 && (alone || orphan))) {
      return Optional.of(PhaseOutcome.recorded(Notes.none().fact(Facts.FORCED, "true")));
    }
    return Optional.of(
        await(
            "send-half",
            "Waiting for the send half to end: " + Reasons.of(seen, move.now()) + "."));
  }

  /** The repair of contract 2.10: the target's pod, the receive half, then the finalizers. */
  private static Optional<PhaseOutcome> force(Move move, Evidence seen, ObjectRef send) {
    if (seen.send().filter(VmimView::isDeleting).isEmpty()) {
      move.sides().source().delete(send, "");
      return Optional.of(await("force", "Asked for the deletion of the send half."));
    }
    Optional<PhaseOutcome> open = launchers(move, seen).or(() -> receiveHalf(move, seen));
    if (open.isPresent()) {
      return open;
    }
    return Finalizers.strip(move, send, seen.send().get())
        .or(() -> Optional.of(await("force", "Freed the send half.")));
  }

  /**
   * Ends the receive half; the source's guest is proven to run, or nothing of it can be lost.
   *
   * @return what there is to wait for, or empty when it is gone
   */
  static Optional<PhaseOutcome> receiveHalf(Move move, Evidence seen) {
    if (seen.receive().isEmpty()
        || !Labels.isOf(seen.receive().get().raw(), move.plan(), move.vm())) {
      return Optional.empty();
    }
    VmimView half = seen.receive().get();
    ObjectRef entry = move.sides().target().ref(half.raw());
    if (!half.isDeleting()) {
      move.sides().target().delete(entry, "");
      return Optional.of(await("receive-half", "Asked for the deletion of the receive half."));
    }
    boolean late = move.context().waited("receive-half").compareTo(patience(move, PATIENCE)) >= 0;
    if (late || move.fact(Facts.FORCED).isPresent()) {
      Optional<PhaseOutcome> open;
      if (seen.target().isEmpty()) {
        // Neither controller works on a half whose instance is gone (contract 2.11).
        open = Finalizers.strip(move, entry, half);
      } else {
        open = launchers(move, seen);
      }
      if (open.isPresent()) {
        return open;
      }
    }
    return Optional.of(
        await("receive-half", "Waiting for the receive half to go.")
            .atMost(move.options().deadlines().rollback()));
  }

  /** Takes the receiver's launcher pods away: the guest never ran in them. */
  static Optional<PhaseOutcome> launchers(Move move, Evidence seen) {
    if (seen.target().isEmpty()) {
      return Optional.empty();
    }
    Cluster target = move.sides().target();
    List<GenericKubernetesResource> alive =
        Evidence.launchers(target, seen.target().get()).stream()
            .filter(pod -> !isEnded(pod))
            .toList();
    if (alive.isEmpty()) {
      return Optional.empty();
    }
    Optional<PhaseOutcome> unrecorded = move.onRecord(alive.stream().map(target::ref).toList());
    if (unrecorded.isPresent()) {
      return unrecorded;
    }
    alive.stream()
        .filter(pod -> !Ensure.isLeaving(pod))
        .forEach(pod -> target.delete(target.ref(pod), ""));
    return Optional.of(
        await("launcher", "Waiting for the receiver's launcher pod to end.")
            .atMost(move.options().deadlines().rollback()));
  }

  /** The plan may want it sooner. */
  private static Duration patience(Move move, Duration usual) {
    Duration most = move.options().deadlines().rollback();
    return most.compareTo(usual) < 0 ? most : usual;
  }

  /** Whether a pod will never run anything again. */
  static boolean isEnded(GenericKubernetesResource pod) {
    return Tree.text(pod.getAdditionalProperties(), "status", "phase")
        .filter(phase -> phase.equals("Succeeded") || phase.equals("Failed"))
        .isPresent();
  }

  private static PhaseOutcome.Await await(String name, String reason) {
    return PhaseOutcome.await(name, RECHECK, "Undoing: " + reason);
  }
}
