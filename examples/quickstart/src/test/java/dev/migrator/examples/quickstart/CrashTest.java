package dev.migrator.examples.quickstart;

import dev.migrator.examples.terminal.Exit;
import dev.migrator.model.Completion;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Saves at which {@link RestartTest} cannot kill a process. */
@DisplayName("The demo that ends at a save goes on when it is started again")
class CrashTest extends WithDemoWorld {

  private enum Save {
    HAND_OVER(VmStatus::isHandedOver),
    SUCCESS(status -> status.state() == VmState.SUCCEEDED),
    CANCEL(status -> status.completion() == Completion.CANCELLED),
    CANCELLED(status -> status.state() == VmState.CANCELLED);

    private final Predicate<VmStatus> when;

    Save(Predicate<VmStatus> when) {
      this.when = when;
    }
  }

  /**
   * A store whose process ends at a save, and to which somebody may listen while memory is copied.
   */
  private static final class Crashing implements StatusStore {
    private final Save last;
    private final boolean takesEffect;
    private final StatusStore store;
    private final Runnable whileCopying;

    Crashing(Save last, boolean takesEffect, StatusStore store, Runnable whileCopying) {
      this.last = last;
      this.takesEffect = takesEffect;
      this.store = store;
      this.whileCopying = whileCopying;
    }

    @Override
    public List<VmStatus> load(String plan) {
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      boolean ends = last.when.test(status);
      boolean saved = (!ends || takesEffect) && store.save(status);
      if (ends) {
        throw new DemoWorld.Crash();
      }
      if ("WaitForStateTransfer".equals(status.phase())) {
        whileCopying.run();
      }
      return saved;
    }
  }

  @ParameterizedTest(name = "{0}, which takes effect: {1}")
  @CsvSource({"HAND_OVER, false", "HAND_OVER, true", "SUCCESS, false", "SUCCESS, true"})
  void aMoveIsFinished(Save save, boolean takesEffect) throws Exception {
    demo.crash((store, cancel) -> new Crashing(save, takesEffect, store, () -> {}));

    demo.run(Map.of()).as(Exit.DONE);

    demo.assertMoved();
  }

  @ParameterizedTest(name = "{0}, which takes effect: {1}")
  @CsvSource({"CANCEL, true", "CANCELLED, false", "CANCELLED, true"})
  void aCancelIsFinished(Save save, boolean takesEffect) throws Exception {
    Set<String> before = demo.targetObjects();
    demo.world.target().hold(Switch.HOLD_RUNNING);
    demo.crash((store, cancel) -> new Crashing(save, takesEffect, store, cancel));

    demo.run(Map.of()).as(Exit.NOT_DONE);

    demo.assertStayed(before);
  }
}
