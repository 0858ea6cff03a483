package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A fault that passes changes nothing but the time that the move takes. */
final class FaultTest {

  // Every fault at every request takes minutes; the default leaves out what hardly differs.
  private static final boolean EVERYTHING = Boolean.getBoolean("migrator.exhaustive");

  // By default every so many reads are tried, and every write; every so many writes in all ways.
  private static final int READS = 4;
  private static final int WRITES = 2;

  @TestFactory
  Stream<DynamicTest> everyFaultAtEveryRequestIsRiddenThrough() {
    List<DynamicTest> tests = new ArrayList<>();
    for (boolean fails : new boolean[] {false, true}) {
      Once dry = new Once(-1, Fault.NONE, Fault.NONE);
      run(dry, fails);
      for (int at = fails ? dry.firstWrite() : 1; at <= dry.requests.size(); at++) {
        int index = at;
        ApiRequest request = dry.requests.get(at - 1);
        String name =
            (fails ? "failed copy, " : "success, ")
                + at
                + " "
                + request.side()
                + " "
                + request
                + ", ";
        faults(request, index)
            .forEach(
                (what, fault) ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            name + what, () -> run(new Once(index, fault[0], fault[1]), fails))));
      }
    }
    return tests.stream();
  }

  /** What goes wrong before the effect and after it. */
  private static Map<String, Fault[]> faults(ApiRequest request, int index) {
    Map<String, Fault[]> faults = new TreeMap<>();
    if (EVERYTHING || isWrite(request) || index % READS == 0) {
      faults.put("503", new Fault[] {Fault.answer(503), Fault.NONE});
    }
    if (EVERYTHING || (isWrite(request) && index % WRITES == 0)) {
      faults.put("409", new Fault[] {Fault.answer(409), Fault.NONE});
      faults.put("drop after the effect", new Fault[] {Fault.NONE, Fault.drop()});
    }
    if (EVERYTHING) {
      faults.put("429", new Fault[] {Fault.tooManyRequests(Duration.ofSeconds(20)), Fault.NONE});
      faults.put("drop", new Fault[] {Fault.drop(), Fault.NONE});
      faults.put("500 after the effect", new Fault[] {Fault.NONE, Fault.answer(500)});
    }
    return faults;
  }

  private static boolean isWrite(ApiRequest request) {
    return request.verb().writes() && !request.dryRun();
  }

  @Test
  void aClusterThatIsUnreachableForTenMinutesIsWaitedFor() {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      try (MigrationRig rig = new MigrationRig().booted()) {
        rig.world.target().hold(Switch.HOLD_RUNNING);
        rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
        var back = rig.clock.instant().plus(Duration.ofMinutes(10));
        rig.clusters.faults(
            side,
            new FaultHook() {
              @Override
              public Fault before(ApiRequest request) {
                return rig.clock.instant().isBefore(back) ? Fault.drop() : Fault.NONE;
              }
            });
        rig.clusters.dropWatches(side);
        rig.world.target().release(Switch.HOLD_RUNNING);

        MoveTest.assertMoved(rig, rig.run(), "Always");
      }
    }
  }

  private static void run(Once fault, boolean fails) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full().strategy("RerunOnFailure");
      rig.booted();
      if (fails) {
        rig.world.source().hold(Switch.FAIL_SOURCE);
      }
      rig.clusters.faults(Side.SOURCE, fault);
      rig.clusters.faults(Side.TARGET, fault);
      VmStatus end = rig.run();
      rig.clusters.faults(Side.SOURCE, FaultHook.NONE);
      rig.clusters.faults(Side.TARGET, FaultHook.NONE);
      if (fails) {
        RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      } else {
        MoveTest.assertMoved(rig, end, "RerunOnFailure");
      }
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }

  /** One fault at one request, counted over both clusters. */
  private static final class Once implements FaultHook {
    private final int at;
    private final Fault before;
    private final Fault after;
    private final List<ApiRequest> requests = new ArrayList<>();

    Once(int at, Fault before, Fault after) {
      this.at = at;
      this.before = before;
      this.after = after;
    }

    /** Where the second flow begins: until something is written it does what the first one does. */
    int firstWrite() {
      return EVERYTHING
          ? 1
          : 1
              + requests.indexOf(
                  requests.stream().filter(FaultTest::isWrite).findFirst().orElseThrow());
    }

    @Override
    public Fault before(ApiRequest request) {
      requests.add(request);
      return requests.size() == at ? before : Fault.NONE;
    }

    @Override
    public Fault after(ApiRequest request, int code) {
      return requests.size() == at ? after : Fault.NONE;
    }
  }
}
