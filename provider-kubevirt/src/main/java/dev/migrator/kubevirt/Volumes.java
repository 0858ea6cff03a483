package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Phase {@code CreateEmptyDataVolumes}: blank volumes that a pod can attach (contract 4.2). */
final class Volumes {

  private static final Duration RECHECK = Duration.ofSeconds(10);

  private Volumes() {}

  static PhaseOutcome create(Move move) {
    List<ObjectRef> reserved =
        Preparation.Reserved.parse(move.known(Facts.RESERVED)).stream()
            .filter(entry -> Kind.DATA_VOLUME.is(entry) || Kind.PVC.is(entry))
            .toList();
    boolean allMade =
        reserved.stream()
            .allMatch(
                place -> move.context().status().ledger().stream().anyMatch(place::isSamePlace));
    if (allMade) {
      return await(move, reserved);
    }
    List<Supplier<Ensure.Made>> requests = new ArrayList<>();
    for (Blueprint.Volume volume : Preparation.blueprint(move).volumes()) {
      if (HaltedTarget.brings(move, volume)) {
        continue;
      }
      requests.add(() -> move.on(Side.TARGET).own(volume.object()));
    }
    return move.make(requests, made -> await(move, reserved));
  }

  private static PhaseOutcome await(Move move, List<ObjectRef> volumes) {
    List<String> open = new ArrayList<>();
    for (ObjectRef volume : volumes) {
      Optional<GenericKubernetesResource> found =
          move.view().get(Side.TARGET, Kind.of(volume), volume.namespace(), volume.name());
      String phase = phase(found);
      if (phase.equals("Failed")) {
        return PhaseOutcome.fail(
            "VolumeFailed", "The " + volume + " could not be made: " + explain(found) + ".");
      }
      if (!isReady(move, volume, found, phase)) {
        open.add(volume.name() + " is " + (phase.isEmpty() ? "new" : phase) + explain(found));
      }
    }
    if (open.isEmpty()) {
      return PhaseOutcome.advance();
    }
    return PhaseOutcome.await(
            "volumes", RECHECK, "Waiting for volumes: " + String.join("; ", open) + ".")
        .atMost(move.options().deadlines().volumes());
  }

  /** Whether a launcher pod may attach it; the pod itself is the first consumer of the last two. */
  private static boolean isReady(
      Move move, ObjectRef volume, Optional<GenericKubernetesResource> found, String phase) {
    if (Kind.PVC.is(volume)) {
      return phase.equals("Bound") || isForFirstConsumer(move, found);
    }
    return phase.equals("Succeeded")
        || phase.equals("PendingPopulation")
        || phase.equals("WaitForFirstConsumer")
        || (phase.isEmpty() && isCollected(move, volume));
  }

  /** An older CDI deletes a DataVolume that is done; its claim stays. */
  private static boolean isCollected(Move move, ObjectRef volume) {
    boolean there =
        move.view()
            .get(Side.TARGET, Kind.DATA_VOLUME, volume.namespace(), volume.name())
            .isPresent();
    return !there
        && phase(move.sides().get(Side.TARGET, Kind.PVC, volume.namespace(), volume.name()))
            .equals("Bound");
  }

  private static boolean isForFirstConsumer(Move move, Optional<GenericKubernetesResource> claim) {
    return claim
        .flatMap(found -> Tree.text(found.getAdditionalProperties(), "spec", "storageClassName"))
        .flatMap(name -> move.sides().get(Side.TARGET, Kind.STORAGE_CLASS, "", name))
        .flatMap(found -> Tree.text(found.getAdditionalProperties(), "volumeBindingMode"))
        .filter("WaitForFirstConsumer"::equals)
        .isPresent();
  }

  private static String phase(Optional<GenericKubernetesResource> volume) {
    return volume
        .flatMap(found -> Tree.text(found.getAdditionalProperties(), "status", "phase"))
        .orElse("");
  }

  private static String explain(Optional<GenericKubernetesResource> volume) {
    Map<String, Object> status =
        volume.map(found -> Tree.map(found.getAdditionalProperties(), "status")).orElse(Map.of());
    List<String> said =
        ConditionView.all(status).stream()
            .filter(condition -> !condition.isTrue() && !condition.message().isEmpty())
            .map(ConditionView::describe)
            .toList();
    return said.isEmpty() ? "" : " (" + String.join(", ", said) + ")";
  }
}
