package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorProvider;
import java.util.Map;

/** Rules P1: the cheap descriptor that makes migrators. */
final class ProviderRules {

  private final Trial trial;
  private final boolean outages;

  ProviderRules(Trial trial, boolean outages) {
    this.trial = trial;
    this.outages = outages;
  }

  void idIsProper() {
    try (Direct direct = trial.direct()) {
      MigratorProvider provider = direct.subject.provider();
      assertThat(provider.id()).matches("[a-z][a-z0-9-]*").doesNotStartWith("migrator-");
      assertThat(provider.id()).isEqualTo(direct.subject.provider().id());
    }
  }

  void supportsOnlyItsOwn() {
    try (Direct direct = trial.direct()) {
      MigratorProvider provider = direct.subject.provider();
      MigrationPlan plan = direct.plan;
      assertThat(provider.supports(plan)).as("supports its own plan").isTrue();
      assertThat(provider.supports(plan)).as("supports its own plan, asked again").isTrue();
      Endpoint foreign = Endpoint.of("migrator-test-kit-foreign", "elsewhere");
      MigrationPlan abroad = Plans.with(plan, foreign, foreign, plan.vms());
      for (MigrationType type : MigrationType.values()) {
        assertThat(provider.supports(abroad.toBuilder().type(type).build()))
            .as("supports a %s plan whose endpoints name another provider", type)
            .isFalse();
        // Whatever it says about another type of its own plans, it says it.
        provider.supports(plan.toBuilder().type(type).warm(false).build());
      }
    }
  }

  void createDoesNothing() {
    try (Direct direct = trial.direct()) {
      Map<String, String> before = direct.subject.snapshot();
      if (outages) {
        direct.subject.outage(true);
      }
      direct.created();
      if (outages) {
        direct.subject.outage(false);
      }
      direct.subject.settle();
      assertThat(direct.subject.snapshot()).isEqualTo(before);
    }
  }

  void migratorsAreIndependent() {
    try (Direct direct = trial.direct()) {
      Migrator one = direct.migrator();
      Migrator other = direct.migrator();
      assertThat(other).isNotSameAs(one);
    }
    MigrationResults results = trial.run(MigratorTestKit::closingSiblings);
    Trial.judge(results, () -> trial.sameEnd(results));
  }

  void providerIsDiscovered() {
    try (Direct direct = trial.direct()) {
      MigratorProvider provider = direct.subject.provider();
      ClassLoader loader = provider.getClass().getClassLoader();
      assertThat(MigratorRegistry.discover(loader).ids())
          .as("ids that ServiceLoader finds; is there a META-INF/services file?")
          .contains(provider.id());
    }
  }
}
