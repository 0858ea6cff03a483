package dev.migrator.testkit;

/**
 * The process under test dies here. An {@link Error}, so that no {@code catch (Exception)} survives
 * it; the kit throws the runner away and starts another one.
 */
final class Crash extends Error {

  private static final long serialVersionUID = 1L;

  Crash(FaultPlan.Fault fault) {
    super("Crash by " + fault);
  }
}
