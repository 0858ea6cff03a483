package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Draws the volumes of the target: blank, at least as large, for the same disks. */
final class TargetVolumes {

  private static final String BIND_NOW = "cdi.kubevirt.io/storage.bind.immediate.requested";
  private static final String USE_POPULATOR = "cdi.kubevirt.io/storage.usePopulator";

  private final MigrationPlan plan;
  private final String namespace;
  private final ClaimNames names;
  private final KubeVirtOptions options;
  private final TargetFacts facts;

  TargetVolumes(MigrationPlan plan, PlannedVm vm, KubeVirtOptions options, TargetFacts facts) {
    this.plan = plan;
    this.namespace = vm.target().namespace();
    this.names = new ClaimNames(plan, vm);
    this.options = options;
    this.facts = facts;
  }

  /** The volumes for those of a machine, in its order. */
  List<Blueprint.Volume> of(SourceMachine source) {
    return SourceVolume.of(source).stream().map(this::of).toList();
  }

  private Blueprint.Volume of(SourceVolume volume) {
    GenericKubernetesResource object = volume.isDataVolume() ? dataVolume(volume) : claim(volume);
    return new Blueprint.Volume(volume.name(), object, volume.isOwnedByMachine());
  }

  private GenericKubernetesResource dataVolume(SourceVolume volume) {
    GenericKubernetesResource made =
        Kind.DATA_VOLUME.blank(namespace, names.of(volume.claimName()));
    GenericKubernetesResource pattern =
        volume.dataVolume() == null ? volume.claim() : volume.dataVolume();
    if (pattern != null) {
      Metadata.copy(pattern, made);
    }
    annotate(made, volume);
    Map<String, Object> spec = new LinkedHashMap<>();
    Tree.put(spec, new LinkedHashMap<>(), "source", "blank");
    spec.put("storage", storage(volume));
    made.setAdditionalProperty("spec", spec);
    return made;
  }

  private GenericKubernetesResource claim(SourceVolume volume) {
    GenericKubernetesResource made = Kind.PVC.blank(namespace, names.of(volume.claimName()));
    if (volume.claim() != null) {
      Metadata.copy(volume.claim(), made);
    }
    Map<String, Object> spec = storage(volume);
    // A claim, unlike a DataVolume, has no storage profile to fall back on.
    spec.putIfAbsent("accessModes", List.of("ReadWriteOnce"));
    made.setAdditionalProperty("spec", spec);
    return made;
  }

  private Map<String, Object> storage(SourceVolume volume) {
    BigInteger size =
        volume
            .size()
            .orElseThrow(
                () ->
                    MigrationException.permanent(
                        ConcernCode.CLAIM_SIZE_UNKNOWN.code(),
                        "Nothing tells the size of PersistentVolumeClaim "
                            + volume.claimName()
                            + " of VM "
                            + volume.machine().ref()
                            + ". "
                            + ConcernCode.CLAIM_SIZE_UNKNOWN.remedy()));
    Map<String, Object> storage = new LinkedHashMap<>();
    List<String> modes = volume.accessModes(plan);
    if (!modes.isEmpty()) {
      storage.put("accessModes", List.copyOf(modes));
    }
    Tree.putIfPresent(storage, volume.volumeMode(plan), "volumeMode");
    Tree.putIfPresent(storage, volume.targetClass(plan), "storageClassName");
    Tree.put(
        storage,
        Sizes.onTarget(size, volume.becomesFile(plan)),
        "resources",
        "requests",
        "storage");
    return storage;
  }

  /**
   * A receiver has no pod that could be the first consumer before the move itself, and CDI must not
   * write to a disk that is in use by then (contract 4.2).
   */
  private void annotate(GenericKubernetesResource made, SourceVolume volume) {
    Map<String, String> annotations = new LinkedHashMap<>(Labels.annotations(made));
    switch (options.firstConsumer()) {
      case IMMEDIATE -> annotations.put(BIND_NOW, "true");
      case POPULATOR -> annotations.put(USE_POPULATOR, "true");
      case AUTO -> {
        Optional<GenericKubernetesResource> known =
            volume.targetClass(plan).flatMap(name -> facts.find(Kind.STORAGE_CLASS, "", name));
        if (known.isEmpty() || (waits(known.get()) && !hasDriver(known.get()))) {
          annotations.put(BIND_NOW, "true");
        } else if (waits(known.get())) {
          annotations.put(USE_POPULATOR, "true");
        }
      }
    }
    made.getMetadata().setAnnotations(annotations);
  }

  private static boolean waits(GenericKubernetesResource storageClass) {
    return Tree.text(storageClass.getAdditionalProperties(), "volumeBindingMode")
        .filter("WaitForFirstConsumer"::equals)
        .isPresent();
  }

  /** In-tree and hand-made volumes have no CSI driver, and without one no populator. */
  static boolean hasDriver(GenericKubernetesResource storageClass) {
    return Tree.text(storageClass.getAdditionalProperties(), "provisioner")
        .filter(provisioner -> !provisioner.startsWith("kubernetes.io/"))
        .isPresent();
  }
}
