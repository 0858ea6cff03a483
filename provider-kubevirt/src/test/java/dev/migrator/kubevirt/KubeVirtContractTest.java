package dev.migrator.kubevirt;

import dev.migrator.testkit.MigratorVerification;
import dev.migrator.testkit.Subject;

/**
 * The KubeVirt provider obeys every rule of the provider's contract; a fifth of the fault matrix
 * unless the system property {@code migrator.exhaustive} is true.
 */
class KubeVirtContractTest extends MigratorVerification {

  @Override
  protected Subject subject() {
    return new KubeVirtWorld();
  }

  @Override
  protected boolean supportsOutage() {
    return true;
  }

  @Override
  protected int oneIn() {
    return Boolean.getBoolean("migrator.exhaustive") ? 1 : 5;
  }
}
