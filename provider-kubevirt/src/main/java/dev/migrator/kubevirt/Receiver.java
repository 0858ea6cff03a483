package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Draws the machine that waits on the target for its source. */
final class Receiver {

  static final String WAIT_AS_RECEIVER = "WaitAsReceiver";

  /** What decides where a pod may run. */
  static final List<String> NODE_CONSTRAINTS =
      List.of(
          "nodeSelector", "affinity", "topologySpreadConstraints", "tolerations", "schedulerName");

  private final SourceMachine source;
  private final VmiView running;
  private final MigrationPlan plan;
  private final PlannedVm vm;
  private final KubeVirtOptions options;

  Receiver(
      SourceMachine source,
      VmiView running,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options) {
    this.source = source;
    this.running = running;
    this.plan = plan;
    this.vm = vm;
    this.options = options;
  }

  GenericKubernetesResource draw() {
    GenericKubernetesResource made =
        Kind.VIRTUAL_MACHINE.blank(vm.target().namespace(), vm.target().name());
    Map<String, Object> properties = Tree.copy(source.vm().raw().getAdditionalProperties());
    properties.remove("status");
    made.setAdditionalProperties(properties);
    Metadata.copy(source.vm().raw(), made);
    made.getMetadata().getAnnotations().put(VmView.RESTORE_RUN_STRATEGY, restore());

    Map<String, Object> spec = Tree.ensure(properties, "spec");
    spec.remove("running");
    spec.put("runStrategy", WAIT_AS_RECEIVER);
    // Left in, the target would import the original content, and wait for it (contract 4.1).
    spec.remove("dataVolumeTemplates");
    spec.remove("updateVolumesStrategy");
    boolean keepsInstancetype = matchers(spec);
    Metadata.cleanTemplate(spec);

    Map<String, Object> template = Tree.ensure(spec, "template", "spec");
    Pins.write(Tree.ensure(spec, "template"), running, keepsInstancetype);
    pinImages(template);
    pinHostname(template);
    new ClaimNames(plan, vm).apply(template);
    if (!options.keepNodeConstraints()) {
      NODE_CONSTRAINTS.forEach(template::remove);
    }
    new Networks(plan, vm.source().namespace(), vm.target().namespace()).apply(template);
    return made;
  }

  /** The strategy to restore; a value that would stop the guest on arrival is not one. */
  private String restore() {
    return Optional.ofNullable(options.restoreRunStrategy())
        .or(() -> KubeVirtOptions.RunStrategy.of(source.vm().runStrategy()))
        .map(KubeVirtOptions.RunStrategy::text)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    ConcernCode.RUN_STRATEGY_UNSUPPORTED.code(),
                    "VM "
                        + source.ref()
                        + " has run strategy "
                        + source.vm().runStrategy()
                        + ", with which no guest can arrive. "
                        + ConcernCode.RUN_STRATEGY_UNSUPPORTED.remedy()));
  }

  /**
   * Settles the references to instance type and preference.
   *
   * @return whether an instance type remains, which then rules CPU and memory
   */
  private boolean matchers(Map<String, Object> spec) {
    if (options.instancetypes() == KubeVirtOptions.Instancetypes.EXPAND) {
      boolean matched = spec.remove(Matcher.INSTANCETYPE) != null;
      matched |= spec.remove(Matcher.PREFERENCE) != null;
      if (matched) {
        Expansion.write(Tree.ensure(spec, "template"), running);
      }
      return false;
    }
    source.vm().instancetype().ifPresent(it -> point(spec, it));
    source.vm().preference().ifPresent(it -> point(spec, it));
    return source.vm().instancetype().isPresent();
  }

  /** By name: a copied revision name names nothing there, and the receiver would never start. */
  private static void point(Map<String, Object> spec, Matcher matcher) {
    Map<String, Object> written = Tree.ensure(spec, matcher.field());
    List.of("revisionName", "inferFromVolume", "inferFromVolumeFailurePolicy")
        .forEach(written::remove);
    written.put("name", matcher.name());
    written.put("kind", matcher.kind().kind());
  }

  private void pinImages(Map<String, Object> template) {
    source
        .images()
        .forEach(
            (volume, image) -> {
              if (volume.equals(SourceMachine.KERNEL_BOOT)) {
                Tree.put(template, image, "domain", "firmware", "kernelBoot", "container", "image");
              } else {
                Tree.named(template, volume, "volumes")
                    .ifPresent(found -> Tree.put(found, image, "containerDisk", "image"));
              }
            });
  }

  /** A guest without a host name of its own is called like its machine. */
  private void pinHostname(Map<String, Object> template) {
    if (!vm.target().name().equals(vm.source().name()) && !Tree.has(template, "hostname")) {
      String name = vm.source().name();
      int dot = name.indexOf('.');
      String label = dot < 0 ? name : name.substring(0, dot);
      template.put("hostname", label.length() > 63 ? label.substring(0, 63) : label);
    }
  }
}
