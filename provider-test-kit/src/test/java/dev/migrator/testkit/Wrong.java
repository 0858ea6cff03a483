package dev.migrator.testkit;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A provider that is deliberately wrong in one way, and the rule that is meant to catch it. */
record Wrong(String name, Rule caughtBy, UnaryOperator<MigratorProvider> provider) {

  @Override
  public String toString() {
    return name + " is caught by " + caughtBy.id();
  }

  /** A provider whose migrators are wrong. */
  static Wrong migrator(String name, Rule caughtBy, Function<Right, Migrator> make) {
    return new Wrong(
        name,
        caughtBy,
        right ->
            new Provider(right) {
              @Override
              public Migrator create(MigrationPlan plan, MigratorContext context) {
                return make.apply(new Right(right.create(plan, context), plan, context));
              }
            });
  }

  /** A provider one of whose phases is wrong. */
  static Wrong phase(String name, Rule caughtBy, String phase, Function<Right, PhaseAction> make) {
    return migrator(
        name,
        caughtBy,
        right -> {
          PhaseAction action = make.apply(right);
          return new Copy(right) {
            @Override
            public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
              return right.replace(super.itinerary(plan, vm), phase, action);
            }
          };
        });
  }

  /** A right provider to override a method of. */
  static class Provider implements MigratorProvider {
    private final MigratorProvider right;

    Provider(MigratorProvider right) {
      this.right = right;
    }

    @Override
    public String id() {
      return right.id();
    }

    @Override
    public boolean supports(MigrationPlan plan) {
      return right.supports(plan);
    }

    @Override
    public Migrator create(MigrationPlan plan, MigratorContext context) {
      return right.create(plan, context);
    }
  }

  /** A right migrator, and what a wrong one needs to do harm. */
  record Right(Migrator migrator, MigrationPlan plan, MigratorContext context) {

    SimulatedCluster source() {
      return context.connection(plan.source(), SimulatedCluster.class);
    }

    SimulatedCluster target() {
      return context.connection(plan.target(), SimulatedCluster.class);
    }

    /** Executes the right action of the current phase. */
    PhaseOutcome execute(PhaseContext c) throws Exception {
      return migrator.executePhase(c);
    }

    Itinerary replace(Itinerary itinerary, String name, PhaseAction action) {
      return Itinerary.of(
          itinerary.phases().stream()
              .map(
                  phase ->
                      phase.name().equals(name)
                          ? new Phase(phase.name(), phase.step(), phase.condition(), action)
                          : phase)
              .toList());
    }

    void delete(SimulatedCluster cluster, String kind, VmRef vm) throws IOException {
      Optional<SimulatedCluster.Thing> thing = cluster.find(kind, vm.namespace(), vm.name());
      if (thing.isPresent()) {
        cluster.delete(thing.get().ref());
      }
    }
  }

  /** A right migrator to override a method of. */
  static class Copy implements Migrator {
    final Right right;

    Copy(Right right) {
      this.right = right;
    }

    @Override
    public void init() {
      right.migrator().init();
    }

    @Override
    public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
      return right.migrator().validate(plan, vm);
    }

    @Override
    public PhaseOutcome begin(MigrationPlan plan) throws Exception {
      return right.migrator().begin(plan);
    }

    @Override
    public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
      return right.migrator().itinerary(plan, vm);
    }

    @Override
    public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
      return right.migrator().complete(context, completion);
    }

    @Override
    public void close() {
      right.migrator().close();
    }
  }
}
