package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import java.util.List;
import java.util.Optional;

/** What is asked before a machine is started; reads, never writes. */
final class Preflight {

  private Preflight() {}

  static List<Concern> check(Toolbox tools, MigrationPlan plan, PlannedVm vm) {
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    Optional<SourceMachine> source = tools.sources().read(vm.source(), options);
    return source.isPresent() ? List.of() : List.of();
  }
}
