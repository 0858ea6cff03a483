package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a guest can move back onto a machine that is on the target; pure. */
final class HaltedRules {

  /** Kubernetes takes 256 KiB of annotations an object. */
  private static final int MOST_KEPT = 200_000;

  private static final List<String> FIRMWARE_UUID =
      List.of("spec", "template", "spec", "domain", "firmware", "uuid");

  private HaltedRules() {}

  /** Why a machine of the target cannot be moved back onto, as far as it tells itself. */
  static Optional<String> obstacle(VmView vm, Blueprint blueprint) {
    Optional<String> uuid = firmwareUuid(vm.raw());
    if (vm.isDeleting()) {
      return Optional.of("it is being deleted");
    }
    if (!SourceStrategy.of(vm).isHalted()) {
      return Optional.of("its run strategy is " + vm.runStrategy() + " and not Halted");
    }
    if (uuid.isEmpty() || !uuid.equals(firmwareUuid(blueprint.receiver()))) {
      return Optional.of(
          "its firmware UUID is " + uuid.orElse("not known") + " and not that of the guest");
    }
    return Serialization.asJson(vm.spec()).length() > MOST_KEPT
        ? Optional.of("its spec is too large to be kept for a roll-back")
        : Optional.empty();
  }

  /** The claims that a machine attaches; a DataVolume's claim has its name. */
  static Set<String> claims(VmView vm) {
    Set<String> names = new HashSet<>();
    for (Map<String, Object> volume : Tree.maps(vm.templateSpec(), "volumes")) {
      Tree.text(volume, "persistentVolumeClaim", "claimName").ifPresent(names::add);
      Tree.text(volume, "dataVolume", "name").ifPresent(names::add);
    }
    return names;
  }

  /** Why a claim of the target cannot take a disk, as a clause about the claim. */
  static Optional<String> obstacle(
      VmView vm, Blueprint.Volume volume, GenericKubernetesResource claim) {
    Map<String, Object> has = claim.getAdditionalProperties();
    Map<String, Object> wants = volume.object().getAdditionalProperties();
    String storage = volume.isDataVolume() ? "storage" : "";
    Optional<BigInteger> size = size(has, "status", "capacity", "storage");
    Optional<BigInteger> wanted =
        storage.isEmpty()
            ? size(wants, "spec", "resources", "requests", "storage")
            : size(wants, "spec", storage, "resources", "requests", "storage");
    Optional<String> mode =
        storage.isEmpty()
            ? Tree.text(wants, "spec", "volumeMode")
            : Tree.text(wants, "spec", storage, "volumeMode");
    if (!claims(vm).contains(volume.claim())) {
      return Optional.of("is there and is not attached by it");
    }
    if (Ensure.isLeaving(claim)) {
      return Optional.of("is being deleted");
    }
    if (!Tree.text(has, "status", "phase").orElse("").equals("Bound")) {
      return Optional.of("is not Bound");
    }
    if (size.isEmpty() || (wanted.isPresent() && size.get().compareTo(wanted.get()) < 0)) {
      return Optional.of(
          "has "
              + size.map(BigInteger::toString).orElse("an unknown number of")
              + " bytes and the disk on the source has "
              + wanted.map(BigInteger::toString).orElse("more"));
    }
    return mode.isPresent()
            && !mode.get().equals(Tree.text(has, "spec", "volumeMode").orElse("Filesystem"))
        ? Optional.of("has another volume mode than the disk needs")
        : Optional.empty();
  }

  private static Optional<BigInteger> size(Map<String, Object> from, String... path) {
    return Tree.text(from, path).flatMap(Sizes::bytes);
  }

  private static Optional<String> firmwareUuid(GenericKubernetesResource vm) {
    return Tree.text(vm.getAdditionalProperties(), FIRMWARE_UUID.toArray(String[]::new));
  }
}
