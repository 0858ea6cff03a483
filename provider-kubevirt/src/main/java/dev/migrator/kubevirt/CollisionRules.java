package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    Optional<VmView> halted =
        found(facts, blueprint.receiver())
            .map(VmView::new)
            .filter(
                there -> KubeVirtOptions.of(plan).haltedTarget() == KubeVirtOptions.HaltedVm.ADOPT);
    Optional<String> obstacle = halted.flatMap(there -> HaltedRules.obstacle(there, blueprint));
    boolean adopts = halted.isPresent() && obstacle.isEmpty();
    Set<String> brought = adopts ? HaltedRules.claims(halted.get()) : Set.of();
    for (Blueprint.Volume volume : blueprint.volumes()) {
      if (brought.contains(volume.claim())) {
        facts
            .find(Kind.PVC, blueprint.target().namespace(), volume.claim())
            .flatMap(claim -> HaltedRules.obstacle(halted.get(), volume, claim))
            .ifPresent(
                why ->
                    findings.add(
                        ConcernCode.NAME_TAKEN,
                        "PersistentVolumeClaim "
                            + blueprint.target().namespace()
                            + "/"
                            + volume.claim(),
                        "The guest cannot move back onto it: it " + why + "."));
        continue;
      }
      taken(plan, vm, facts, volume.object(), findings);
      if (volume.isDataVolume()) {
        // A claim of this name that no DataVolume of ours made would be taken for its result.
        facts
            .find(Kind.PVC, volume.object().getMetadata().getNamespace(), volume.claim())
            .filter(claim -> found(facts, volume.object()).isEmpty())
            .ifPresent(claim -> taken(claim, findings));
      }
    }
    if (!adopts) {
      taken(plan, vm, facts, blueprint.receiver(), findings);
    }
    obstacle.ifPresent(
        why ->
            findings.add(
                ConcernCode.NAME_TAKEN,
                Blueprint.describe(blueprint.receiver()),
                "The guest cannot move back onto it: " + why + "."));
    // The receiver's instance would have this name, and nobody makes a second one.
    facts
        .find(Kind.INSTANCE, blueprint.target().namespace(), blueprint.target().name())
        .ifPresent(instance -> taken(instance, findings));
    macs(blueprint, plan, vm, facts, findings);
  }

  /** Whether the place of an object that all plans share is taken by somebody else. */
  static void foreign(GenericKubernetesResource object, TargetFacts facts, Findings findings) {
    found(facts, object)
        .filter(there -> !Labels.isOurs(there))
        .ifPresent(there -> taken(there, findings));
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
        "It exists on the target and was not made by this migration."
            + (Kind.VIRTUAL_MACHINE.matches(there) && new VmView(there).isHalted()
                ? Ensure.HALTED
                : ""));
  }

  /** Two machines of one network must not share an address; the source itself is no other. */
  private static void macs(
      Blueprint blueprint, MigrationPlan plan, PlannedVm vm, TargetFacts facts, Findings findings) {
    Set<Nic> own = Nic.of(blueprint.receiver());
    for (GenericKubernetesResource other : facts.list(Kind.VIRTUAL_MACHINE).orElse(List.of())) {
      VmView view = new VmView(other);
      boolean same =
          view.ref().equals(vm.target())
              || (plan.isWithinOneCluster() && view.ref().equals(vm.source()));
      List<Nic> shared = same ? List.of() : Nic.of(other).stream().filter(own::contains).toList();
      findings.addIf(
          !shared.isEmpty(),
          ConcernCode.MAC_ADDRESS_TAKEN,
          shared.stream().anyMatch(Nic::isShown) ? Severity.CRITICAL : Severity.WARNING,
          view.toString(),
          "It has "
              + String.join(
                  ", ",
                  shared.stream().map(it -> it.mac() + " on network " + it.network()).toList())
              + " as well.");
    }
  }

  private static Optional<GenericKubernetesResource> found(
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
