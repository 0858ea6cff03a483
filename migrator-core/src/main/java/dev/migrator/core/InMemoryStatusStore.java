package dev.migrator.core;

import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps statuses in memory: for tests, examples and hosts that can afford to forget.
 *
 * <p>Safe for use by several threads. It outlives a runner, so that a test can drop the runner and
 * start another one on it.
 */
public final class InMemoryStatusStore implements StatusStore {

  private final Map<String, Map<VmRef, VmStatus>> plans = new ConcurrentHashMap<>();

  @Override
  public List<VmStatus> load(String plan) {
    return List.copyOf(plans.getOrDefault(plan, Map.of()).values());
  }

  @Override
  public boolean save(VmStatus status) {
    VmStatus next = status.withVersion(status.version() + 1);
    Map<VmRef, VmStatus> machines =
        plans.computeIfAbsent(status.plan(), id -> new ConcurrentHashMap<>());
    VmStatus stored = machines.get(status.vm());
    if ((stored == null ? 0 : stored.version()) != status.version()) {
      return false;
    }
    return stored == null
        ? machines.putIfAbsent(status.vm(), next) == null
        : machines.replace(status.vm(), stored, next);
  }
}
