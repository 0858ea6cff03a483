package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Phase {@code CreateStandbyVM}: the machine that waits for its source. */
final class Standby {

  private static final Duration RECHECK = Duration.ofSeconds(5);

  private Standby() {}

  static PhaseOutcome create(Move move) {
    Optional<ObjectRef> made =
        move.ledger(
            Side.TARGET, Kind.VIRTUAL_MACHINE, move.target().namespace(), move.target().name());
    if (made.isPresent()) {
      return move.fact(Facts.OWNED).isPresent() ? await(move) : own(move, made.get());
    }
    if (HaltedTarget.isUsed(move) && move.fact(Facts.OWNED).isPresent()) {
      return await(move);
    }
    Blueprint blueprint = Preparation.blueprint(move);
    GenericKubernetesResource receiver = blueprint.receiver();
    label(receiver, move.plan(), move.vm());
    receiver
        .getMetadata()
        .getAnnotations()
        .put(Labels.FACTS, Resume.text(move.context().status().facts()));
    if (HaltedTarget.isUsed(move)) {
      return own(move, HaltedTarget.adopt(move, receiver));
    }
    return move.make(
        List.of(() -> receiver(move, receiver)),
        created ->
            PhaseOutcome.recorded(Notes.none()).with(warnings(receiver, created.get(0).object())));
  }

  /** An instance has the labels of its machine's template, and the watch selects by them. */
  static void label(GenericKubernetesResource receiver, MigrationPlan plan, PlannedVm vm) {
    Tree.ensure(receiver.getAdditionalProperties(), "spec", "template", "metadata", "labels")
        .putAll(Labels.of(plan, vm));
  }

  /** An earlier run's receiver is taken over only while it is one. */
  private static Ensure.Made receiver(Move move, GenericKubernetesResource desired) {
    Ensure.Made made = move.on(Side.TARGET).own(desired);
    boolean thisRun = Labels.isOfRun(made.object(), move.plan(), move.vm());
    if (!thisRun && !new VmView(made.object()).runStrategy().equals("WaitAsReceiver")) {
      throw MigrationException.permanent(
          "Collision",
          "The VM "
              + move.target()
              + " of an earlier run is on the target and is no receiver any more: its run strategy"
              + " is "
              + new VmView(made.object()).runStrategy()
              + ". It was not touched."
              + Ensure.HALTED);
    }
    return made;
  }

  private static Notes warnings(GenericKubernetesResource sent, GenericKubernetesResource stored) {
    List<String> lost = SpecDiff.lost(sent, stored);
    return lost.isEmpty()
        ? Notes.none()
        : Notes.none()
            .warning(
                "The target does not know these fields of the VM and dropped them: "
                    + String.join(", ", lost)
                    + ".");
  }

  /** Volumes that the machine owns on the source belong to it on the target too. */
  private static PhaseOutcome own(Move move, ObjectRef receiver) {
    List<Supplier<Boolean>> requests = new ArrayList<>();
    for (Blueprint.Volume volume : Preparation.blueprint(move).volumes()) {
      if (volume.ownedByMachine() && !HaltedTarget.brings(move, volume)) {
        requests.add(() -> own(move, receiver, volume));
      }
    }
    Parallel.all(move.tools().context().executor(), requests);
    move.tools().sources().forget(move.source());
    return await(move).with(Notes.none().fact(Facts.OWNED, "true"));
  }

  private static Boolean own(Move move, ObjectRef receiver, Blueprint.Volume volume) {
    Kind kind = volume.isDataVolume() ? Kind.DATA_VOLUME : Kind.PVC;
    String namespace = move.target().namespace();
    ObjectRef entry =
        move.ledger(Side.TARGET, kind, namespace, volume.claim())
            .orElseThrow(() -> new IllegalStateException("No ledger entry of " + volume));
    Map<String, Object> owner =
        Map.of(
            "apiVersion", receiver.apiVersion(),
            "kind", receiver.kind(),
            "name", receiver.name(),
            "uid", receiver.uid(),
            "controller", true,
            "blockOwnerDeletion", true);
    JsonPatch patch = JsonPatch.of(entry.uid()).add("/metadata/ownerReferences", List.of(owner));
    return move.sides().target().patch(kind, namespace, volume.claim(), patch).isPresent();
  }

  private static PhaseOutcome await(Move move) {
    Optional<VmiView> instance =
        move.view()
            .get(Side.TARGET, Kind.INSTANCE, move.target().namespace(), move.target().name())
            .map(VmiView::new);
    List<String> open = new ArrayList<>();
    instance.ifPresent(found -> open.addAll(open(move, found)));
    if (instance.isPresent() && open.isEmpty()) {
      return PhaseOutcome.advance();
    }
    if (instance.filter(VmiView::isFinal).isPresent()) {
      return PhaseOutcome.fail(
          "ReceiverFailed",
          "The receiver "
              + move.target()
              + " is "
              + instance.get().phase()
              + " instead of waiting"
              + Reasons.conditions(instance.get().conditions(), move.now())
              + ".");
    }
    String why = instance.isPresent() ? String.join("; ", open) : absent(move);
    return PhaseOutcome.await("receiver", RECHECK, "Waiting for the receiver: " + why + ".")
        .atMost(move.options().deadlines().receiver());
  }

  /** What is missing until the halves may be made (contract 2.1). */
  private static List<String> open(Move move, VmiView instance) {
    List<String> open = new ArrayList<>();
    // Any later phase says that it was waiting and has met its source.
    if (Set.of("", "Pending").contains(instance.phase())) {
      open.add("its instance is " + (instance.phase().isEmpty() ? "new" : instance.phase()));
    }
    if (instance.isWaitingForSync()) {
      Set<String> there =
          instance.migratedVolumes().stream()
              .filter(volume -> !volume.destinationClaim().isEmpty())
              .map(VmiView.MigratedVolume::volume)
              .collect(Collectors.toSet());
      move.known(Facts.VOLUMES)
          .lines()
          .filter(volume -> !volume.isBlank() && !there.contains(volume))
          .forEach(volume -> open.add("KubeVirt has not seen the claim of volume " + volume));
    }
    return open;
  }

  private static String absent(Move move) {
    if (move.context().waited("receiver").compareTo(RECHECK) < 0) {
      return "it has no instance yet";
    }
    Optional<VmView> receiver =
        move.sides()
            .get(Side.TARGET, Kind.VIRTUAL_MACHINE, move.target().namespace(), move.target().name())
            .map(VmView::new);
    if (receiver.isEmpty()) {
      throw MigrationException.permanent(
          "ReceiverGone", "Somebody deleted the receiver " + move.target() + ".");
    }
    return receiver
        .get()
        .condition("Failure")
        .filter(ConditionView::isTrue)
        .map(ConditionView::describe)
        .orElse("it has no instance yet");
  }
}
