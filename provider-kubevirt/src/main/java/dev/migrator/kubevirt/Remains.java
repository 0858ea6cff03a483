package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run has left on the target: the ledger, and what stands at a reserved place and was made
 * for this machine, in case a save was lost. Halves are not among it; {@link Fence} knows them.
 */
final class Remains {

  private Remains() {}

  static List<ObjectRef> of(Move move) {
    List<ObjectRef> all =
        new ArrayList<>(
            move.context().status().ledger().stream()
                .filter(entry -> entry.side() != Side.HOST && !Kind.MIGRATION.is(entry))
                .filter(entry -> !Repairs.isOfFinalizers(entry) && !Repairs.isOfPod(entry))
                .toList());
    for (ObjectRef place : Preparation.Reserved.parse(move.fact(Facts.RESERVED).orElse(""))) {
      if (all.stream().noneMatch(place::isSamePlace)) {
        found(move, place).ifPresent(all::add);
      }
    }
    return all;
  }

  /** What stands at these reserved places and was made for this machine. */
  static List<ObjectRef> at(Move move, String reserved) {
    return Preparation.Reserved.parse(reserved).stream()
        .flatMap(place -> found(move, place).stream())
        .toList();
  }

  /** What stands where this would be made, if this very run made or uses it. */
  static Optional<ObjectRef> ofRun(Move move, GenericKubernetesResource planned) {
    return move.sides()
        .get(
            Side.TARGET,
            Kind.of(planned.getApiVersion(), planned.getKind()),
            planned.getMetadata().getNamespace(),
            planned.getMetadata().getName())
        .filter(
            object ->
                Labels.isUsedInRun(object, move.plan(), move.vm())
                    || (Labels.isOfRun(object, move.plan(), move.vm())
                        && Labels.annotations(object).containsKey(Labels.DIGEST)))
        .map(move.sides().target()::ref);
  }

  static boolean isVolume(ObjectRef entry) {
    return Kind.DATA_VOLUME.is(entry) || Kind.PVC.is(entry);
  }

  private static Optional<ObjectRef> found(Move move, ObjectRef place) {
    return move.sides()
        .get(place.side(), Kind.of(place), place.namespace(), place.name())
        .filter(object -> isOurs(move, object))
        .map(object -> move.sides().of(place.side()).ref(object));
  }

  /** A shared object is ours to leave when we say on it that we use it. */
  private static boolean isOurs(Move move, GenericKubernetesResource object) {
    return Labels.annotations(object).containsKey(Labels.usedBy(move.plan(), move.vm()))
        || (Labels.isOf(object, move.plan(), move.vm())
            && Labels.annotations(object).containsKey(Labels.DIGEST));
  }
}
