package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The process dies before or after each write and each save; its successor ends in the same state.
 */
final class CrashTest {

  /** What is to become of the machine. */
  private enum Flow {
    SUCCESS(VmState.SUCCEEDED),
    FAILED_COPY(VmState.FAILED),
    CANCEL_WHILE_COPYING(VmState.CANCELLED);

    private final VmState end;

    Flow(VmState end) {
      this.end = end;
    }
  }

  /** What a run left behind. */
  private record Left(
      VmState state, Set<String> source, Set<String> target, String from, String to) {}

  @TestFactory
  Stream<DynamicTest> everyCrashEndsAsWithoutIt() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Flow flow : Flow.values()) {
      Points points = new Points(-1, false);
      Left wanted = run(flow, points);
      for (int point = 1; point <= points.seen; point++) {
        for (boolean after : new boolean[] {false, true}) {
          int at = point;
          tests.add(
              DynamicTest.dynamicTest(
                  flow + " x full x " + (after ? "after " : "before ") + points.names.get(at - 1),
                  () -> assertThat(run(flow, new Points(at, after))).isEqualTo(wanted)));
        }
      }
    }
    return tests.stream();
  }

  private static Left run(Flow flow, Points points) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full().strategy("RerunOnFailure");
      rig.booted();
      points.install(rig);
      if (flow == Flow.FAILED_COPY) {
        rig.world.source().hold(Switch.FAIL_SOURCE);
      }
      if (flow == Flow.CANCEL_WHILE_COPYING) {
        rig.world.target().hold(Switch.HOLD_RUNNING);
        rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
        rig.cancel();
      }
      VmStatus end = rig.run();
      assertThat(end.state()).as(rig::describe).isEqualTo(flow.end);
      assertThat(rig.simulator.oracles().violations()).isEmpty();
      return new Left(
          end.state(),
          withoutPods(rig, Side.SOURCE),
          withoutPods(rig, Side.TARGET),
          rig.strategy(Side.SOURCE),
          rig.strategy(Side.TARGET));
    }
  }

  private static Set<String> withoutPods(MigrationRig rig, Side side) {
    Set<String> objects = rig.simulator.oracles().objects(side, MigrationRig.NAMESPACE);
    objects.removeIf(name -> name.startsWith("Pod/"));
    return objects;
  }

  /** Counts writes and saves, and crashes at one of them. */
  private static final class Points implements FaultHook {
    private final int crashAt;
    private final boolean after;
    private final List<String> names = new ArrayList<>();
    private int seen;
    private int current;

    Points(int crashAt, boolean after) {
      this.crashAt = crashAt;
      this.after = after;
    }

    void install(MigrationRig rig) {
      rig.clusters.faults(Side.SOURCE, this);
      rig.clusters.faults(Side.TARGET, this);
      rig.store.before = () -> crash(count("save"), false);
      rig.store.after = () -> crash(current, true);
    }

    @Override
    public Fault before(ApiRequest request) {
      if (!request.changes()) {
        return Fault.NONE;
      }
      return count(request.toString()) == crashAt && !after ? Fault.crash() : Fault.NONE;
    }

    @Override
    public Fault after(ApiRequest request, int code) {
      return request.changes() && current == crashAt && after && seen == crashAt
          ? Fault.crash()
          : Fault.NONE;
    }

    private int count(String name) {
      current = ++seen;
      names.add(seen + " " + name);
      return current;
    }

    private void crash(int point, boolean afterwards) {
      if (point == crashAt && after == afterwards && seen == crashAt) {
        throw new MigrationRig.Stopped();
      }
    }
  }
}
