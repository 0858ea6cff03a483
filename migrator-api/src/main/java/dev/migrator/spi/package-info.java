/**
 * The behaviour that a provider author implements and that a host supplies.
 *
 * <p><b>Writing a provider:</b> implement {@link dev.migrator.spi.MigratorProvider} (a cheap
 * descriptor, found by {@link java.util.ServiceLoader}) and {@link dev.migrator.spi.Migrator}, of
 * which only {@code itinerary} is required. A {@link dev.migrator.spi.Phase} is declared once:
 * name, step, condition, action. Its action returns a {@link dev.migrator.spi.PhaseOutcome} and
 * never touches the status. <b>An action may run again after a crash</b> (it was done, but not
 * saved), so every action is an <em>ensure</em>: deterministic names, adopt what this run made,
 * refuse what it did not.
 *
 * <p><b>Embedding:</b> a host supplies connections, a clock and, where it wants, hooks and a {@link
 * dev.migrator.spi.StatusStore}; {@code migrator-core} runs the rest.
 */
@NullMarked
package dev.migrator.spi;

import org.jspecify.annotations.NullMarked;
