package dev.migrator.examples.benchmarks;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseOutcome;
import java.util.ArrayList;
import java.util.List;

/** A provider whose phases are done at once: what is left is the runner. */
final class InstantProvider implements MigratorProvider {

  /** Phases that are carried out; two more are declared and left out by their condition. */
  static final int RUN = 15;

  static final int PHASES_A_STEP = 4;

  private final Itinerary itinerary;

  /**
   * Makes a provider.
   *
   * @param action what each phase does
   */
  InstantProvider(PhaseAction action) {
    List<Phase> phases = new ArrayList<>();
    for (int i = 0; i < RUN; i++) {
      phases.add(Phase.of("Phase" + i, "Step" + i / PHASES_A_STEP, action));
    }
    phases.add(1, Phase.of("LeftOut1", "Step0", action).when((plan, vm) -> vm.pre() != null));
    phases.add(RUN, Phase.of("LeftOut2", "Step3", action).when((plan, vm) -> vm.post() != null));
    itinerary = Itinerary.of(phases);
  }

  /** A provider whose phases all advance. */
  static InstantProvider advancing() {
    PhaseOutcome done = PhaseOutcome.advance();
    return new InstantProvider(context -> done);
  }

  /** A plan for it. */
  static MigrationPlan.Builder plan(String id) {
    return MigrationPlan.builder(id, Endpoint.of("instant", "a"), Endpoint.of("instant", "b"))
        .type(MigrationType.LIVE);
  }

  @Override
  public String id() {
    return "instant";
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return true;
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    return new Migrator() {
      @Override
      public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
        return itinerary;
      }
    };
  }
}
