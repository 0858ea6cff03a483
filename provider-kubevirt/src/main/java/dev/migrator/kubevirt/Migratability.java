package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.List;

/** Judges a machine, a plan and the two clusters from what was read; pure. */
final class Migratability {

  private Migratability() {}

  /** What is the matter with the plan as such: its settings and its machines among each other. */
  static List<Concern> ofPlan(MigrationPlan plan) {
    return List.of();
  }

  /** What is the matter with the two KubeVirt installations. */
  static List<Concern> ofClusters(
      MigrationPlan plan, KubeVirtOptions options, KubeVirtView source, KubeVirtView target) {
    return List.of();
  }

  /** What is the matter with one machine and what it needs of the target. */
  static List<Concern> ofMachine(
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      KubeVirtView targetKubeVirt,
      TargetFacts facts) {
    return List.of();
  }
}
