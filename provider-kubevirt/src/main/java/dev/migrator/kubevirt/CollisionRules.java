package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether something of the target is in the way of what will be made there (rule R6 of the design).
 */
final class CollisionRules {

  private CollisionRules() {}

  static void check(
      Blueprint blueprint, MigrationPlan plan, PlannedVm vm, TargetFacts facts, Findings findings) {
    for (GenericKubernetesResource shared : blueprint.shared()) {
      found(facts, shared)
          .filter(there -> !content(there).equals(content(shared)))
          .ifPresent(
              there ->
                  findings.add(
                      ConcernCode.CONTENT_DIFFERS,
                      Blueprint.describe(shared),
                      "It exists on the target with other content."));
    }
    for (Blueprint.Volume volume : blueprint.volumes()) {
      taken(plan, vm, facts, volume.object(), findings);
      if (volume.isDataVolume()) {
        // A claim of this name that no DataVolume of ours made would be taken for its result.
        facts
            .find(Kind.PVC, volume.object().getMetadata().getNamespace(), volume.claim())
            .filter(claim -> found(facts, volume.object()).isEmpty())
            .ifPresent(claim -> taken(claim, findings));
      }
    }
    taken(plan, vm, facts, blueprint.receiver(), findings);
    macs(blueprint, plan, vm, facts, findings);
  }

  private static void taken(
      MigrationPlan plan,
      PlannedVm vm,
      TargetFacts facts,
      GenericKubernetesResource object,
      Findings findings) {
    found(facts, object)
        .filter(there -> !Labels.isOf(there, plan, vm))
        .ifPresent(there -> taken(there, findings));
  }

  private static void taken(GenericKubernetesResource there, Findings findings) {
    findings.add(
        ConcernCode.NAME_TAKEN,
        Blueprint.describe(there),
        "It exists on the target and was not made by this migration.");
  }

  /** Two machines of one network must not share an address; the source itself is no other. */
  private static void macs(
      Blueprint blueprint, MigrationPlan plan, PlannedVm vm, TargetFacts facts, Findings findings) {
    Set<String> own = macs(blueprint.receiver());
    for (GenericKubernetesResource other : facts.list(Kind.VIRTUAL_MACHINE).orElse(List.of())) {
      VmView view = new VmView(other);
      boolean same =
          view.ref().equals(vm.target())
              || (plan.isWithinOneCluster() && view.ref().equals(vm.source()));
      Set<String> shared =
          same ? Set.of() : macs(other).stream().filter(own::contains).collect(Collectors.toSet());
      findings.addIf(
          !shared.isEmpty(),
          ConcernCode.MAC_ADDRESS_TAKEN,
          view.toString(),
          "It has " + String.join(", ", shared) + " as well.");
    }
  }

  private static Set<String> macs(GenericKubernetesResource vm) {
    return Tree.maps(new VmView(vm).templateSpec(), "domain", "devices", "interfaces").stream()
        .flatMap(nic -> Tree.text(nic, "macAddress").stream())
        .map(mac -> mac.toLowerCase(java.util.Locale.ROOT))
        .collect(Collectors.toSet());
  }

  private static java.util.Optional<GenericKubernetesResource> found(
      TargetFacts facts, GenericKubernetesResource object) {
    TargetFacts.Place place = TargetFacts.Place.of(object);
    return facts.find(place.kind(), place.namespace(), place.name());
  }

  private static String content(GenericKubernetesResource object) {
    Map<String, Object> properties = object.getAdditionalProperties();
    return Tree.has(properties, "spec")
        ? Fingerprint.canonical(Tree.map(properties, "spec"))
        : Fingerprint.content(object);
  }
}
