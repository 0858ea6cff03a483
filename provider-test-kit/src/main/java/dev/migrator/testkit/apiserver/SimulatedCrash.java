package dev.migrator.testkit.apiserver;

/**
 * The process under test dies at this request.
 *
 * <p>An {@link Error}, so that no {@code catch (Exception)} of the code under test survives it.
 * Tests catch it around the whole turn, throw the runner away and start another one.
 */
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  /** Creates the crash at a request. */
  public SimulatedCrash(ApiRequest at, boolean effectDone) {
    super("Crash " + (effectDone ? "after" : "before") + " " + at);
  }

  /** Creates the fate of a request that a dead process still tries to send. */
  SimulatedCrash(String method, java.util.List<String> path) {
    super("The process has crashed before " + method + " /" + String.join("/", path));
  }
}
