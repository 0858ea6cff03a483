package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the machines of a plan would make on the target, as far as they were validated: the second
 * one that wants the same is told of the first. Safe for use by several threads.
 *
 * <p>A memory, no lock: what the first one really made is found by the dry runs of the second.
 */
final class Siblings {

  /** What stands for equal content of an object that nobody shares. */
  private static final String OWN = "";

  private record Claim(VmRef machine, String content) {

    boolean isInTheWayOf(Claim other) {
      boolean shared = !content.equals(OWN) && content.equals(other.content);
      return !machine.equals(other.machine) && !shared;
    }
  }

  /** By place of an object, or by interface. */
  private final Map<Object, Claim> claims = new HashMap<>();

  private final Map<VmRef, Set<Object>> byMachine = new HashMap<>();

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
    Set<Object> former = byMachine.remove(self);
    if (former != null) {
      former.forEach(
          what -> claims.computeIfPresent(what, (k, it) -> it.machine().equals(self) ? null : it));
    }
    blueprint
        .shared()
        .forEach(
            it -> object(TargetFacts.Place.of(it), Fingerprint.content(it), plan, self, findings));
    for (Blueprint.Volume volume : blueprint.volumes()) {
      object(TargetFacts.Place.of(volume.object()), OWN, plan, self, findings);
      if (volume.isDataVolume()) {
        String namespace = volume.object().getMetadata().getNamespace();
        object(
            TargetFacts.Place.of(Kind.PVC, namespace, volume.claim()), OWN, plan, self, findings);
      }
    }
    for (Nic nic : Nic.of(blueprint.receiver())) {
      first(nic, new Claim(self, OWN), plan)
          .ifPresent(
              first ->
                  findings.add(
                      ConcernCode.MAC_ADDRESS_TAKEN,
                      nic.isShown() ? Severity.CRITICAL : Severity.WARNING,
                      "VM " + first + " of this plan",
                      "It has " + nic.mac() + " on network " + nic.network() + " as well."));
    }
  }

  private void object(
      TargetFacts.Place place, String content, MigrationPlan plan, VmRef self, Findings findings) {
    first(place, new Claim(self, content), plan)
        .ifPresent(
            first ->
                findings.add(
                    ConcernCode.DUPLICATE_OBJECT,
                    place.describe(),
                    "VM " + first + " of this plan wants to make it as well."));
  }

  /** Who claimed it before and is in the way; else it is claimed now. */
  private Optional<VmRef> first(Object what, Claim wanted, MigrationPlan plan) {
    Claim known = claims.get(what);
    if (known != null && !known.isInTheWayOf(wanted)) {
      return Optional.empty();
    }
    if (known != null && has(plan, known.machine())) {
      return Optional.of(known.machine());
    }
    claims.put(what, wanted);
    byMachine.computeIfAbsent(wanted.machine(), unused -> new HashSet<>()).add(what);
    return Optional.empty();
  }

  private static boolean has(MigrationPlan plan, VmRef machine) {
    return plan.vms().stream().anyMatch(vm -> vm.source().equals(machine));
  }
}
