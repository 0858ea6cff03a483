package dev.migrator.core;

import java.util.Optional;

/** Where the itinerary leads from a status. */
interface Route {

  /**
   * The phase after the current one.
   *
   * @return the next selected phase, or empty after the last
   * @throws dev.migrator.spi.MigrationException when there is no telling
   */
  Optional<String> next();

  /**
   * The step of a phase.
   *
   * @param phase a selected phase
   * @return its step's name
   * @throws dev.migrator.spi.MigrationException when there is no telling
   */
  String step(String phase);
}
