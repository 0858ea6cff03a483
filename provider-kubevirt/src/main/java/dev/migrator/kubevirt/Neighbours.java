package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the machines of a plan take of the rooms of the target's namespaces, as far as they were
 * validated by the same look at the quotas and may start. Safe for use by several threads.
 *
 * <p>A later look counts what was made meanwhile, so all of this is forgotten with the look that it
 * belongs to. The room that a machine did not find is free for the next one.
 */
final class Neighbours {

  private record Taken(String namespace, Map<TargetFacts.Place, Map<String, BigDecimal>> parts) {}

  /**
   * What others take.
   *
   * @param machines who they are
   * @param amounts how much they take, by the names that quotas use
   */
  record Room(List<VmRef> machines, Map<String, BigDecimal> amounts) {

    /** Nobody takes anything. */
    static final Room NONE = new Room(List.of(), Map.of());

    /** For people: {@code demo/web and 3 others}. */
    String text() {
      int more = machines.size() - 1;
      return machines.get(0)
          + (more == 0 ? "" : " and " + more + (more == 1 ? " other" : " others"));
    }
  }

  private final Map<VmRef, Taken> all = new LinkedHashMap<>();

  /** The quotas will be looked at again. */
  synchronized void forget() {
    all.clear();
  }

  /** A machine will not start, or is judged again. */
  synchronized void leave(VmRef machine) {
    all.remove(machine);
  }

  /**
   * Notes what a machine takes.
   *
   * @param parts what it takes, by the object that takes it
   * @param plan the plan: who is no longer in it takes nothing
   * @param vm the machine
   * @return what the others take beside it in its namespace; what several share counts once
   */
  synchronized Room take(
      Map<TargetFacts.Place, Map<String, BigDecimal>> parts, MigrationPlan plan, PlannedVm vm) {
    String namespace = vm.target().namespace();
    List<VmRef> machines = new ArrayList<>();
    Map<TargetFacts.Place, Map<String, BigDecimal>> others = new LinkedHashMap<>();
    for (PlannedVm other : plan.vms()) {
      Taken taken = all.get(other.source());
      if (taken != null
          && taken.namespace().equals(namespace)
          && !other.source().equals(vm.source())) {
        machines.add(other.source());
        others.putAll(taken.parts());
      }
    }
    others.keySet().removeAll(parts.keySet());
    all.put(vm.source(), new Taken(namespace, parts));
    return machines.isEmpty() ? Room.NONE : new Room(machines, Footprint.sum(others.values()));
  }
}
