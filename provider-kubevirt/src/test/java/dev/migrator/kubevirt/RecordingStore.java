package dev.migrator.kubevirt;

import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import java.util.List;

/** Counts what is saved, and ends the process at a save. */
final class RecordingStore implements StatusStore {
  StatusStore store;
  int saves;
  String stopAt = "";
  int forgetAt;
  Runnable before = () -> {};
  Runnable after = () -> {};

  RecordingStore(StatusStore store) {
    this.store = store;
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
    after.run();
    if (saved && stopAt.equals(status.phase())) {
      throw new MigrationRig.Stopped();
    }
    return saved;
  }
}
