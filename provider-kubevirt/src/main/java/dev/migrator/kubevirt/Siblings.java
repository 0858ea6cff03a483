package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.Map;

/**
 * What the machines of a plan would make on the target, as far as they were validated: the second
 * one that wants the same is told of the first. Safe for use by several threads.
 *
 * <p>A memory, no lock: what the first one really made is found by the dry runs of the second.
 */
final class Siblings {

  /** What stands for equal content of an object that nobody shares. */
  private static final String OWN = "";

  private record Claim(VmRef machine, String content) {}

  private final Map<TargetFacts.Place, Claim> objects = new HashMap<>();
  private final Map<Nic, VmRef> nics = new HashMap<>();

  /**
   * Notes what a machine would make, in place of what it would have made before.
   *
   * @param blueprint what it would make
   * @param plan the plan: who is no longer in it is in nobody's way
   * @param vm the machine
   * @param findings gets what another machine of the plan makes or has as well
   */
  synchronized void claim(
      Blueprint blueprint, MigrationPlan plan, PlannedVm vm, Findings findings) {
    VmRef self = vm.source();
    objects.values().removeIf(claim -> claim.machine().equals(self) || !has(plan, claim.machine()));
    nics.values().removeIf(machine -> machine.equals(self) || !has(plan, machine));
    blueprint
        .shared()
        .forEach(it -> claim(TargetFacts.Place.of(it), Fingerprint.content(it), self, findings));
    for (Blueprint.Volume volume : blueprint.volumes()) {
      claim(TargetFacts.Place.of(volume.object()), OWN, self, findings);
      if (volume.isDataVolume()) {
        String namespace = volume.object().getMetadata().getNamespace();
        claim(TargetFacts.Place.of(Kind.PVC, namespace, volume.claim()), OWN, self, findings);
      }
    }
    macs(blueprint.receiver(), self, findings);
  }

  private void claim(TargetFacts.Place place, String content, VmRef self, Findings findings) {
    Claim first = objects.putIfAbsent(place, new Claim(self, content));
    boolean shared = first != null && !content.equals(OWN) && content.equals(first.content());
    if (first != null && !first.machine().equals(self) && !shared) {
      findings.add(
          ConcernCode.DUPLICATE_OBJECT,
          place.describe(),
          "VM " + first.machine() + " of this plan wants to make it as well.");
    }
  }

  private void macs(GenericKubernetesResource receiver, VmRef self, Findings findings) {
    for (Nic nic : Nic.of(receiver)) {
      VmRef first = nics.putIfAbsent(nic, self);
      if (first != null && !first.equals(self)) {
        findings.add(
            ConcernCode.MAC_ADDRESS_TAKEN,
            nic.isShown() ? Severity.CRITICAL : Severity.WARNING,
            "VM " + first + " of this plan",
            "It has " + nic.mac() + " on network " + nic.network() + " as well.");
      }
    }
  }

  private static boolean has(MigrationPlan plan, VmRef machine) {
    return plan.vms().stream().anyMatch(vm -> vm.source().equals(machine));
  }
}
