package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.examples.quickstart.DemoWorld.Ended;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The demo as a process that is killed, interrupted and started again")
class RestartTest extends WithDemoWorld {

  private static final int MOVED = Exit.DONE.code();
  private static final int NOT_MOVED = Exit.NOT_DONE.code();

  @Test
  void killedWhileMemoryIsCopiedItGoesOn() throws Exception {
    demo.world.target().hold(Switch.HOLD_RUNNING);
    Child first = demo.start();
    demo.untilHalvesAre("Running");
    first.kill();

    Ended other = demo.run(Map.of("targetVm", "elsewhere")).as(Exit.GAVE_WAY);
    assertThat(other.text()).contains("is on its way").contains("gives way");
    demo.world.target().release(Switch.HOLD_RUNNING);
    Ended second = demo.run(Map.of()).as(Exit.DONE);
    assertThat(second.text())
        .contains("goes on in phase")
        .containsPattern("6/11 +Synchronize +WaitForStateTransfer");
    demo.assertMoved();
    Ended third = demo.run(Map.of()).as(Exit.DONE);
    assertThat(third.text()).contains("has ended: SUCCEEDED");
  }

  @Test
  void killedRightAfterTheHandOverItFinishes() throws Exception {
    demo.world.target().hold(Switch.HOLD_ACKNOWLEDGE);
    Child first = demo.start().untilItSays("the guest has moved");
    first.kill();
    demo.world.target().release(Switch.HOLD_ACKNOWLEDGE);

    Ended second = demo.run(Map.of()).as(Exit.DONE);
    demo.assertMoved();
  }

  @Test
  @DisplayName(
      "SIGTERM leaves everything for the next start; of two of these the other one gives way")
  void toldToEndItLeavesEverything() throws Exception {
    demo.world.target().hold(Switch.HOLD_RUNNING);
    Child first = demo.start();
    demo.untilHalvesAre("Running");
    first.signal("TERM");
    assertThat(first.exitCode()).as(first::text).isEqualTo(Exit.LEFT.code());
    assertThat(first.text()).contains("the same command goes on from here");
    demo.untilHalvesAre("Running");

    Child second = demo.start().untilItSays("goes on in phase");
    Child third = demo.start().untilItSays("goes on in phase");
    demo.world.target().release(Switch.HOLD_RUNNING);

    List<Integer> codes = List.of(second.exitCode(), third.exitCode());
    String texts = second.text() + "\n" + third.text();
    assertThat(codes).as(texts).containsExactlyInAnyOrder(MOVED, Exit.GAVE_WAY.code());
    assertThat(texts).containsOnlyOnce("Another program moves this machine; this one gives way.");
    demo.assertMoved();
  }

  @Test
  @DisplayName("SIGINT while memory is copied cancels, and the next start says so")
  void interruptedItCancels() throws Exception {
    assumeInterruptsArrive();
    Set<String> before = demo.targetObjects();
    demo.world.target().hold(Switch.HOLD_RUNNING);
    Child first = demo.start().untilItSays("WaitForStateTransfer");
    demo.untilHalvesAre("Running");
    first.signal("INT");

    assertThat(first.exitCode()).as(first::text).isEqualTo(NOT_MOVED);
    demo.assertStayed(before);
    Ended second = demo.run(Map.of()).as(Exit.NOT_DONE);
    assertThat(second.text()).contains("has ended: CANCELLED").contains("-Drun");
    demo.world.target().release(Switch.HOLD_RUNNING);
    Ended third = demo.run(Map.of("run", "2")).as(Exit.DONE);
    demo.assertMoved();
  }

  @Test
  @DisplayName("SIGINT after the hand-over comes too late, and the move is finished")
  void interruptedTooLateItFinishes() throws Exception {
    assumeInterruptsArrive();
    demo.world.target().hold(Switch.HOLD_ACKNOWLEDGE);
    Child first = demo.start().untilItSays("the guest has moved");
    first.signal("INT");
    first.untilItSays("too late to cancel");
    demo.world.target().release(Switch.HOLD_ACKNOWLEDGE);

    assertThat(first.exitCode()).as(first::text).isEqualTo(MOVED);
    demo.assertMoved();
  }

  @Test
  @DisplayName(
      "Of two that are started together one moves the machine; the other one finds it moved, or gives way")
  void twoAtOnceFromTheBeginning() throws Exception {
    CompletableFuture<Ended> other = CompletableFuture.supplyAsync(this::run);

    List<Integer> codes = List.of(run().code(), other.get().code());

    assertThat(codes).contains(MOVED).isSubsetOf(MOVED, Exit.GAVE_WAY.code());
    demo.assertMoved();
  }

  private Ended run() {
    try {
      return demo.run(Map.of());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A program that was started in the background by some shells ignores interrupts for good. */
  private static void assumeInterruptsArrive() throws Exception {
    Path self = Path.of("/proc/self/status");
    assumeThat(self).as("a system that says which signals are ignored").isReadable();
    String ignored =
        Files.readAllLines(self).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    assumeThat(Long.parseUnsignedLong(ignored, 16) & 2).as("SIGINT is not ignored").isZero();
  }
}
