package dev.migrator.spi;

/**
 * The work of a phase.
 *
 * <p>The runner calls it once a turn while the machine is in this phase and due, never twice at a
 * time for one machine, on the thread that the host gave to the turn. It may be called again after
 * a crash although its effect is there already, so it must be an <em>ensure</em>: deterministic
 * names, adopt what this run made, refuse what it did not. It must not wait for anything but its
 * own requests; to wait, it returns {@link PhaseOutcome.Await}.
 */
@FunctionalInterface
public interface PhaseAction {

  /**
   * Does what is left to do.
   *
   * @param context what it works on
   * @return what it found
   * @throws MigrationException to fail or to be tried again, as the exception says
   * @throws Exception any other one is tried again under the retry policy
   */
  PhaseOutcome execute(PhaseContext context) throws Exception;

  /** An action that leaves the phase to the shared runner. */
  static PhaseAction shared() {
    return SharedAction.INSTANCE;
  }
}
