package dev.migrator.kubevirt;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.Condition;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Moves running machines by KubeVirt's decentralized live migration.
 *
 * <p>It owns the whole itinerary; only the hooks and the last phase are the shared runner's. All
 * that it keeps in memory are watches and the source as it was read last.
 */
final class LiveMigrator implements Migrator {

  private static final Condition EXPORTS =
      (plan, vm) -> KubeVirtOptions.of(plan).serviceExports() == KubeVirtOptions.ServiceExports.MCS;

  private final Toolbox tools;
  private final Itinerary itinerary;

  LiveMigrator(MigrationPlan plan, MigratorContext context, ClusterView.Factory views) {
    Sides sides = Sides.of(plan, context);
    this.tools = new Toolbox(plan, context, sides, views.open(plan, sides, context));
    this.itinerary =
        Itinerary.of(
            Phase.of("Started", "Initialize", on(Preparation::start)),
            Phase.shared("PreHook", "PreHook").when((p, vm) -> vm.preHook().isPresent()),
            Phase.of("EnsureResources", "PrepareTarget", on(Preparation::ensureResources)),
            Phase.of("CreateEmptyDataVolumes", "PrepareTarget", on(Volumes::create)),
            Phase.of("CreateStandbyVM", "PrepareTarget", on(Standby::create)),
            Phase.of("CreateServiceExports", "Connect", on(ServiceExports::create)).when(EXPORTS),
            Phase.of("CreateVirtualMachineInstanceMigrations", "Synchronize", on(Halves::create)),
            Phase.of("WaitForStateTransfer", "Synchronize", on(Transfer::await)),
            Phase.of("HaltSource", "Finalize", on(Epilogue::haltSource)),
            Phase.of("VerifyTarget", "Finalize", on(Epilogue::verifyTarget)),
            Phase.of("AwaitSourceEnd", "Finalize", on(Closing::awaitSourceEnd)),
            Phase.of("RemoveMigrations", "Finalize", on(Closing::removeMigrations)),
            Phase.shared("PostHook", "PostHook").when((p, vm) -> vm.postHook().isPresent()),
            Phase.shared("Completed", "Completed"));
  }

  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    List<Concern> concerns = tools.concernsOf(plan);
    if (concerns.stream().noneMatch(Concern::isCritical)) {
      concerns = RightsRules.check(tools, plan, vm, () -> Preflight.check(tools, plan, vm));
    }
    boolean isRefused = concerns.stream().anyMatch(Concern::isCritical);
    if (isRefused && Resume.isUnderWay(tools.sides(), plan, vm)) {
      // This very run is under way: it is not judged again, it is taken up where it stands.
      boolean asks = concerns.stream().anyMatch(Requesters::isAbout);
      boolean judged = asks && !Resume.isSending(tools.sides(), plan, vm);
      return concerns.stream()
          .filter(concern -> !concern.isCritical() || (judged && Requesters.isAbout(concern)))
          .toList();
    }
    return concerns;
  }

  @Override
  public PhaseOutcome begin(MigrationPlan plan) {
    Optional<String> refused = Requesters.refusalOfAll(tools, plan);
    if (refused.isPresent()) {
      return PhaseOutcome.fail(ConcernCode.REQUESTER_REFUSED.code(), refused.get());
    }
    return tools
        .trust()
        .establish(
            tools.view(),
            tools.installations(),
            tools.context().clock().instant(),
            KubeVirtOptions.of(plan).deadlines().trust());
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return itinerary;
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) {
    Move move = move(context);
    tools.sources().forget(move.source());
    if (completion != Completion.SUCCEEDED) {
      return Refusals.inRollBack(
          move, () -> Resume.beforeUndoing(move).orElseGet(() -> RollBack.run(move)));
    }
    // The phase that halts the source may have run out of patience; a success may not.
    return context.status().isHandedOver() && move.fact(Facts.HALTED).isEmpty()
        ? Epilogue.halt(move)
        : PhaseOutcome.advance();
  }

  @Override
  public void close() {
    tools.view().close();
  }

  private PhaseAction on(Function<Move, PhaseOutcome> action) {
    return context -> Refusals.inPhase(move(context), action);
  }

  private Move move(PhaseContext context) {
    KubeVirtOptions options =
        context
            .fact(Facts.SETTINGS)
            .map(text -> Serialization.unmarshal(text, Map.class))
            .map(frozen -> KubeVirtOptions.frozen(Tree.strings(frozen)))
            .orElseGet(() -> KubeVirtOptions.of(context.plan()));
    return new Move(context, tools, options);
  }
}
