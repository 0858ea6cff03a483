package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a VirtualMachine that this provider reads; the resource itself stays as it came.
 *
 * @param raw the resource; never changed through this view
 */
record VmView(GenericKubernetesResource raw) {

  /** Where KubeVirt keeps the strategy that it restores after the move (contract 2.7). */
  static final String RESTORE_RUN_STRATEGY = "kubevirt.io/restore-run-strategy";

  VmRef ref() {
    return new VmRef(raw.getMetadata().getNamespace(), raw.getMetadata().getName());
  }

  String name() {
    return raw.getMetadata().getName();
  }

  String uid() {
    return Optional.ofNullable(raw.getMetadata().getUid()).orElse("");
  }

  String resourceVersion() {
    return Optional.ofNullable(raw.getMetadata().getResourceVersion()).orElse("");
  }

  boolean isDeleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  Map<String, String> annotations() {
    return Optional.ofNullable(raw.getMetadata().getAnnotations()).orElse(Map.of());
  }

  Map<String, String> labels() {
    return Optional.ofNullable(raw.getMetadata().getLabels()).orElse(Map.of());
  }

  Map<String, Object> spec() {
    return Tree.map(raw.getAdditionalProperties(), "spec");
  }

  Map<String, Object> status() {
    return Tree.map(raw.getAdditionalProperties(), "status");
  }

  /** {@code spec.template.spec}: what becomes the spec of the instance. */
  Map<String, Object> templateSpec() {
    return Tree.map(spec(), "template", "spec");
  }

  Map<String, String> templateLabels() {
    return Tree.strings(spec(), "template", "metadata", "labels");
  }

  Map<String, String> templateAnnotations() {
    return Tree.strings(spec(), "template", "metadata", "annotations");
  }

  /** Whether the deprecated {@code spec.running} is in use; KubeVirt never halts such a source. */
  boolean usesRunning() {
    return Tree.has(spec(), "running");
  }

  /** The strategy in force: {@code spec.running} true reads as Always, false as Halted. */
  String runStrategy() {
    return Tree.text(spec(), "runStrategy")
        .orElseGet(() -> Tree.isTrue(spec(), "running") ? "Always" : "Halted");
  }

  boolean isHalted() {
    return "Halted".equals(runStrategy());
  }

  Optional<String> restoreRunStrategy() {
    return Optional.ofNullable(annotations().get(RESTORE_RUN_STRATEGY));
  }

  String printableStatus() {
    return Tree.text(status(), "printableStatus").orElse("");
  }

  List<ConditionView> conditions() {
    return ConditionView.all(status());
  }

  Optional<ConditionView> condition(String type) {
    return ConditionView.find(status(), type);
  }

  Optional<Matcher> instancetype() {
    return Matcher.of(spec(), status(), Matcher.INSTANCETYPE);
  }

  Optional<Matcher> preference() {
    return Matcher.of(spec(), status(), Matcher.PREFERENCE);
  }

  /** For people; never the content, which may hold credentials in its cloud-init. */
  @Override
  public String toString() {
    return "VirtualMachine " + ref();
  }
}
