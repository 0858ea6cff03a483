package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a VirtualMachineInstance that this provider reads.
 *
 * @param raw the resource; never changed through this view
 */
record VmiView(GenericKubernetesResource raw) {

  static final String CREATE_MIGRATION_TARGET = "kubevirt.io/create-migration-target";

  VmRef ref() {
    return new VmRef(raw.getMetadata().getNamespace(), raw.getMetadata().getName());
  }

  String uid() {
    return Optional.ofNullable(raw.getMetadata().getUid()).orElse("");
  }

  boolean isDeleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  Map<String, String> labels() {
    return Optional.ofNullable(raw.getMetadata().getLabels()).orElse(Map.of());
  }

  Map<String, String> annotations() {
    return Optional.ofNullable(raw.getMetadata().getAnnotations()).orElse(Map.of());
  }

  Map<String, Object> spec() {
    return Tree.map(raw.getAdditionalProperties(), "spec");
  }

  Map<String, Object> domain() {
    return Tree.map(spec(), "domain");
  }

  Map<String, Object> status() {
    return Tree.map(raw.getAdditionalProperties(), "status");
  }

  /** The phase; empty before the controller saw it. */
  String phase() {
    return Tree.text(status(), "phase").orElse("");
  }

  boolean isRunning() {
    return "Running".equals(phase());
  }

  boolean isFinal() {
    return phase().equals("Succeeded") || phase().equals("Failed");
  }

  boolean isWaitingForSync() {
    return "WaitingForSync".equals(phase());
  }

  /** Running says that it was started, this that its guest is there (contract 2.10). */
  boolean isReady() {
    return condition("Ready").filter(ConditionView::isTrue).isPresent();
  }

  /** Whether it still carries the mark of a receiver; gone once the move is complete. */
  boolean isReceiver() {
    return "true".equals(annotations().get(CREATE_MIGRATION_TARGET));
  }

  List<ConditionView> conditions() {
    return ConditionView.all(status());
  }

  Optional<ConditionView> condition(String type) {
    return ConditionView.find(status(), type);
  }

  Optional<String> nodeName() {
    return Tree.text(status(), "nodeName");
  }

  /** The launcher pods by uid, each with its node; an ended one may be among them. */
  Map<String, String> activePods() {
    return Tree.strings(status(), "activePods");
  }

  List<MigratedVolume> migratedVolumes() {
    return Tree.maps(status(), "migratedVolumes").stream().map(MigratedVolume::of).toList();
  }

  MigrationStateView migrationState() {
    return new MigrationStateView(Tree.map(status(), "migrationState"));
  }

  /** For people; never the content, which may hold credentials in its cloud-init. */
  @Override
  public String toString() {
    return "VirtualMachineInstance " + ref();
  }

  /**
   * One entry of {@code status.migratedVolumes}.
   *
   * @param volume the volume's name
   * @param sourceClaim the claim on the source; empty before the first sync
   * @param destinationClaim the claim on the target; empty while it is not in KubeVirt's cache
   */
  record MigratedVolume(String volume, String sourceClaim, String destinationClaim) {

    private static MigratedVolume of(Map<String, Object> map) {
      return new MigratedVolume(
          Tree.text(map, "volumeName").orElse(""),
          Tree.text(map, "sourcePVCInfo", "claimName").orElse(""),
          Tree.text(map, "destinationPVCInfo", "claimName").orElse(""));
    }
  }
}
