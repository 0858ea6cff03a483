package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.List;

/**
 * Judges a plan, the two clusters and a machine from what was read of them; pure, and without a
 * write.
 *
 * <p>Called by a validation, before the first phase of a machine and whenever a host asks.
 * KubeVirt's admission lets pass much of what cannot work (contract, section 14), so these rules do
 * not wait for it.
 */
final class Migratability {

  private Migratability() {}

  /** What is the matter with the plan as such: its settings, mappings and names. */
  static List<Concern> ofPlan(MigrationPlan plan) {
    Findings findings = Findings.aboutThePlan();
    PlanRules.check(plan, findings);
    return findings.all();
  }

  /** What is the matter with the two KubeVirt installations. */
  static List<Concern> ofClusters(
      MigrationPlan plan, KubeVirtOptions options, KubeVirtView source, KubeVirtView target) {
    return ClusterRules.check(plan, options, source, target);
  }

  /**
   * What is the matter with one machine and with what it needs of the target.
   *
   * @param source the machine as read
   * @param plan the plan: its mappings
   * @param vm what the machine becomes
   * @param options the plan's settings
   * @param sourceKubeVirt the installation that the machine leaves
   * @param targetKubeVirt the installation that receives it
   * @param facts what is known about the target
   * @return what was found, the weightiest first
   */
  static List<Concern> ofMachine(
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      KubeVirtView sourceKubeVirt,
      KubeVirtView targetKubeVirt,
      TargetFacts facts) {
    Findings findings = Findings.about(vm.source());
    StateRules.check(source, options, findings);
    DeviceRules.check(source, findings);
    PersistentState.check(source, sourceKubeVirt, targetKubeVirt, facts, findings);
    BelongingRules.check(source, options, findings);
    ArrivalRules.check(source, plan, vm, options, targetKubeVirt, findings);
    new TargetRules(source, plan, vm, options, facts, findings).check(targetKubeVirt);
    NodeRules.check(source, options, targetKubeVirt, facts, findings);
    MigrationPolicies.check(source, vm, facts, findings);
    facts
        .unseen()
        .forEach(
            what ->
                findings.add(
                    ConcernCode.NOT_CHECKED, what, "The server does not let this library see it."));
    return findings.all();
  }

  /**
   * What is the matter with making a blueprint: names that are taken, addresses, room.
   *
   * @param blueprint what would be made
   * @param plan the plan
   * @param vm what the machine becomes
   * @param targetKubeVirt the installation that receives it
   * @param facts what is known about the target
   * @param taken what the other machines of the plan take beside it
   * @param findings gets what is found
   */
  static void ofBlueprint(
      Blueprint blueprint,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtView targetKubeVirt,
      TargetFacts facts,
      Neighbours.Room taken,
      Findings findings) {
    CollisionRules.check(blueprint, plan, vm, facts, findings);
    RoomRules.check(blueprint, targetKubeVirt, facts, taken, findings);
  }
}
