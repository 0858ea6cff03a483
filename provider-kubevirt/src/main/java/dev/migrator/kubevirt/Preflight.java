package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked before a machine is started; reads, never writes. */
final class Preflight {

  private Preflight() {}

  static List<Concern> check(Toolbox tools, MigrationPlan plan, PlannedVm vm) {
    List<Concern> concerns = new ArrayList<>(Migratability.ofPlan(plan));
    if (!KubeVirtOptions.problems(plan).isEmpty()) {
      return concerns;
    }
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    Installations installations = tools.currentInstallations();
    concerns.addAll(
        Migratability.ofClusters(plan, options, installations.source(), installations.target()));
    VmRef ref = vm.source();
    Optional<SourceMachine> source = tools.sources().read(ref, options);
    if (source.isEmpty()) {
      concerns.add(
          ConcernCode.SOURCE_MISSING.about(
              ref, "VirtualMachine " + ref, "The source has no such virtual machine."));
      return concerns;
    }
    concerns.addAll(
        Migratability.ofMachine(
            source.get(),
            plan,
            vm,
            options,
            installations.source(),
            installations.target(),
            tools.facts(source.get(), vm, options)));
    return concerns;
  }
}
