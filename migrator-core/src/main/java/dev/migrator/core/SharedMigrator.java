package dev.migrator.core;

import dev.migrator.model.Completion;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.util.List;

/** Runs a plan that no provider takes on the shared flow of its type. */
final class SharedMigrator implements Migrator {

  private final Itinerary itinerary;
  private final SharedFlows.Ending ending;

  private SharedMigrator(Itinerary itinerary, SharedFlows.Ending ending) {
    this.itinerary = itinerary;
    this.ending = ending;
  }

  /**
   * Makes one.
   *
   * @param plan the plan
   * @param flows the shared flows
   * @param noProvider why no provider takes the plan
   * @return the migrator
   * @throws MigrationException when there is no flow of the type, or nobody implements one of its
   *     phases
   */
  static SharedMigrator of(MigrationPlan plan, SharedFlows flows, String noProvider) {
    String type = plan.migrationType().id();
    Itinerary itinerary =
        flows
            .itinerary(plan.migrationType())
            .orElseThrow(
                () ->
                    MigrationException.permanent(
                        "NoProvider",
                        noProvider + " There is no shared flow of type " + type + " either."));
    List<String> missing = flows.missing(itinerary);
    if (!missing.isEmpty()) {
      throw MigrationException.permanent(
          "NoProvider",
          noProvider
              + " The shared flow of type "
              + type
              + " cannot take it either: nobody registered its phases "
              + missing
              + ".");
    }
    return new SharedMigrator(itinerary, flows.ending());
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return itinerary;
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
    return ending.complete(context, completion);
  }
}
