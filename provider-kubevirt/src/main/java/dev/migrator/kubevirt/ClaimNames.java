package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.Map;

/**
 * What the target's claims are called: as on the source, because older KubeVirt versions expect
 * that (contract 3.4), unless the source's own claims are in the way.
 *
 * @param plan the plan
 * @param vm what the machine becomes
 */
record ClaimNames(MigrationPlan plan, PlannedVm vm) {

  private static final int LIMIT = 63;

  /** The name on the target of a claim of the source. */
  String of(String claim) {
    if (!collides()) {
      return claim;
    }
    String tail = "-" + Hash.of(claim, vm.target().toString()).substring(0, 8);
    String head = claim.substring(0, Math.min(claim.length(), LIMIT - tail.length()));
    return head + tail;
  }

  /** Rewrites the claims that the volumes of a spec name. */
  void apply(Map<String, Object> spec) {
    if (collides()) {
      for (Map<String, Object> volume : Tree.maps(spec, "volumes")) {
        Tree.text(volume, "dataVolume", "name")
            .ifPresent(name -> Tree.put(volume, of(name), "dataVolume", "name"));
        Tree.text(volume, "persistentVolumeClaim", "claimName")
            .ifPresent(name -> Tree.put(volume, of(name), "persistentVolumeClaim", "claimName"));
      }
    }
  }

  /** Whether source and target share a namespace of one cluster. */
  private boolean collides() {
    return plan.isWithinOneCluster() && vm.source().namespace().equals(vm.target().namespace());
  }
}
