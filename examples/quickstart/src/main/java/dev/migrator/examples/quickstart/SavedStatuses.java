package dev.migrator.examples.quickstart;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.util.ArrayList;
import java.util.List;

/** Passes every save on and notes which objects entered the ledger and which left it again. */
final class SavedStatuses implements StatusStore {

  private final StatusStore store;
  private final List<ObjectRef> created = new ArrayList<>();
  private final List<ObjectRef> removed = new ArrayList<>();
  private List<ObjectRef> ledger = List.of();

  SavedStatuses(StatusStore store) {
    this.store = store;
  }

  @Override
  public List<VmStatus> load(String plan) {
    return store.load(plan);
  }

  @Override
  public boolean save(VmStatus status) {
    boolean saved = store.save(status);
    if (saved) {
      note(status.ledger());
    }
    return saved;
  }

  private synchronized void note(List<ObjectRef> now) {
    now.stream().filter(entry -> !ledger.contains(entry)).forEach(created::add);
    ledger.stream().filter(entry -> !now.contains(entry)).forEach(removed::add);
    ledger = now;
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
