package dev.migrator.core;

import dev.migrator.spi.MigrationException;
import java.util.Optional;

/** The way of a machine that is in no phase, or whose migrator cannot tell the way. */
enum NoRoute implements Route {
  INSTANCE;

  @Override
  public Optional<String> next() {
    throw unknown();
  }

  @Override
  public String step(String phase) {
    throw unknown();
  }

  private static MigrationException unknown() {
    return MigrationException.permanent("NoPhase", "The machine is in no phase.");
  }
}
