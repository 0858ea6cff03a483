package dev.migrator.examples.toybox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.testkit.Plans;
import org.junit.jupiter.api.Test;

/** A provider in a jar of its own, beside another one. */
class DiscoveryTest {

  @Test
  void isFoundBesideTheKubeVirtProvider() {
    MigratorRegistry registry = MigratorRegistry.discover();

    assertThat(registry.ids()).containsExactly("kubevirt", "toybox");
    assertThat(registry.problems()).isEmpty();
  }

  @Test
  void isChosenForItsOwnPlansOnly() {
    MigratorRegistry registry = MigratorRegistry.discover();
    MigrationPlan toys = Plans.of("toybox", MigrationType.COLD, 1);
    MigrationPlan machines = Plans.of("kubevirt", MigrationType.LIVE, 1);

    assertThat(registry.select(toys)).isInstanceOf(ToyProvider.class);
    assertThat(registry.select(machines).id()).isEqualTo("kubevirt");
  }
}
