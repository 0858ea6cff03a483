package dev.migrator.kubevirt;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigratorContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all machines of a plan share; everything in it may be forgotten. */
final class Toolbox {

  private record Judged(MigrationPlan plan, List<Concern> concerns) {}

  private static final Duration CURRENT = Duration.ofMinutes(1);

  private final MigrationPlan plan;
  private final MigratorContext context;
  private final Sides sides;
  private final ClusterView view;
  private final Trust trust;
  private final Sources sources;
  private final Lookups lookups;
  private final Siblings siblings = new Siblings();
  private final Neighbours neighbours = new Neighbours();
  private final Access access;
  private final Object lock = new Object();
  private volatile @Nullable Judged judged;
  private @Nullable Installations installations;
  private Installations.@Nullable Found found;
  private @Nullable Instant looked;

  Toolbox(MigrationPlan plan, MigratorContext context, Sides sides, ClusterView view) {
    this.plan = plan;
    this.context = context;
    this.sides = sides;
    this.view = view;
    this.trust = new Trust(sides);
    this.sources = new Sources(sides, context.executor());
    this.lookups = new Lookups(sides, context.executor(), context.clock());
    this.access = new Access(sides, context.clock(), context.executor());
  }

  MigrationPlan plan() {
    return plan;
  }

  MigratorContext context() {
    return context;
  }

  Sides sides() {
    return sides;
  }

  ClusterView view() {
    return view;
  }

  Trust trust() {
    return trust;
  }

  Sources sources() {
    return sources;
  }

  Access access() {
    return access;
  }

  /** What is the matter with the plan as such; the same for all its machines, so judged once. */
  @SuppressWarnings(
      "ReferenceEquality") // Comparing thousands of machines costs more than judging again.
  List<Concern> concernsOf(MigrationPlan asked) {
    Judged known = judged;
    if (known == null || known.plan() != asked) {
      known = new Judged(asked, Migratability.ofPlan(asked));
      judged = known;
    }
    return known.concerns();
  }

  /** What validations looked up on the target. */
  Lookups lookups() {
    return lookups;
  }

  /** What the plan's machines would make on the target. */
  Siblings siblings() {
    return siblings;
  }

  /** What the plan's machines take of the target's quotas. */
  Neighbours neighbours() {
    return neighbours;
  }

  /** What a blueprint has to know about the target; as validated, when it is remembered. */
  TargetFacts facts(SourceMachine source, PlannedVm vm, KubeVirtOptions options) {
    return options.preflight() == KubeVirtOptions.Preflight.FULL
        ? new TargetReader(lookups, plan, options).storage(source)
        : TargetFacts.unknown();
  }

  /** The installations of KubeVirt, looked up once a process: where they are, not how they are. */
  Installations installations() {
    synchronized (lock) {
      return installations == null ? look().orThrow() : installations;
    }
  }

  /** What is installed now, at most a minute ago: a validation judges how it is. */
  Installations.Found installed() {
    synchronized (lock) {
      Installations.Found known = found;
      boolean current = looked != null && context.clock().instant().isBefore(looked.plus(CURRENT));
      return known == null || !current ? look() : known;
    }
  }

  private Installations.Found look() {
    Installations.Found now = Installations.look(sides);
    found = now;
    looked = context.clock().instant();
    if (now.problems().isEmpty()) {
      installations = now.orThrow();
      view.follow(installations);
    }
    return now;
  }
}
