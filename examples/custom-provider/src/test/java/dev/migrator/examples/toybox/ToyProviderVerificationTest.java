package dev.migrator.examples.toybox;

import dev.migrator.testkit.MigratorVerification;
import dev.migrator.testkit.Subject;

class ToyProviderVerificationTest extends MigratorVerification {

  @Override
  protected Subject subject() {
    return new ToyWorld();
  }

  @Override
  protected boolean supportsOutage() {
    return true;
  }
}
