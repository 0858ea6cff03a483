package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.StatusStore;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process dies at every request and every save of a hook, before and after it takes effect; a
 * Job may have finished before the next process begins.
 */
class HookCrashTest {

  /** Create the Job, read it, create the ConfigMap, resume the Job, and looks at it later. */
  private static final int REQUESTS = 6;

  private static final int SAVES = 8;

  static Stream<Arguments> points() {
    List<Arguments> points = new ArrayList<>();
    for (HookStage stage : HookStage.values()) {
      for (boolean after : new boolean[] {false, true}) {
        for (boolean quick : new boolean[] {false, true}) {
          for (int number = 1; number <= REQUESTS; number++) {
            points.add(Arguments.of(stage, "request", number, after, quick));
          }
          for (int number = 1; number <= SAVES; number++) {
            points.add(Arguments.of(stage, "save", number, after, quick));
          }
        }
      }
    }
    return points.stream();
  }

  @ParameterizedTest(name = "{0} hook x {1} {2} x after its effect: {3} x Job quicker: {4}")
  @MethodSource("points")
  void noCrashStartsAHookTwice(
      HookStage stage, String what, int number, boolean after, boolean quick) {
    try (HookFixture bench =
        new HookFixture(HookFixture.plan(stage, HookFixture.hook(OnFailure.ABORT)))) {
      if (what.equals("save")) {
        bench.store = new CrashingStore(bench.store, number, after);
        bench.start();
      } else {
        bench.clusters.faults(Side.SOURCE, crashAt(number, after));
      }

      for (int i = 0; i < 30; i++) {
        try {
          var next = bench.turn();
          play(bench, quick || i > 5);
          if (next.isEmpty()) {
            break;
          }
          bench.clock.advanceTo(next.get());
        } catch (SimulatedCrash | CrashingStore.Crash e) {
          play(bench, quick);
          bench.clusters.faults(Side.SOURCE, FaultHook.NONE);
          bench.restart();
        }
      }

      VmStatus status = bench.status(HookFixture.WEB);
      assertThat(status.state()).as("%s", status).isEqualTo(VmState.SUCCEEDED);
      assertThat(status.warnings()).isEmpty();
      assertThat(bench.startedUids).hasSize(1);
      assertThat(bench.jobs()).hasSize(1);
    }
  }

  /** A person deletes the finished Job while the process is down: there must be no second one. */
  @ParameterizedTest(name = "{0} hook")
  @EnumSource(HookStage.class)
  void notEvenADeletedJobIsStartedAgain(HookStage stage) {
    for (int number = 1; number <= SAVES; number++) {
      try (HookFixture bench =
          new HookFixture(HookFixture.plan(stage, HookFixture.hook(OnFailure.WARN)))) {
        bench.store = new CrashingStore(bench.store, number, false);
        bench.start();
        for (int i = 0; i < 30; i++) {
          try {
            var next = bench.turn();
            play(bench, true);
            if (next.isEmpty()) {
              break;
            }
            bench.clock.advanceTo(next.get());
          } catch (CrashingStore.Crash e) {
            play(bench, true);
            bench.jobs().stream()
                .filter(job -> bench.startedUids.contains(job.getMetadata().getUid()))
                .forEach(job -> bench.clusters.actorClient(Side.SOURCE).resource(job).delete());
            bench.restart();
          }
        }

        assertThat(bench.startedUids).as("crash at save " + number).hasSize(1);
        assertThat(bench.status(HookFixture.WEB).state()).isEqualTo(VmState.SUCCEEDED);
      }
    }
  }

  private static void play(HookFixture bench, boolean finish) {
    bench.startJobs();
    if (finish && bench.startedUids.size() == bench.jobs().size()) {
      bench.jobs().stream()
          .filter(job -> job.getStatus().getSucceeded() == null)
          .forEach(job -> bench.complete());
    }
  }

  private static FaultHook crashAt(int number, boolean after) {
    return new FaultHook() {
      @Override
      public Fault before(ApiRequest request) {
        return !after && request.number() == number ? Fault.crash() : Fault.NONE;
      }

      @Override
      public Fault after(ApiRequest request, int code) {
        return after && request.number() == number ? Fault.crash() : Fault.NONE;
      }
    };
  }

  /** Dies once, at a save. */
  private static final class CrashingStore implements StatusStore {
    static final class Crash extends Error {
      private static final long serialVersionUID = 1L;
    }

    private final StatusStore store;
    private final int at;
    private final boolean after;
    private int saves;

    CrashingStore(StatusStore store, int at, boolean after) {
      this.store = store;
      this.at = at;
      this.after = after;
    }

    @Override
    public List<VmStatus> load(String plan) {
      return store.load(plan);
    }

    @Override
    public boolean save(VmStatus status) {
      boolean crash = ++saves == at;
      if (crash && !after) {
        throw new Crash();
      }
      boolean saved = store.save(status);
      if (crash) {
        throw new Crash();
      }
      return saved;
    }
  }
}
