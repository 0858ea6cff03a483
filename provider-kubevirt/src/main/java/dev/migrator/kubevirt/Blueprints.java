package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;

/** Draws the blueprint of a machine; pure. */
final class Blueprints {

  private Blueprints() {}

  /**
   * Draws what must exist on the target.
   *
   * @param source the machine as read; it must run
   * @param plan the plan: its mappings
   * @param vm what the machine becomes
   * @param options the plan's settings
   * @param facts what is known about the target
   * @return the blueprint
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
                    dev.migrator.spi.MigrationException.permanent(
                        ConcernCode.SOURCE_NOT_RUNNING.code(),
                        "VM " + source.ref() + " does not run."));
    return new Blueprint(
        java.util.List.of(),
        java.util.List.of(),
        Kind.VIRTUAL_MACHINE.blank(vm.target().namespace(), vm.target().name()),
        Identity.of(running));
  }
}
