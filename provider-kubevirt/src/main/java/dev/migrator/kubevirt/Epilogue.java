package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The phases after the hand-over: nothing in here may halt, delete or starve the target. */
final class Epilogue {

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration RECHECK = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(1);

  private Epilogue() {}

  /**
   * Phase {@code HaltSource}: whatever its run strategy, and without waiting for KubeVirt, which
   * forgets it in many ways (R16, contract 2.6 and 10).
   */
  static PhaseOutcome haltSource(Move move) {
    if (move.fact(Facts.HALTED).isPresent()) {
      return PhaseOutcome.advance();
    }
    boolean completed = move.glance().signs().targetStamp() == Stamp.COMPLETED;
    Duration left = GRACE.minus(sinceHandOver(move));
    if (!completed && !left.isNegative() && !left.isZero()) {
      return PhaseOutcome.await(
          "completion", left, "The guest has moved; giving KubeVirt a moment to finish.");
    }
    return contradicted(move).orElseGet(() -> halt(move));
  }

  /**
   * The source says that the move failed after all, its guest runs, and the target's does not: then
   * halting the source could stop the only guest. An abort that crosses the switch-over was seen to
   * end like that where nodes were played (contract 2.10).
   */
  private static Optional<PhaseOutcome> contradicted(Move move) {
    if (!isOnlyGuest(move.glance())) {
      return Optional.empty();
    }
    Evidence seen = move.inspect();
    return isOnlyGuest(seen)
        ? Optional.of(
            PhaseOutcome.await(
                    "contradiction",
                    SOON,
                    "The target said that the guest had arrived, and the source says that the move"
                        + " failed. The guest is seen to run on the source only, so the source is"
                        + " not halted: "
                        + Reasons.of(seen, move.now())
                        + ".")
                .atMost(move.options().deadlines().finish())
                .preserveWhenLate())
        : Optional.empty();
  }

  private static boolean isOnlyGuest(Evidence seen) {
    Signs signs = seen.signs();
    return signs.isContradiction()
        && signs.source() == Guest.RUNNING
        && signs.target() != Guest.RUNNING;
  }

  /** Halts the source unless it is halted; never over a person's change. */
  static PhaseOutcome halt(Move move) {
    String uid = move.known(Facts.SOURCE_UID);
    SourceStrategy expected =
        move.fact(Facts.SWITCHED).isPresent()
            ? SourceStrategy.MANUAL
            : SourceStrategy.parse(move.known(Facts.STRATEGY));
    if (patch(move, expected.to(uid, SourceStrategy.HALTED))) {
      return halted();
    }
    Optional<VmView> found = sourceVm(move);
    if (found.isEmpty() || !found.get().uid().equals(uid)) {
      return PhaseOutcome.advance(
          Notes.none()
              .fact(Facts.HALTED, "gone")
              .warning("The source VM " + move.source() + " was deleted by somebody else."));
    }
    SourceStrategy now = SourceStrategy.of(found.get());
    if (now.isHalted()) {
      return halted();
    }
    SourceStrategy original = SourceStrategy.parse(move.known(Facts.STRATEGY));
    boolean ours = now.equals(original) || now.equals(expected);
    if (ours && patch(move, now.to(uid, SourceStrategy.HALTED))) {
      return halted();
    }
    String why =
        ours
            ? "KubeVirt refuses to halt it"
            : "somebody set its run strategy to " + now.text() + " meanwhile";
    return PhaseOutcome.await(
            "halt",
            RECHECK,
            "The guest runs on the target, but the source VM "
                + move.source()
                + " is not Halted: "
                + why
                + ". Set it to Halted, or a second guest may start there.")
        .atMost(move.options().deadlines().finish())
        .preserveWhenLate();
  }

  /** Phase {@code VerifyTarget}: the success test of contract 12, point 7. */
  static PhaseOutcome verifyTarget(Move move) {
    Optional<VmiView> instance = move.glance().target();
    if (instance.isEmpty() || instance.get().isFinal()) {
      return stopped(move);
    }
    VmiView vmi = instance.get();
    boolean done =
        vmi.migrationState().completed()
            && vmi.isRunning()
            && (vmi.isReady() || isPaused(vmi))
            && vmi.nodeName().isPresent();
    if (!done) {
      return PhaseOutcome.await(
              "target",
              RECHECK,
              "Waiting for KubeVirt to finish on the target: instance "
                  + vmi.phase()
                  + (vmi.isReady() ? ", Ready" : ", not Ready")
                  + (vmi.migrationState().completed() ? ", completed." : ", not completed."))
          .atMost(move.options().deadlines().finish())
          .preserveWhenLate();
    }
    return strategy(move, vmi);
  }

  /** Somebody paused it on its way: it is never Ready until somebody resumes it. */
  private static boolean isPaused(VmiView vmi) {
    return vmi.condition("Paused").filter(ConditionView::isTrue).isPresent();
  }

