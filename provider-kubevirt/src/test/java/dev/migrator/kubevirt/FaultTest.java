package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A fault that passes changes nothing but the time that the move takes; a refusal ends in a clean
 * roll-back or, after the hand-over, in a success.
 *
 * <p>All cells take minutes. By default every other write and a few reads meet one fault each, by
 * turns; {@code -Dmigrator.exhaustive=true} runs all.
 */
final class FaultTest {

  private static final List<Flow> FLOWS = List.of(Flow.SUCCESS, Flow.FAILURE_DURING_COPY);
  private static final int SEQUENCES = CrashTest.EVERYTHING ? 300 : 6;
  private static final int WRITES = CrashTest.EVERYTHING ? 1 : 2;
  private static final int READS = CrashTest.EVERYTHING ? 1 : 9;
  private static final int REFUSALS = CrashTest.EVERYTHING ? 1 : 11;

  private final Map<Flow, Left> calm = new HashMap<>();

  @TestFactory
  Stream<DynamicTest> everyPassingFaultAtEveryRequestIsRiddenThrough() {
    List<DynamicTest> tests = new ArrayList<>();
    ApiFault[] faults = ApiFault.values();
    int cells = 0;
    int sampled = 0;
    for (Flow flow : FLOWS) {
      List<ApiRequest> requests = requests(flow);
      cells += requests.size() * faults.length;
      for (int at = 1; at <= requests.size(); at++) {
        ApiRequest request = requests.get(at - 1);
        if (at % (isWrite(request) ? WRITES : READS) == 0) {
          sampled++;
          for (ApiFault fault : faults) {
            if (CrashTest.EVERYTHING || sampled % faults.length == fault.ordinal()) {
              tests.add(cell(flow, at, request, fault));
            }
          }
        }
      }
    }
    System.out.println(
        "Fault matrix: "
            + tests.size()
            + " of "
            + cells
            + " cells run; all with -Dmigrator.exhaustive=true");
    return tests.stream();
  }

  private DynamicTest cell(Flow flow, int at, ApiRequest request, ApiFault fault) {
    return DynamicTest.dynamicTest(
        flow + " x " + fault + " x " + at + " " + request.side() + " " + request,
        () -> assertThat(run(flow, rig -> new Faults(rig, at, fault))).isEqualTo(calm(flow)));
  }

  @TestFactory
  Stream<DynamicTest> aSequenceOfPassingFaultsIsRiddenThrough() {
    return IntStream.range(0, SEQUENCES)
        .mapToObj(
            seed -> {
              Flow flow = FLOWS.get(seed % FLOWS.size());
              return DynamicTest.dynamicTest(
                  flow + " x seed " + seed,
                  () ->
                      assertThat(run(flow, rig -> Faults.drawn(rig, seed))).isEqualTo(calm(flow)));
            });
  }

  @TestFactory
  Stream<DynamicTest> aRefusalEndsInACleanRollBackOrAfterTheHandOverInASuccess() {
    List<ApiRequest> requests = requests(Flow.SUCCESS);
    return IntStream.rangeClosed(1, requests.size())
        .filter(at -> at % REFUSALS == 0)
        .mapToObj(
            at ->
                DynamicTest.dynamicTest(
                    "403 x " + at + " " + requests.get(at - 1).side() + " " + requests.get(at - 1),
                    () -> refuse(at)));
  }

  private static void refuse(int at) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      Refusal refusal = new Refusal(rig, at);
      VmStatus end = rig.run();
      assertThat(refusal.seen).isGreaterThanOrEqualTo(at);
      if (end.state() == VmState.SUCCEEDED) {
        MoveTest.assertMoved(rig, end, "RerunOnFailure");
      } else {
        assertThat(refusal.afterHandOver).as(rig::describe).isFalse();
        RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      }
    }
  }

  private Left calm(Flow flow) {
    return calm.computeIfAbsent(flow, unknown -> run(unknown, rig -> new Faults(rig, 0, null)));
  }

  /**
   * What a run asks for; until something is written the second flow does what the first one does.
   */
  private static List<ApiRequest> requests(Flow flow) {
    List<ApiRequest> requests = new ArrayList<>();
    run(
        flow,
        rig -> {
          Faults none = new Faults(rig, 0, null);
          none.seen = requests;
          return none;
        });
    return requests;
  }

  private static Left run(Flow flow, Function<MigrationRig, Faults> hook) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      Faults faults = hook.apply(rig);
      flow.arrange(rig);
      flow.act(rig);
      VmStatus end = rig.run();
      faults.stop();
      return Left.of(rig, end, flow);
    }
  }

  private static boolean isWrite(ApiRequest request) {
    return request.changes();
  }

  /** One request is refused, whatever it is. */
  private static final class Refusal implements FaultHook {
    private final MigrationRig rig;
    private final Thread runner = Thread.currentThread();
    private final int at;
    private int seen;
    private boolean afterHandOver;

    Refusal(MigrationRig rig, int at) {
      this.rig = rig;
      this.at = at;
      rig.clusters.faults(Side.SOURCE, this);
      rig.clusters.faults(Side.TARGET, this);
    }

    @Override
    public Fault before(ApiRequest request) {
      if (!Thread.currentThread().equals(runner) || ++seen != at) {
        return Fault.NONE;
      }
      afterHandOver = rig.status().isHandedOver();
      return Fault.answer(403);
    }
  }
}
