package dev.migrator.testkit;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.PhaseContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A fresh subject whose migrators a rule calls itself, without a runner. */
final class Direct implements AutoCloseable {

  final Subject subject;
  final MigrationPlan plan;
  final PlannedVm vm;
  private final List<Migrator> made = new ArrayList<>();

  Direct(Subject subject) {
    this.subject = subject;
    this.plan = subject.plan();
    this.vm = plan.vms().get(0);
    subject.settle();
  }

  /** A migrator that was made and prepared. */
  Migrator migrator() {
    Migrator migrator = created();
    migrator.init();
    return migrator;
  }

  /** A migrator that was only made. */
  Migrator created() {
    return created(plan);
  }

  Migrator created(MigrationPlan plan) {
    Migrator migrator = subject.provider().create(plan, new Host(subject));
    made.add(migrator);
    return migrator;
  }

  Itinerary selection(Migrator migrator) {
    return migrator.itinerary(plan, vm).select(plan, vm);
  }

  PhaseContext context(VmStatus status) {
    return new PhaseContext(plan, vm, status, subject.clock().instant());
  }

  /** The context of a machine in a phase of its selection. */
  PhaseContext in(String phase, List<String> selection) {
    return context(
        VmStatus.pending(plan, vm).toBuilder()
            .state(VmState.RUNNING)
            .phases(selection)
            .phase(phase)
            .entered(subject.clock().instant())
            .build());
  }

  @Override
  public void close() {
    made.forEach(Migrator::close);
    subject.close();
  }

  /** What a host gives, without a runner behind it. */
  private record Host(Subject subject) implements MigratorContext {

    @Override
    public Clock clock() {
      return subject.clock();
    }

    @Override
    public <T> T connection(Endpoint endpoint, Class<T> type) {
      Object connection = subject.connection(endpoint, type);
      if (connection == null) {
        throw MigrationException.permanent(
            "NoConnection", "The subject has no " + type.getName() + " for " + endpoint.name());
      }
      return type.cast(connection);
    }

    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public void wake(String plan, VmRef vm) {
      // Nobody is asleep: the rule that called decides when to look.
    }
  }
}
