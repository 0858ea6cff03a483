package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Draws the blueprint of a machine; pure. */
final class Blueprints {

  private Blueprints() {}

  /**
   * Draws what must exist on the target.
   *
   * @param source the machine as read
   * @param plan the plan: its mappings
   * @param vm what the machine becomes
   * @param options the plan's settings
   * @param facts what is known about the target
   * @return the blueprint
   * @throws MigrationException permanent, when the machine does not run, cannot arrive with its run
   *     strategy, or has a volume of unknown size; {@link Migratability} says so before
   */
  static Blueprint build(
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      TargetFacts facts) {
    VmiView running =
        source
            .instance()
            .orElseThrow(
                () ->
                    MigrationException.permanent(
                        ConcernCode.SOURCE_NOT_RUNNING.code(),
                        "VM "
                            + source.ref()
                            + " does not run. "
                            + ConcernCode.SOURCE_NOT_RUNNING.remedy()));
    String namespace = vm.target().namespace();
    return new Blueprint(
        shared(source, namespace, options),
        new TargetVolumes(plan, vm, options, facts).of(source),
        new Receiver(source, running, plan, vm, options).draw(),
        Identity.of(running));
  }

  private static List<GenericKubernetesResource> shared(
      SourceMachine source, String namespace, KubeVirtOptions options) {
    List<GenericKubernetesResource> all = new ArrayList<>();
    new TreeMap<>(source.secrets())
        .values()
        .forEach(it -> all.add(copy(Kind.SECRET, it, namespace)));
    new TreeMap<>(source.configMaps())
        .values()
        .forEach(it -> all.add(copy(Kind.CONFIG_MAP, it, namespace)));
    if (options.instancetypes() == KubeVirtOptions.Instancetypes.COPY) {
      matched(source, source.vm().instancetype(), namespace).ifPresent(all::add);
      matched(source, source.vm().preference(), namespace).ifPresent(all::add);
    }
    return all;
  }

  /** A Secret keeps its type and, like everything else, fields that this code never heard of. */
  private static GenericKubernetesResource copy(
      Kind kind, GenericKubernetesResource object, String namespace) {
    GenericKubernetesResource copy = kind.blank(namespace, object.getMetadata().getName());
    copy.setAdditionalProperties(Tree.copy(object.getAdditionalProperties()));
    Metadata.copy(object, copy);
    return copy;
  }

  /** The content in force, under the name that the machine refers to. */
  private static Optional<GenericKubernetesResource> matched(
      SourceMachine source, Optional<Matcher> matcher, String namespace) {
    return matcher
        .filter(Matcher::isNamespaced)
        .flatMap(
            it ->
                Optional.ofNullable(source.matched().get(it.field()))
                    .map(
                        content -> {
                          GenericKubernetesResource made = it.kind().blank(namespace, it.name());
                          Map<String, Object> spec = new LinkedHashMap<>(Tree.copy(content));
                          made.setAdditionalProperty("spec", spec);
                          return made;
                        }));
  }
}
