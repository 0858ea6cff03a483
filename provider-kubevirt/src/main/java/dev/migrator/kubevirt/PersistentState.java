package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the state of a persistent TPM, or of persistent EFI variables, arrives.
 *
 * <p>KubeVirt copies the volume that holds it, unless the volume is shared: then it expects the
 * target to see the same one, which another cluster does not (contract, section 5).
 */
final class PersistentState {

  private static final KubeVirtVersion FIXED = KubeVirtVersion.of(1, 9, 0);
  private static final String CLAIM_PREFIX = "persistent-state-for-";
  private static final String SHARED = "ReadWriteMany";

  private PersistentState() {}

  static void check(
      SourceMachine source,
      KubeVirtView sourceKubeVirt,
      KubeVirtView targetKubeVirt,
      TargetFacts facts,
      Findings findings) {
    boolean tpm = hasTpm(source);
    boolean efi = hasEfi(source);
    if (tpm && efi && !(hasFix(sourceKubeVirt) && hasFix(targetKubeVirt))) {
      findings.add(
          ConcernCode.PERSISTENT_STATE_VERSION,
          source.vm().toString(),
          "It has a persistent TPM together with persistent EFI variables, and the source runs "
              + sourceKubeVirt.versionText()
              + ", the target "
              + targetKubeVirt.versionText()
              + ".");
    }
    if ((tpm || efi) && isSharedOnSource(source)) {
      onTarget(targetKubeVirt, facts)
          .ifPresent(
              weight ->
                  findings.add(
                      ConcernCode.PERSISTENT_STATE_SHARED,
                      weight,
                      source.vm().toString(),
                      "The volume of its TPM or EFI state is shared (ReadWriteMany) on the source"
                          + (weight == Severity.CRITICAL
                              ? " and would be so on the target, so KubeVirt does not copy it."
                              : "; if it is so on the target as well, KubeVirt does not copy"
                                  + " it.")));
    }
  }

  /** Whether a machine keeps state of its TPM or EFI at all. */
  static boolean isNeeded(SourceMachine source) {
    return hasTpm(source) || hasEfi(source);
  }

  private static boolean hasTpm(SourceMachine source) {
    return Tree.isTrue(domain(source), "devices", "tpm", "persistent");
  }

  private static boolean hasEfi(SourceMachine source) {
    return Tree.isTrue(domain(source), "firmware", "bootloader", "efi", "persistent");
  }

  private static Map<String, Object> domain(SourceMachine source) {
    return source
        .instance()
        .map(VmiView::domain)
        .orElseGet(() -> Tree.map(source.vm().templateSpec(), "domain"));
  }

  private static boolean hasFix(KubeVirtView kubeVirt) {
    // An unknown version is warned of elsewhere.
    return kubeVirt.version().map(version -> version.isAtLeast(FIXED)).orElse(true);
  }

  private static boolean isSharedOnSource(SourceMachine source) {
    return source
        .instance()
        .map(vmi -> Tree.maps(vmi.status(), "volumeStatus"))
        .orElse(List.of())
        .stream()
        .map(status -> Tree.map(status, "persistentVolumeClaimInfo"))
        .filter(
            claim ->
                Tree.text(claim, "claimName").filter(it -> it.startsWith(CLAIM_PREFIX)).isPresent())
        .anyMatch(claim -> Tree.texts(claim, "accessModes").contains(SHARED));
  }

  /** How much it weighs: nothing where the target's class offers no shared volumes. */
  private static Optional<Severity> onTarget(KubeVirtView targetKubeVirt, TargetFacts facts) {
    List<Map<String, Object>> offered =
        storageClass(targetKubeVirt, facts)
            .flatMap(name -> facts.find(Kind.STORAGE_PROFILE, "", name))
            .map(it -> Tree.maps(it.getAdditionalProperties(), "status", "claimPropertySets"))
            .orElse(List.of());
    if (offered.isEmpty()) {
      return Optional.of(Severity.WARNING);
    }
    return offered.stream().anyMatch(set -> Tree.texts(set, "accessModes").contains(SHARED))
        ? Optional.of(Severity.CRITICAL)
        : Optional.empty();
  }

  /** The class in which the target's KubeVirt keeps the state: configured, else the default. */
  static Optional<String> storageClass(KubeVirtView targetKubeVirt, TargetFacts facts) {
    return targetKubeVirt.vmStateStorageClass().or(() -> facts.defaultStorageClass());
  }
}
