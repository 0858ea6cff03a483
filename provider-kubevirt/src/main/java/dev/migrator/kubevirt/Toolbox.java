package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigratorContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What all machines of a plan share; everything in it may be forgotten. */
final class Toolbox {

  private static final Duration CURRENT = Duration.ofMinutes(1);

  private final MigrationPlan plan;
  private final MigratorContext context;
  private final Sides sides;
  private final ClusterView view;
  private final Trust trust;
  private final Sources sources;
  private final Object lock = new Object();
  private @Nullable Installations installations;
  private @Nullable Instant looked;

  Toolbox(MigrationPlan plan, MigratorContext context, Sides sides, ClusterView view) {
    this.plan = plan;
    this.context = context;
    this.sides = sides;
    this.view = view;
    this.trust = new Trust(sides);
    this.sources = new Sources(sides, context.executor());
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

  /** What a blueprint has to know about the target. */
  TargetFacts facts(SourceMachine source, PlannedVm vm, KubeVirtOptions options) {
    return options.preflight() == KubeVirtOptions.Preflight.FULL
        ? new TargetReader(sides, plan, options).storage(source)
        : TargetFacts.unknown();
  }

  /** The installations of KubeVirt, looked up once a process: where they are, not how they are. */
  Installations installations() {
    synchronized (lock) {
      return installations == null ? look() : installations;
    }
  }

  /** As {@link #installations}, at most a minute old: a validation judges how they are. */
  Installations currentInstallations() {
    synchronized (lock) {
      boolean current = looked != null && context.clock().instant().isBefore(looked.plus(CURRENT));
      return installations == null || !current ? look() : installations;
    }
  }

  private Installations look() {
    Installations found = Installations.find(sides);
    installations = found;
    looked = context.clock().instant();
    view.follow(found);
    return found;
  }
}
