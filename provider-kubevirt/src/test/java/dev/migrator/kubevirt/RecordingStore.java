package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.util.ArrayList;
import java.util.List;

/** Counts what is saved, and ends the process at a save. */
final class RecordingStore implements StatusStore {
  StatusStore store;
  int saves;
  String stopAt = "";
  int forgetAt;
  Runnable before = () -> {};
  Runnable after = () -> {};

  private final List<VmStatus> kept = new ArrayList<>();

  RecordingStore(StatusStore store) {
    this.store = store;
  }

  /** What was saved last was never there; what was done since was done all the same. */
  void forgetLastSave() {
    if (!kept.isEmpty()) {
      kept.remove(kept.size() - 1);
      store = new InMemoryStatusStore();
      kept.forEach(store::save);
    }
  }

  @Override
  public List<VmStatus> load(String plan) {
    return store.load(plan);
  }

  @Override
  public boolean save(VmStatus status) {
    saves++;
    before.run();
    if (saves == forgetAt) {
      throw new MigrationRig.Stopped();
    }
    boolean saved = store.save(status);
    if (saved) {
      kept.add(status);
    }
    after.run();
    if (saved && stopAt.equals(status.phase())) {
      throw new MigrationRig.Stopped();
    }
    return saved;
  }
}
