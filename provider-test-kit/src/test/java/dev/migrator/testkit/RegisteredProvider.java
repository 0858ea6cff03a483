package dev.migrator.testkit;

/** The simulated provider as a service, in tests only. */
public final class RegisteredProvider extends Wrong.Provider {

  public RegisteredProvider() {
    super(new SimulatedProvider());
  }

  @Override
  public String id() {
    return "registered";
  }
}
