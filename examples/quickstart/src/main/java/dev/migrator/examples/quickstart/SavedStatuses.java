package dev.migrator.examples.quickstart;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.StatusStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statuses of the one machine, as this program saves them: notes which objects entered the
 * ledger and which left it, and whether another program saves, too.
 *
 * <p>Of two programs at least one sees a save of the other's, and whoever does stops. The last to
 * save saw none, so one goes on.
 */
final class SavedStatuses implements StatusStore {

  private final StatusStore store;
  private final List<ObjectRef> created = new ArrayList<>();
  private final List<ObjectRef> removed = new ArrayList<>();
  private List<ObjectRef> ledger = List.of();
  private @Nullable VmStatus known;
  private @Nullable VmStatus unsure;
  private boolean overtaken;

  /**
   * Begins to take notes.
   *
   * @param store where the statuses are
   * @param known the machine's status as it was read, if it has one
   */
  SavedStatuses(StatusStore store, Optional<VmStatus> known) {
    this.store = store;
    this.known = known.orElse(null);
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
      overtaken |= known != null && !status.equals(known) && !status.equals(unsure);
      known = status;
      unsure = null;
    }
    if (overtaken) {
      throw MigrationException.permanent("GaveWay", "Another program moves this machine.");
    }
    return loaded;
  }

  @Override
  public synchronized boolean save(VmStatus status) {
    VmStatus next = status.withVersion(status.version() + 1);
    unsure = next;
    boolean saved = store.save(status);
    unsure = null;
    if (saved) {
      known = next;
      note(status.ledger());
    }
    overtaken |= !saved;
    return saved;
  }

  private void note(List<ObjectRef> now) {
    now.stream().filter(entry -> !ledger.contains(entry)).forEach(created::add);
    ledger.stream().filter(entry -> !now.contains(entry)).forEach(removed::add);
    ledger = now;
  }

  /** Whether another program moves the machine, too, so that this one has to stop. */
  synchronized boolean isOvertaken() {
    return overtaken;
  }

  /** Every object that was ever made, in order. */
  synchronized List<ObjectRef> created() {
    return List.copyOf(created);
  }

  /** Those of them that were seen to be gone again. */
  synchronized List<ObjectRef> removed() {
    return List.copyOf(removed);
  }
}
