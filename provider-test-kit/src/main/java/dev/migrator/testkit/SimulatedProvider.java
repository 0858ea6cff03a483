package dev.migrator.testkit;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;

/**
 * Moves the toy machines of a {@link SimulatedWorld}, live; correct by the whole contract.
 *
 * <p>Not registered as a service: hosts and tests pass an instance.
 */
public final class SimulatedProvider implements MigratorProvider {

  /** Its id, as the endpoints of its plans name it. */
  public static final String ID = "simulated";

  /** Creates one. */
  public SimulatedProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return plan.source().provider().equals(ID)
        && plan.target().provider().equals(ID)
        && plan.migrationType() == MigrationType.LIVE;
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    return new SimulatedMigrator(
        () -> context.connection(plan.source(), SimulatedCluster.class),
        () -> context.connection(plan.target(), SimulatedCluster.class));
  }
}
