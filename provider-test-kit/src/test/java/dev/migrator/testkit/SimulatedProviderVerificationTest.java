package dev.migrator.testkit;

import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.util.List;

/** The simulated provider obeys every rule; so the kit accepts what is right. */
class SimulatedProviderVerificationTest extends MigratorVerification {

  @Override
  protected Subject subject() {
    return new SimulatedWorld();
  }

  @Override
  protected boolean supportsOutage() {
    return true;
  }

  @Override
  protected boolean isDiscoverable() {
    return false;
  }

  @Override
  protected List<VmStatus> storedStatuses() {
    return storedBefore();
  }

  /** What an earlier release may have stored. */
  static List<VmStatus> storedBefore() {
    SimulatedWorld world = new SimulatedWorld();
    return List.of(
        VmStatus.pending(world.plan(), world.plan().vms().get(0)).toBuilder()
            .state(VmState.RUNNING)
            .phases(List.of("Started", "CreateDisk", "StartTransfer", "Completed"))
            .phase("StartTransfer")
            .build());
  }
}
