package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.spi.PhaseOutcome;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees a half that KubeVirt will never free: the one repair that touches finalizers (R3). */
final class Finalizers {

  private static final Logger LOGGER = LoggerFactory.getLogger(Finalizers.class);

  private Finalizers() {}

  /**
   * Deletes a half and takes KubeVirt's two finalizers off it; a foreign one stays and keeps it.
   *
   * <p>The caller has the evidence that nothing can be lost by it.
   *
   * @return what is to be saved before, or empty when the half was freed
   */
  static Optional<PhaseOutcome> strip(Move move, ObjectRef entry, VmimView half) {
    Optional<PhaseOutcome> unrecorded = move.onRecord(List.of(entry, Repairs.ofFinalizers(entry)));
    if (unrecorded.isPresent()) {
      return unrecorded;
    }
    Cluster cluster = move.sides().of(entry.side());
    if (!half.isDeleting()) {
      cluster.delete(entry, "");
    }
    List<String> kept =
        half.finalizers().stream()
            .filter(each -> !VmimView.KUBEVIRT_FINALIZERS.contains(each))
            .toList();
    if (kept.size() == half.finalizers().size()) {
      return Optional.empty();
    }
    JsonPatch patch =
        JsonPatch.of(entry.uid())
            .test("/metadata/finalizers", half.finalizers())
            .replace("/metadata/finalizers", kept);
    if (cluster.patch(Kind.MIGRATION, entry.namespace(), entry.name(), patch).isPresent()) {
      LOGGER
          .atInfo()
          .addKeyValue("vm", move.source())
          .addKeyValue("half", entry)
          .log("Freed a half that KubeVirt would have kept for good");
    }
    return Optional.empty();
  }
}
