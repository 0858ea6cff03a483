package dev.migrator.testkit;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps statuses and every one that was ever saved, and lets saves go wrong. */
final class StoreUnderTest implements StatusStore {

  private static final FaultPlan.Fault EVERY_SAVE =
      new FaultPlan.Fault("every phase", FaultPlan.Kind.CRASH_AFTER_SAVE, 0, 1, null);

  private final InMemoryStatusStore inner = new InMemoryStatusStore();
  private final Map<VmRef, FaultPlan.Fault> armed = new HashMap<>();
  private final Run run;
  private final boolean crashAlways;

  StoreUnderTest(Run run, boolean crashAlways) {
    this.run = run;
    this.crashAlways = crashAlways;
  }

  /** Has the next save of a machine go wrong. */
  void arm(VmRef vm, FaultPlan.Fault fault) {
    armed.put(vm, fault);
  }

  @Override
  public List<VmStatus> load(String plan) {
    return inner.load(plan);
  }

  @Override
  public boolean save(VmStatus status) {
    FaultPlan.Fault fault = armed.remove(status.vm());
    if (fault == null) {
      boolean saved = keep(status);
      if (saved && crashAlways) {
        throw new Crash(EVERY_SAVE);
      }
      return saved;
    }
    return switch (fault.kind()) {
      case CRASH_AFTER_SAVE -> {
        keep(status);
        throw new Crash(fault);
      }
      case SAVE_ANSWER_LOST -> {
        keep(status);
        throw MigrationException.transientFault("Injected by the kit: " + fault, null);
      }
      case SAVE_CONFLICT -> {
        inner.load(status.plan()).stream()
            .filter(stored -> stored.vm().equals(status.vm()))
            .forEach(inner::save);
        yield keep(status);
      }
      default -> throw new Crash(fault);
    };
  }

  private boolean keep(VmStatus status) {
    boolean saved = inner.save(status);
    if (saved) {
      run.history.add(status.toBuilder().version(status.version() + 1).build());
    }
    return saved;
  }
}
