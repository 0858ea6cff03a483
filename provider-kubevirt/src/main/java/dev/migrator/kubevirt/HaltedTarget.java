package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine that an earlier move left halted on the target, when the guest moves back onto it
 * (contract 2.12): it becomes the receiver, with the volumes that it attaches.
 *
 * <p>Nothing of it is in the ledger, because nothing of it was made by this run: it is never
 * deleted, and a roll-back gives it back with the spec that it had.
 */
final class HaltedTarget {

  /** Annotation: spec, labels and annotations that it had and that change, for a roll-back. */
  static final String KEPT = Labels.PREFIX + "halted";

  private HaltedTarget() {}

  /**
   * Looks whether there is one, and whether it can receive this guest.
   *
   * @return the facts that say so; none when the receiver is to be made
   * @throws MigrationException permanent, when there is a machine that cannot receive it
   */
  static Map<String, String> facts(Move move, Blueprint blueprint) {
    Optional<VmView> found =
        move.options().haltedTarget() == KubeVirtOptions.HaltedVm.ADOPT
            ? Epilogue.targetVm(move).filter(vm -> !isEarlierReceiver(move, vm))
            : Optional.empty();
    if (found.isEmpty()) {
      return Map.of();
    }
    VmView vm = found.get();
    Optional<String> obstacle = HaltedRules.obstacle(vm, blueprint);
    if (obstacle.isEmpty() && hasInstance(move, vm)) {
      obstacle = Optional.of("it still has an instance");
    }
    if (obstacle.isPresent()) {
      throw refused(vm, obstacle.get());
    }
    List<String> claims = new ArrayList<>();
    for (Blueprint.Volume volume : blueprint.volumes()) {
      Optional<GenericKubernetesResource> claim =
          move.sides().get(Side.TARGET, Kind.PVC, vm.ref().namespace(), volume.claim());
      if (claim.isPresent()) {
        HaltedRules.obstacle(vm, volume, claim.get())
            .ifPresent(
                why -> {
                  throw refused(vm, "its PersistentVolumeClaim " + volume.claim() + " " + why);
                });
        claims.add(volume.claim());
      }
    }
    return Map.of(Facts.ADOPTED, vm.uid(), Facts.ADOPTED_CLAIMS, String.join("\n", claims));
  }

  /** Whether this move goes onto a halted machine. */
  static boolean isUsed(Move move) {
    return move.fact(Facts.ADOPTED).isPresent();
  }

  /** Whether a claim of the target came with the halted machine. */
  static boolean brings(Move move, Blueprint.Volume volume) {
    return brings(move.fact(Facts.ADOPTED_CLAIMS).orElse(""), volume.claim());
  }

  private static boolean brings(String claims, String claim) {
    return claims.lines().anyMatch(claim::equals);
  }

  /** Whether an object of the blueprint is there already and stays nobody's of this run. */
  static boolean isThere(Map<String, String> facts, Blueprint blueprint, Object object) {
    String claims = facts.getOrDefault(Facts.ADOPTED_CLAIMS, "");
    return facts.containsKey(Facts.ADOPTED)
        && (object == blueprint.receiver()
            || blueprint.volumes().stream()
                .anyMatch(it -> it.object() == object && brings(claims, it.claim())));
  }

  /**
   * Makes the halted machine the receiver.
   *
   * @param receiver how a receiver of this guest looks
   * @return the machine
   * @throws MigrationException permanent, when it is not what it was when the run began; transient,
   *     when it changes at this very moment
   */
  static ObjectRef adopt(Move move, GenericKubernetesResource receiver) {
    Optional<VmView> found =
        Epilogue.targetVm(move)
            .filter(vm -> vm.uid().equals(move.known(Facts.ADOPTED)))
            .filter(vm -> !vm.isDeleting());
    if (found.isEmpty()) {
      throw MigrationException.permanent(
          "ReceiverGone", "Somebody deleted the halted VM " + move.target() + " of the target.");
    }
    VmView vm = found.get();
    ObjectRef entry = move.sides().target().ref(vm.raw());
    if (isReceiver(move, vm)) {
      return entry;
    }
    if (!SourceStrategy.of(vm).isHalted()) {
      throw refused(vm, "its run strategy is " + vm.runStrategy() + " and not Halted any more");
    }
    Map<String, String> labels = new HashMap<>(vm.labels());
    labels.putAll(Labels.of(move.plan(), move.vm()));
    Map<String, String> annotations = new HashMap<>(vm.annotations());
    annotations.putAll(receiver.getMetadata().getAnnotations());
    annotations.put(Labels.ORIGIN, Labels.origin(move.plan(), move.vm()));
    annotations.put(
        KEPT,
        Serialization.asJson(
            Map.of(
                "spec", vm.spec(),
                "labels", changing(vm.labels()),
                "annotations", changing(vm.annotations()))));
    write(move, vm, labels, annotations, Tree.map(receiver.getAdditionalProperties(), "spec"));
    return entry;
  }