  private static PhaseOutcome strategy(Move move, VmiView vmi) {
    String wanted = move.known(Facts.RESTORE);
    Optional<VmView> found = targetVm(move);
    if (found.isEmpty()) {
      return gone(move);
    }
    VmView vm = found.get();
    if (vm.runStrategy().equals(wanted)) {
      if (vmi.isReceiver() && !settled(move, "receiver")) {
        return PhaseOutcome.await(
            "receiver",
            SOON,
            "Waiting for KubeVirt to take the mark of a receiver off the target's instance.");
      }
      HaltedTarget.settle(move, vm);
      return PhaseOutcome.advance(identity(move, vmi));
    }
    if (!vm.runStrategy().equals("WaitAsReceiver")) {
      // A restart passes through Halted for about a second (contract 2.8).
      return settled(move, "changed")
          ? PhaseOutcome.advance(
              identity(move, vmi)
                  .warning(
                      "The run strategy of the VM on the target is "
                          + vm.runStrategy()
                          + " instead of "
                          + wanted
                          + "; somebody changed it, so it was left alone."))
          : PhaseOutcome.await("changed", SOON, "The target's run strategy is changing.");
    }
    if (settled(move, "strategy")) {
      SourceStrategy receiver = SourceStrategy.of(vm);
      move.sides()
          .target()
          .patch(
              Kind.VIRTUAL_MACHINE,
              vm.ref().namespace(),
              vm.name(),
              receiver.to(vm.uid(), SourceStrategy.named(wanted)));
    }
    return PhaseOutcome.await(
            "strategy", SOON, "Waiting for the run strategy " + wanted + " on the target.")
        .atMost(move.options().deadlines().finish());
  }

  /** The guest arrived and is not there any more. */
  private static PhaseOutcome stopped(Move move) {
    Evidence live = move.inspect();
    if (live.target().isPresent() && !live.target().get().isFinal()) {
      return PhaseOutcome.await("target", SOON, "Looking at the target again.");
    }
    Optional<VmView> vm = targetVm(move);
    if (vm.isEmpty()) {
      return gone(move);
    }
    return PhaseOutcome.advance(
        Notes.none()
            .warning(
                "The guest moved, but does not run on the target any more: its instance is "
                    + live.target().map(VmiView::phase).orElse("gone")
                    + " and the run strategy is "
                    + vm.get().runStrategy()
                    + ". Start it there; the source stays halted."));
  }

  private static PhaseOutcome gone(Move move) {
    return PhaseOutcome.preserve(
        "TargetGone",
        "The guest moved to the target, and somebody deleted VM "
            + move.target()
            + " there. Nothing is touched any more; the source VM "
            + move.source()
            + " still has the disks of before the move.");
  }

  private static Notes identity(Move move, VmiView vmi) {
    Map<String, String> before = new TreeMap<>();
    move.context()
        .status()
        .facts()
        .forEach(
            (key, value) -> {
              if (key.startsWith(Facts.IDENTITY)) {
                before.put(key.substring(Facts.IDENTITY.length()), value);
              }
            });
    Notes notes =
        vmi.isReceiver()
            ? Notes.none()
                .warning(
                    "KubeVirt left the running instance on the target marked as a receiver; the"
                        + " mark goes when the VM is started the next time.")
            : Notes.none();
    if (isPaused(vmi)) {
      notes = notes.warning("The guest is paused on the target. Resume it there.");
    }
    for (String difference : new Identity(before).differences(Identity.of(vmi))) {
      notes = notes.warning("The guest sees another machine: " + difference);
    }
    return notes;
  }

  private static boolean settled(Move move, String wait) {
    return move.context().waited(wait).compareTo(GRACE) >= 0;
  }

  private static Duration sinceHandOver(Move move) {
    var handedOver = move.context().status().handedOver();
    return handedOver == null ? Duration.ZERO : Duration.between(handedOver, move.now());
  }

  private static PhaseOutcome halted() {
    return PhaseOutcome.advance(Notes.none().fact(Facts.HALTED, "true"));
  }

  private static boolean patch(Move move, JsonPatch patch) {
    return move.sides()
        .source()
        .patch(Kind.VIRTUAL_MACHINE, move.source().namespace(), move.source().name(), patch)
        .isPresent();
  }

  static Optional<VmView> sourceVm(Move move) {
    return move.sides()
        .get(Side.SOURCE, Kind.VIRTUAL_MACHINE, move.source().namespace(), move.source().name())
        .map(VmView::new);
  }

  static Optional<VmView> targetVm(Move move) {
    return move.sides()
        .get(Side.TARGET, Kind.VIRTUAL_MACHINE, move.target().namespace(), move.target().name())
        .map(VmView::new);
  }
}
