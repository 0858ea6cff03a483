package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that was read of one virtual machine of the source; what does not exist is not in the maps.
 *
 * @param vm the machine
 * @param vmi its running instance, or null
 * @param claims the claims behind its volumes, by name
 * @param dataVolumes the DataVolumes that its volumes name, by name
 * @param secrets the Secrets that it refers to, by name
 * @param configMaps the ConfigMaps that it refers to, by name
 * @param matched the content in force of its instance type and preference, by {@link
 *     Matcher#field()}; read only where it is needed
 * @param images the images in use of its container disks, as {@code repository@digest}, by volume
 *     name; {@link #KERNEL_BOOT} stands for the boot container
 * @param migrations the migration objects of the instance; a quick check reads them only where its
 *     state shows one that was begun and not ended
 */
record SourceMachine(
    VmView vm,
    @Nullable VmiView vmi,
    Map<String, GenericKubernetesResource> claims,
    Map<String, GenericKubernetesResource> dataVolumes,
    Map<String, GenericKubernetesResource> secrets,
    Map<String, GenericKubernetesResource> configMaps,
    Map<String, Map<String, Object>> matched,
    Map<String, String> images,
    List<VmimView> migrations) {

  /** The key of the boot container among the images; KubeVirt's own name for that volume. */
  static final String KERNEL_BOOT = "kernel-boot-volume";

  SourceMachine {
    claims = Map.copyOf(claims);
    dataVolumes = Map.copyOf(dataVolumes);
    secrets = Map.copyOf(secrets);
    configMaps = Map.copyOf(configMaps);
    matched = Map.copyOf(matched);
    images = Map.copyOf(images);
    migrations = List.copyOf(migrations);
  }

  VmRef ref() {
    return vm.ref();
  }

  Optional<VmiView> instance() {
    return Optional.ofNullable(vmi);
  }

  /** Everything that the machine refers to. */
  References references() {
    return References.of(vm, vmi);
  }

  /** For people; never the content, which holds Secrets. */
  @Override
  public String toString() {
    return "source of " + ref();
  }
}
