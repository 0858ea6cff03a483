package dev.migrator.spi;

/**
 * The one action that leaves its phase to the shared runner; a constant, so that it is recognised.
 */
enum SharedAction implements PhaseAction {
  INSTANCE;

  @Override
  public PhaseOutcome execute(PhaseContext context) {
    return PhaseOutcome.delegate();
  }
}
