package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.kubevirt.CrashPoints.Crash;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The process dies, and what it saved last is gone, too: its successor begins with the save before
 * that, while more stands in the clusters than it says.
 */
final class StaleStatusTest {

  private static final List<Flow> FLOWS =
      List.of(Flow.SUCCESS, Flow.FAILURE_DURING_COPY, Flow.SECOND_ATTEMPT);
  private static final int SAMPLE = CrashTest.EVERYTHING ? 1 : 8;

  @TestFactory
  Stream<DynamicTest> endsAsWithoutIt() {
    return cells(
        false,
        (flow, crash) -> {
          Left calm = left(flow);
          try (MigrationRig rig = started(flow)) {
            fallBack(rig, crash);
            Left left = Left.of(rig, rig.run(), flow);
            assertThat(left.made()).isEqualTo(calm.made());
            assertThat(left.source()).isEqualTo(calm.source());
            assertThat(left.target()).isEqualTo(calm.target());
            assertThat(left.strategies()).isEqualTo(calm.strategies());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aCancelMeanwhileUndoesAllOrComesTooLate() {
    return cells(
        true,
        (flow, crash) -> {
          try (MigrationRig rig = started(flow)) {
            CrashPoints points = fallBack(rig, crash);
            Runnable before = rig.onCrash;
            rig.onCrash =
                () -> {
                  before.run();
                  rig.cancel();
                };
            VmStatus end = rig.run();
            assertThat(points.sins()).isEmpty();
            if (end.state() == VmState.SUCCEEDED) {
              MoveTest.assertMoved(rig, end, "RerunOnFailure");
            } else {
              assertThat(end.state())
                  .as(rig::describe)
                  .isIn(VmState.CANCELLED, flow.isMoved() ? VmState.CANCELLED : VmState.FAILED);
              RollBackTest.assertUndone(rig, end, end.state(), "RerunOnFailure");
            }
          }
        });
  }

  private interface Cell {
    void hold(Flow flow, Crash crash);
  }

  private static Stream<DynamicTest> cells(boolean cancelled, Cell cell) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Flow flow : FLOWS) {
      List<String> names = points(flow);
      for (int point = 1; point <= names.size(); point++) {
        if ((point + flow.ordinal() + (cancelled ? SAMPLE / 2 : 0)) % SAMPLE == 0) {
          Crash crash = new Crash(point, true);
          tests.add(
              DynamicTest.dynamicTest(
                  flow + " x after " + point + " " + names.get(point - 1),
                  () -> cell.hold(flow, crash)));
        }
      }
    }
    return tests.stream();
  }

  private static CrashPoints fallBack(MigrationRig rig, Crash crash) {
    rig.onCrash = rig.store::forgetLastSave;
    return new CrashPoints(rig, crash);
  }

  /** Points are counted from here: a flow may need the process to live until then. */
  private static MigrationRig started(Flow flow) {
    MigrationRig rig = Shape.FULL.boot();
    flow.arrange(rig);
    flow.act(rig);
    return rig;
  }

  private static List<String> points(Flow flow) {
    try (MigrationRig rig = started(flow)) {
      CrashPoints points = new CrashPoints(rig);
      rig.run();
      return points.names();
    }
  }

  private static Left left(Flow flow) {
    try (MigrationRig rig = started(flow)) {
      return Left.of(rig, rig.run(), flow);
    }
  }
}
