package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked before a machine is started; reads and dry runs, never writes. */
final class Preflight {

  private Preflight() {}

  static List<Concern> check(Toolbox tools, MigrationPlan plan, PlannedVm vm) {
    List<Concern> concerns = new ArrayList<>(tools.concernsOf(plan));
    // Names and settings that are no such things are not sent to any server.
    if (concerns.stream().anyMatch(Concern::isCritical)) {
      return concerns;
    }
    if (tools.lookups().renew()) {
      tools.neighbours().forget();
    }
    tools.neighbours().leave(vm.source());
    Installations.Found found = tools.installed();
    if (!found.problems().isEmpty()) {
      concerns.addAll(found.problems());
      return concerns;
    }
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    Installations installations = found.orThrow();
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
    boolean full = options.preflight() == KubeVirtOptions.Preflight.FULL;
    TargetFacts facts =
        full
            ? new TargetReader(tools.lookups(), plan, options)
                .read(source.get(), vm, installations.target())
            : TargetFacts.unknown();
    concerns.addAll(
        Migratability.ofMachine(
            source.get(),
            plan,
            vm,
            options,
            installations.source(),
            installations.target(),
            facts));
    if (full && concerns.stream().noneMatch(Concern::isCritical)) {
      concerns.addAll(rehearsed(tools, source.get(), plan, vm, options, installations, facts));
    }
    return concerns;
  }

  /** What is made can only be drawn for a machine with which nothing critical is the matter. */
  private static List<Concern> rehearsed(
      Toolbox tools,
      SourceMachine source,
      MigrationPlan plan,
      PlannedVm vm,
      KubeVirtOptions options,
      Installations installations,
      TargetFacts facts) {
    Findings findings = Findings.about(vm.source());
    Blueprint blueprint = Blueprints.build(source, plan, vm, options, facts);
    String address =
        Optional.ofNullable(options.connectUrl())
            .or(() -> installations.target().synchronizationAddresses().stream().findFirst())
            .orElse("");
    List<GenericKubernetesResource> exports =
        options.serviceExports() == KubeVirtOptions.ServiceExports.MCS
            ? ServiceExports.objects(plan, installations.target())
            : List.of();
    TargetFacts known =
        new Rehearsal(tools, plan, vm, findings).of(blueprint, exports, facts, address);
    tools.siblings().claim(blueprint, plan, vm, findings);
    exports.forEach(export -> CollisionRules.foreign(export, known, findings));
    Neighbours.Room taken =
        tools
            .neighbours()
            .take(Footprint.parts(blueprint, installations.target(), known), plan, vm);
    Migratability.ofBlueprint(blueprint, plan, vm, installations.target(), known, taken, findings);
    if (findings.hasCritical()) {
      tools.neighbours().leave(vm.source());
    }
    return findings.all();
  }
}
