package dev.migrator.examples.toybox;

import com.google.auto.service.AutoService;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Moves toy machines, cold; asks the host for a {@link KubernetesClient} for each side. */
@AutoService(MigratorProvider.class)
public final class ToyProvider implements MigratorProvider {

  static final String ID = "toybox";

  /** Called by {@link java.util.ServiceLoader}. */
  public ToyProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return plan.source().provider().equals(ID)
        && plan.target().provider().equals(ID)
        && plan.migrationType() == MigrationType.COLD;
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    return new ToyMigrator(
        new ToyMachines(
            Side.SOURCE, () -> context.connection(plan.source(), KubernetesClient.class)),
        new ToyMachines(
            Side.TARGET, () -> context.connection(plan.target(), KubernetesClient.class)));
  }
}