  /**
   * Gives the machine back as it was, once nothing is moved onto it any more.
   *
   * @return what to wait for; empty when it is halted and has no instance, or is not ours to halt
   */
  static Optional<PhaseOutcome> giveBack(Move move) {
    Optional<VmView> found =
        Epilogue.targetVm(move)
            .filter(vm -> move.fact(Facts.ADOPTED).filter(vm.uid()::equals).isPresent());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    VmView vm = found.get();
    if (isReceiver(move, vm)) {
      Map<String, Object> kept =
          Tree.map(Serialization.unmarshal(vm.annotations().get(KEPT), Map.class));
      Map<String, String> labels = new HashMap<>(vm.labels());
      labels.keySet().removeAll(changing(labels).keySet());
      labels.putAll(Tree.strings(kept, "labels"));
      Map<String, String> annotations = new HashMap<>(vm.annotations());
      annotations.keySet().removeAll(changing(annotations).keySet());
      annotations.putAll(Tree.strings(kept, "annotations"));
      write(move, vm, labels, annotations, Tree.map(kept, "spec"));
    }
    boolean stops = SourceStrategy.of(vm).isHalted() || isReceiver(move, vm);
    return stops && hasInstance(move, vm)
        ? Optional.of(
            RollBack.await(
                    "receiver", "Waiting for the VM " + move.target() + " to be halted again.")
                .atMost(move.options().deadlines().rollback()))
        : Optional.empty();
  }

  /** The move succeeded: what was kept for a roll-back is not needed any more. */
  static void settle(Move move, VmView vm) {
    if (vm.annotations().containsKey(KEPT)) {
      move.sides()
          .target()
          .patch(
              Kind.VIRTUAL_MACHINE,
              vm.ref().namespace(),
              vm.name(),
              JsonPatch.of(vm.uid()).remove("/metadata/annotations/" + JsonPatch.segment(KEPT)));
    }
  }

  private static void write(
      Move move,
      VmView vm,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, Object> spec) {
    JsonPatch patch =
        JsonPatch.of(vm.uid())
            .test("/metadata/resourceVersion", vm.resourceVersion())
            .add("/metadata/labels", labels)
            .add("/metadata/annotations", annotations)
            .replace("/spec", spec);
    if (move.sides()
        .target()
        .patch(Kind.VIRTUAL_MACHINE, vm.ref().namespace(), vm.name(), patch)
        .isEmpty()) {
      throw MigrationException.transientFault(vm + " of the target is just being changed", null);
    }
  }

  /** The entries that a move writes on a receiver. */
  private static Map<String, String> changing(Map<String, String> entries) {
    Map<String, String> ours = new HashMap<>(entries);
    ours.keySet()
        .removeIf(
            key -> !key.startsWith(Labels.PREFIX) && !key.equals(VmView.RESTORE_RUN_STRATEGY));
    return ours;
  }

  private static boolean hasInstance(Move move, VmView vm) {
    return move.sides()
        .get(Side.TARGET, Kind.INSTANCE, vm.ref().namespace(), vm.name())
        .isPresent();
  }

  private static boolean isReceiver(Move move, VmView vm) {
    return Labels.isOfRun(vm.raw(), move.plan(), move.vm())
        && vm.annotations().containsKey(KEPT)
        && vm.runStrategy().equals(Receiver.WAIT_AS_RECEIVER);
  }

  private static boolean isEarlierReceiver(Move move, VmView vm) {
    return Labels.isOf(vm.raw(), move.plan(), move.vm())
        && vm.runStrategy().equals(Receiver.WAIT_AS_RECEIVER);
  }

  private static MigrationException refused(VmView vm, String why) {
    return MigrationException.permanent(
        "Collision",
        "The guest cannot move back onto the VM "
            + vm.ref()
            + " that is on the target: "
            + why
            + ". It was not touched; make it fit, rename or remove it, or move the guest under"
            + " another name.");
  }
}
