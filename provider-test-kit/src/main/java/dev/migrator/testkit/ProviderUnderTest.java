package dev.migrator.testkit;

import dev.migrator.model.MigrationPlan;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import java.util.function.UnaryOperator;

/**
 * A provider whose migrators are wrapped.
 *
 * @param inner the provider
 * @param wrap wraps its migrators
 * @param siblings whether another migrator is made, prepared and closed beside each
 */
record ProviderUnderTest(MigratorProvider inner, UnaryOperator<Migrator> wrap, boolean siblings)
    implements MigratorProvider {

  @Override
  public String id() {
    return inner.id();
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return inner.supports(plan);
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    Migrator migrator = wrap.apply(inner.create(plan, context));
    if (siblings) {
      try (Migrator sibling = inner.create(plan, context)) {
        sibling.init();
      }
    }
    return migrator;
  }
}
