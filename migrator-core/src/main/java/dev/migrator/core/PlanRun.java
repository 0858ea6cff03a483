package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.PhaseOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plan in this process: the plan as it was first seen, and its migrator.
 *
 * <p>What it holds is a cache that a restart builds again.
 */
final class PlanRun {

  private static final Logger LOGGER = LoggerFactory.getLogger(PlanRun.class);

  private final Host host;
  private final VmScheduler.Line line;
  private final Once opening;
  private final Once beginning;
  private volatile MigrationPlan plan;
  private volatile boolean frozen;
  private MigrationPlan handed;
  private @Nullable Migrator made;
  private volatile @Nullable Migrator migrator;

  /**
   * Prepares a run.
   *
   * @param host what the host gave
   * @param plan the plan as it is first seen
   * @param afterwards what to do when opening or beginning it came to an answer
   */
  PlanRun(Host host, MigrationPlan plan, Runnable afterwards) {
    this.host = host;
    this.plan = plan;
    this.handed = plan;
    this.line = new VmScheduler.Line(plan.id(), plan.source().name(), plan.target().name());
    this.opening = new Once(this::open, true, host.policy().first(), afterwards);
    this.beginning = new Once(this::beginPlan, false, host.policy().first(), afterwards);
  }

  MigrationPlan plan() {
    return plan;
  }

  VmScheduler.Line line() {
    return line;
  }

  /** The migrator, once {@link #open} advanced. */
  @Nullable Migrator migrator() {
    return migrator;
  }

  /** A machine was started: from here on the settings stay what they are. */
  void freeze() {
    frozen = true;
  }

  /** Whether the host changed the plan before any machine was started. */
  boolean isOutdatedBy(MigrationPlan latest) {
    if (frozen || latest.equals(handed)) {
      return false;
    }
    MigrationPlan.Builder same = latest.toBuilder().cancelled(handed.cancelled());
    return !same.vms(handed.vms()).build().equals(handed);
  }

  /** Takes over what may change while a plan runs: cancelled machines, and further machines. */
  void update(MigrationPlan latest) {
    if (latest.equals(handed)) {
      return;
    }
    if (!isOutdatedBy(latest)) {
      handed = latest;
    }
    MigrationPlan.Builder next = plan.toBuilder().cancelled(latest.cancelled());
    Set<VmRef> known = plan.vms().stream().map(PlannedVm::source).collect(Collectors.toSet());
    latest.vms().stream().filter(vm -> !known.contains(vm.source())).forEach(next::vm);
    plan = next.build();
  }

  /** Finds, makes and prepares the migrator; null while another thread is at it. */
  @Nullable PhaseOutcome open(Instant now) {
    return opening.attempt(now);
  }

  /** Does what the plan needs once; null while another thread is at it. */
  @Nullable PhaseOutcome begin(Instant now) {
    return beginning.attempt(now);
  }

  /** Whether a thread is opening or beginning it. */
  boolean isAtWork() {
    return opening.isAtWork() || beginning.isAtWork();
  }

  boolean isBegun() {
    return beginning.isDone();
  }

  /** A machine was woken: what beginning the plan waits for may be what woke it. */
  void hurry() {
    beginning.hurry();
  }

  /** Lets what failed for good be tried again. */
  void reset() {
    opening.reset();
    beginning.reset();
  }

  /**
   * What is the matter with the plan and its machines, without a write.
   *
   * @throws MigrationException when that cannot be told
   */
  List<Concern> validate() {
    PhaseOutcome opened = open(host.clock().instant());
    Migrator current = migrator;
    if (current == null) {
      throw Outcomes.exception(opened);
    }
    List<PlannedVm> vms = plan.vms();
    Set<Concern> concerns = new LinkedHashSet<>();
    host.store().validate(plan.id()).forEach(concern -> concerns.add(Legible.of(concern)));
    for (int i = 0; i < vms.size(); i++) {
      List<Concern> found = concerns(current, vms.get(i));
      concerns.addAll(found);
      host.listeners()
          .tell(
              new MigrationEvent.Validated(
                  plan.id(),
                  vms.get(i).source(),
                  host.clock().instant(),
                  i + 1,
                  vms.size(),
                  found));
    }
    return List.copyOf(concerns);
  }

  /** What is the matter with a machine, without a write. */
  List<Concern> concerns(Migrator current, PlannedVm vm) {
    MigrationPlan now = plan;
    List<Concern> concerns = new ArrayList<>();
    MigrationType.resolve(now.type(), now.warm()).contradiction().ifPresent(concerns::add);
    if (vm.pre() != null || vm.post() != null) {
      Itinerary selected = current.itinerary(now, vm).select(now, vm);
      vm.preHook()
          .flatMap(hook -> hookConcern(vm, hook, SharedFlows.PRE_HOOK, selected))
          .ifPresent(concerns::add);
      vm.postHook()
          .flatMap(hook -> hookConcern(vm, hook, SharedFlows.POST_HOOK, selected))
          .ifPresent(concerns::add);
      host.hooks().concerns(now, vm).forEach(concern -> concerns.add(Legible.of(concern)));
    }
    current.validate(now, vm).forEach(concern -> concerns.add(Legible.of(concern)));
    return concerns;
  }

  boolean close() {
    Migrator current = made;
    if (current != null) {
      try {
        current.close();
      } catch (Exception e) {
        LOGGER
            .atWarn()
            .addKeyValue("plan", plan.id())
            .setCause(e)
            .log("The migrator could not be closed");
      }
    }
    return true;
  }

  private PhaseOutcome open() {
    try {
      plan.migrationType();
    } catch (IllegalArgumentException e) {
      throw MigrationException.permanent("UnknownMigrationType", String.valueOf(e.getMessage()), e);
    }
    Migrator current = made;
    if (current == null) {
      Optional<MigratorProvider> provider = host.registry().find(plan);
      current =
          provider.isPresent()
              ? provider.get().create(plan, host)
              : SharedMigrator.of(plan, host.flows(), host.registry().describeMissing(plan));
      made = current;
    }
    current.init();
    migrator = current;
    return PhaseOutcome.advance();
  }

  private PhaseOutcome beginPlan() throws Exception {
    Migrator current = migrator;
    if (current == null) {
      throw new IllegalStateException("Plan '" + plan.id() + "' was not opened");
    }
    return current.begin(plan);
  }

  private Optional<Concern> hookConcern(PlannedVm vm, Hook hook, String phase, Itinerary selected) {
    boolean runs = selected.names().contains(phase);
    if (runs && (host.hooks().isAvailable() || !selected.phase(phase).isShared())) {
      return Optional.empty();
    }
    return Optional.of(
        new Concern(
            runs ? "NoHookRunner" : "HookNotInItinerary",
            Severity.CRITICAL,
            vm.source(),
            "Hook " + hook.name(),
            runs
                ? "The plan asks for a hook, but this host runs none."
                : "The plan asks for a hook, but no phase " + phase + " is selected for this VM.",
            runs
                ? "Give the runner a hook runner, or take the hook out of the plan."
                : "Take the hook out of the plan, or use a provider that runs hooks."));
  }
}
