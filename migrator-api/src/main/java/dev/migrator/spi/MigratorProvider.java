package dev.migrator.spi;

import dev.migrator.model.MigrationPlan;

/**
 * The service type of a provider: a cheap, stateless descriptor with a public no-argument
 * constructor, found by {@link java.util.ServiceLoader}.
 */
public interface MigratorProvider {

  /**
   * The provider's id: {@code [a-z][a-z0-9-]*}, unique; the prefix {@code migrator-} is reserved.
   */
  String id();

  /**
   * Whether this provider can run a plan: its endpoints and its type.
   *
   * <p>Called often; must look at nothing but the plan.
   *
   * @param plan the plan
   * @return whether {@link #create} may be called for it
   */
  boolean supports(MigrationPlan plan);

  /**
   * Makes the migrator of a plan.
   *
   * <p>Called once a plan and process. It must not do I/O: that is for {@link Migrator#init}.
   *
   * @param plan the plan that it will be used for
   * @param context what the host gives
   * @return the migrator
   */
  Migrator create(MigrationPlan plan, MigratorContext context);
}
