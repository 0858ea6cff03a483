package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.StorageMapping;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One volume of the source whose content is moved.
 *
 * @param name the volume's name within the machine
 * @param claimName its claim; a DataVolume's claim has the DataVolume's name
 * @param namesDataVolume whether the machine names the DataVolume, not the claim
 * @param claim the claim, or null where it does not exist
 * @param dataVolume the DataVolume, or null where there is none or nobody asked for it
 * @param machine the machine that attaches it
 */
record SourceVolume(
    String name,
    String claimName,
    boolean namesDataVolume,
    @Nullable GenericKubernetesResource claim,
    @Nullable GenericKubernetesResource dataVolume,
    VmView machine) {

  /** The volumes of a machine's template that are claims, in order. */
  static List<SourceVolume> of(SourceMachine source) {
    List<SourceVolume> all = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Map<String, Object> volume : Tree.maps(source.vm().templateSpec(), "volumes")) {
      Optional<String> dataVolume = Tree.text(volume, "dataVolume", "name");
      dataVolume
          .or(() -> Tree.text(volume, "persistentVolumeClaim", "claimName"))
          .filter(seen::add)
          .ifPresent(
              claim ->
                  all.add(
                      new SourceVolume(
                          Tree.text(volume, "name").orElse(claim),
                          claim,
                          dataVolume.isPresent(),
                          source.claims().get(claim),
                          source.dataVolumes().get(claim),
                          source.vm())));
    }
    return all;
  }

  /** The size in bytes, at least; empty when nothing tells it. */
  Optional<BigInteger> size() {
    return Sizes.ofSource(properties(claim), properties(dataVolume));
  }

  /** Whether CDI manages it, so that CDI shall make the target's as well. */
  boolean isDataVolume() {
    return namesDataVolume || isOfTemplate() || isOwnedBy(claim, "DataVolume");
  }

  /** Whether deleting the machine deletes the disk. */
  boolean isOwnedByMachine() {
    return isOfTemplate()
        || isOwnedBy(claim, "VirtualMachine")
        || isOwnedBy(dataVolume, "VirtualMachine");
  }

  /** Its storage class; empty where the claim names none. */
  Optional<String> storageClass() {
    return Tree.text(properties(claim), "spec", "storageClassName");
  }

  /** The mapping that applies to it: by its class, else the one for every class. */
  Optional<StorageMapping> mapping(MigrationPlan plan) {
    String own = storageClass().orElse("");
    return plan.storage().stream()
        .filter(mapping -> mapping.sourceClass().equals(own))
        .findFirst()
        .or(
            () ->
                plan.storage().stream()
                    .filter(mapping -> mapping.sourceClass().equals("*"))
                    .findFirst());
  }

  /** The class on the target: mapped, else of the same name; empty leaves it to the default. */
  Optional<String> targetClass(MigrationPlan plan) {
    return mapping(plan).map(StorageMapping::targetClass).or(this::storageClass);
  }

  /** The access modes on the target: mapped, else the source's, else left to the profile. */
  List<String> accessModes(MigrationPlan plan) {
    Optional<String> mapped =
        mapping(plan).flatMap(mapping -> Optional.ofNullable(mapping.accessMode()));
    if (mapped.isPresent()) {
      return List.of(mapped.get());
    }
    List<String> own = Tree.texts(properties(claim), "spec", "accessModes");
    return own.isEmpty() ? Tree.texts(properties(dataVolume), "spec", "pvc", "accessModes") : own;
  }

  /** The volume mode on the target: mapped, else the source's, else left to the profile. */
  Optional<String> volumeMode(MigrationPlan plan) {
    return mapping(plan)
        .flatMap(mapping -> Optional.ofNullable(mapping.volumeMode()))
        .or(this::volumeMode);
  }

  Optional<String> volumeMode() {
    return Tree.text(properties(claim), "spec", "volumeMode");
  }

  /** Whether the target keeps in a file what the source keeps on a block device. */
  boolean becomesFile(MigrationPlan plan) {
    return volumeMode().filter("Block"::equals).isPresent()
        && volumeMode(plan).filter("Block"::equals).isEmpty();
  }

  /** For people: {@code PersistentVolumeClaim demo/web-root}. */
  @Override
  public String toString() {
    return "PersistentVolumeClaim " + machine.ref().namespace() + "/" + claimName;
  }

  private boolean isOfTemplate() {
    return Tree.maps(machine.spec(), "dataVolumeTemplates").stream()
        .anyMatch(
            template ->
                Tree.text(template, "metadata", "name").filter(claimName::equals).isPresent());
  }

  private static boolean isOwnedBy(@Nullable GenericKubernetesResource object, String kind) {
    List<OwnerReference> owners = object == null ? null : object.getMetadata().getOwnerReferences();
    return owners != null && owners.stream().anyMatch(owner -> kind.equals(owner.getKind()));
  }

  private static @Nullable Map<String, Object> properties(
      @Nullable GenericKubernetesResource object) {
    return object == null ? null : object.getAdditionalProperties();
  }
}
