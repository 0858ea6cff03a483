package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.MigratorContext;
import org.jspecify.annotations.Nullable;

/** What all machines of a plan share; everything in it may be forgotten. */
final class Toolbox {

  private final MigrationPlan plan;
  private final MigratorContext context;
  private final Sides sides;
  private final ClusterView view;
  private final Trust trust;
  private final Sources sources;
  private final Object lock = new Object();
  private @Nullable Installations installations;

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
    return TargetFacts.unknown();
  }

  /** The installations of KubeVirt, looked up once a process; their addresses are never used. */
  Installations installations() {
    synchronized (lock) {
      if (installations == null) {
        installations = Installations.find(sides);
        view.follow(installations);
      }
      return installations;
    }
  }
}
