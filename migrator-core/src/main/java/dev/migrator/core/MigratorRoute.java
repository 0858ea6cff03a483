package dev.migrator.core;

import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.PhaseContext;
import java.util.List;
import java.util.Optional;

/**
 * Asks a migrator for the way and holds it to the selection that was stored: the next phase is the
 * one after the current one, and only the last one has none.
 *
 * @param migrator the migrator
 * @param context the status to go on from
 */
record MigratorRoute(Migrator migrator, PhaseContext context) implements Route {

  @Override
  public Optional<String> next() {
    Optional<String> next = migrator.next(context);
    List<String> phases = context.status().phases();
    int index = phases.indexOf(context.status().phase()) + 1;
    boolean isStored =
        index < phases.size()
            ? next.isPresent() && next.get().equals(phases.get(index))
            : next.isEmpty();
    if (index == 0 || !isStored) {
      throw MigrationException.permanent(
          "WrongNextPhase",
          "After phase '"
              + context.status().phase()
              + "' the migrator names "
              + next.map(name -> "'" + name + "'").orElse("the end")
              + ", but the phases selected for this VM are "
              + phases
              + ".");
    }
    return next;
  }

  @Override
  public String step(String phase) {
    return migrator.step(
        new PhaseContext(
            context.plan(), context.vm(), context.status().withPhase(phase), context.now()));
  }
}
