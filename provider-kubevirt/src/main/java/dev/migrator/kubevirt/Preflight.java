package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
    boolean full = options.preflight() == KubeVirtOptions.Preflight.FULL;
    if (full && !plan.isWithinOneCluster()) {
      concerns.addAll(authorities(tools, installations, options));
    }
    VmRef ref = vm.source();
    Optional<SourceMachine> source = tools.sources().read(ref, options);
    if (source.isEmpty()) {
      concerns.add(
          ConcernCode.SOURCE_MISSING.about(
              ref, "VirtualMachine " + ref, "The source has no such virtual machine."));
      return concerns;
    }
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

  /** Whether each cluster has a certificate of its own that the other one may be given. */
  private static List<Concern> authorities(
      Toolbox tools, Installations installations, KubeVirtOptions options) {
    Map<Side, CompletableFuture<Lookups.Answer>> asked = new EnumMap<>(Side.class);
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      String namespace = installations.of(side).namespace();
      asked.put(side, tools.lookups().get(side, Kind.CONFIG_MAP, namespace, Trust.BUNDLE));
    }
    Instant now = tools.context().clock().instant();
    Findings findings = Findings.aboutThePlan();
    asked.forEach(
        (side, answer) -> {
          Lookups.Answer bundle = Parallel.join(answer);
          // That it may not be read is a right that is missing.
          if (!bundle.forbidden()) {
            Trust.unusable(side, bundle.one(), installations, now, options.deadlines().trust())
                .ifPresent(
                    why ->
                        findings.add(
                            ConcernCode.CA_BUNDLE_UNUSABLE,
                            side.name().toLowerCase(Locale.ROOT) + " cluster",
                            "It " + why + ": the other cluster cannot be told to trust it."));
          }
        });
    return findings.all();
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
