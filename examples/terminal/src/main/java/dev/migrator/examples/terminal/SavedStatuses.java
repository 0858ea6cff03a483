package dev.migrator.examples.terminal;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statuses of a plan's machines, as this program saves them: notes which objects entered the
 * ledgers and which left them, and whether another program saves, too.
 *
 * <p>Of two programs at least one sees a save of the other's, and whoever does stops. The last to
 * save saw none, so one goes on.
 */
public final class SavedStatuses implements StatusStore {

  private final StatusStore store;
  private final List<ObjectRef> created = new ArrayList<>();
  private final List<ObjectRef> removed = new ArrayList<>();
  private final Map<VmRef, List<ObjectRef>> ledgers = new HashMap<>();
  private final Map<VmRef, VmStatus> known = new HashMap<>();
  private final Map<VmRef, VmStatus> unsure = new HashMap<>();
  private boolean overtaken;

  /**
   * Begins to take notes.
   *
   * @param store where the statuses are
   * @param known the statuses of the plan as they were read
   */
  public SavedStatuses(StatusStore store, Collection<VmStatus> known) {
    this.store = store;
    known.forEach(status -> this.known.put(status.vm(), status));
  }

  /** Whether a run ended before it had begun: nothing was made, so it may begin anew. */
  public static boolean neverBegan(VmStatus status) {
    return status.state().isFinal() && status.phases().isEmpty() && status.ledger().isEmpty();
  }

  /**
   * {@inheritDoc}
   *
   * @throws MigrationException permanent, when another program has saved since the last call
   */
  @Override
  public synchronized List<VmStatus> load(String plan) {
    List<VmStatus> loaded = store.load(plan);
    for (VmStatus status : loaded) {
      VmStatus before = known.put(status.vm(), status);
      VmStatus lost = unsure.remove(status.vm());
      overtaken |= before != null && !status.equals(before) && !status.equals(lost);
    }
    if (overtaken) {
      throw MigrationException.permanent("GaveWay", "Another program moves this machine.");
    }
    return loaded;
  }

  @Override
  public synchronized boolean save(VmStatus status) {
    VmStatus next = status.withVersion(status.version() + 1);
    unsure.put(status.vm(), next);
    boolean saved = store.save(status);
    unsure.remove(status.vm());
    if (saved) {
      known.put(status.vm(), next);
      note(status.vm(), status.ledger());
    }
    overtaken |= !saved;
    return saved;
  }

  private void note(VmRef vm, List<ObjectRef> now) {
    List<ObjectRef> before = ledgers.getOrDefault(vm, List.of());
    now.stream().filter(entry -> !before.contains(entry)).forEach(created::add);
    before.stream().filter(entry -> !now.contains(entry)).forEach(removed::add);
    ledgers.put(vm, now);
  }

  /** Whether another program moves a machine, too, so that this one has to stop. */
  public synchronized boolean isOvertaken() {
    return overtaken;
  }

  /** Every object that was ever made, in order. */
  public synchronized List<ObjectRef> created() {
    return List.copyOf(created);
  }

  /** Those of them that were seen to be gone again. */
  public synchronized List<ObjectRef> removed() {
    return List.copyOf(removed);
  }
}
