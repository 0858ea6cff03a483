package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a VirtualMachineInstanceMigration, a half, that this provider reads.
 *
 * @param raw the resource; never changed through this view
 */
record VmimView(GenericKubernetesResource raw) {

  /** That of the synchronization controller. */
  static final String SYNC_FINALIZER = "synchronization.kubevirt.io/migrationFinalizer";

  /**
   * The two finalizers that KubeVirt puts on a half (contract 1.3); no others are ever stripped.
   */
  static final List<String> KUBEVIRT_FINALIZERS =
      List.of("kubevirt.io/migrationJobFinalize", VmimView.SYNC_FINALIZER);

  VmRef ref() {
    return new VmRef(raw.getMetadata().getNamespace(), raw.getMetadata().getName());
  }

  String uid() {
    return Optional.ofNullable(raw.getMetadata().getUid()).orElse("");
  }

  boolean isDeleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  List<String> finalizers() {
    return Optional.ofNullable(raw.getMetadata().getFinalizers()).orElse(List.of());
  }

  Map<String, Object> spec() {
    return Tree.map(raw.getAdditionalProperties(), "spec");
  }

  Map<String, Object> status() {
    return Tree.map(raw.getAdditionalProperties(), "status");
  }

  String vmiName() {
    return Tree.text(spec(), "vmiName").orElse("");
  }

  boolean isSendHalf() {
    return Tree.has(spec(), "sendTo");
  }

  boolean isReceiveHalf() {
    return Tree.has(spec(), "receive");
  }

  Optional<String> migrationId() {
    return Tree.text(spec(), "sendTo", "migrationID")
        .or(() -> Tree.text(spec(), "receive", "migrationID"));
  }

  Optional<String> connectUrl() {
    return Tree.text(spec(), "sendTo", "connectURL");
  }

  /** The phase; empty before the controller saw it. */
  String phase() {
    return Tree.text(status(), "phase").orElse("");
  }

  boolean isSucceeded() {
    return "Succeeded".equals(phase());
  }

  boolean isFailed() {
    return "Failed".equals(phase());
  }

  boolean isFinal() {
    return isSucceeded() || isFailed();
  }

  List<ConditionView> conditions() {
    return ConditionView.all(status());
  }

  Optional<ConditionView> condition(String type) {
    return ConditionView.find(status(), type);
  }

  /** Copy of the own cluster's addresses, on both halves. */
  List<String> synchronizationAddresses() {
    return Tree.texts(status(), "synchronizationAddresses").stream()
        .filter(Address::isOne)
        .toList();
  }

  MigrationStateView migrationState() {
    return new MigrationStateView(Tree.map(status(), "migrationState"));
  }

  @Override
  public String toString() {
    return "VirtualMachineInstanceMigration " + ref();
  }
}
