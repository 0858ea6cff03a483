package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancel at every instant around the hand-over (contract 2.10): undone, or too late. */
final class CancelTest {

  private static final Duration STEP =
      CrashTest.EVERYTHING ? Duration.ofMillis(50) : Duration.ofMillis(400);
  private static final Duration SPAN = Duration.ofSeconds(12);

  @ParameterizedTest
  @ValueSource(
      strings = {"HaltSource", "VerifyTarget", "AwaitSourceEnd", "RemoveMigrations", "PostHook"})
  void comesTooLateInEveryPhaseAfterTheHandOver(String phase) {
    try (MigrationRig rig = Shape.HOOKS.boot()) {
      rig.stopAtPhase(phase);
      rig.cancel();

      VmStatus end = rig.run();

      assertTooLate(rig, end, "Always");
      assertThat(rig.events).hasAtLeastOneElementOfType(MigrationEvent.CancelTooLate.class);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyInstantFromTheFirstHalfToTheEnd() {
    return IntStream.range(0, (int) (SPAN.toMillis() / STEP.toMillis()))
        .mapToObj(STEP::multipliedBy)
        .map(
            time ->
                DynamicTest.dynamicTest(
                    time.toMillis() + " ms after the send half was made", () -> cancelAfter(time)));
  }

  /** Nobody looks meanwhile: what the cancel meets is news to the runner. */
  private static void cancelAfter(Duration time) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.runUntil("send half", status -> !rig.half(Side.SOURCE).equals("gone"));
      rig.idle(time);
      boolean moved = hasMoved(rig);
      rig.cancel();

      VmStatus end = rig.run();

      if (moved || end.state() == VmState.SUCCEEDED) {
        assertTooLate(rig, end, "RerunOnFailure");
      } else {
        RollBackTest.assertUndone(rig, end, VmState.CANCELLED, "RerunOnFailure");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"HOLD_ACKNOWLEDGE", "HOLD_COMPLETE"})
  void betweenDomainReadyAndCompletedItIsTooLate(Switch held) {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.world.target().hold(held);
      rig.runUntil("send half", status -> !rig.half(Side.SOURCE).equals("gone"));
      rig.idle(Duration.ofSeconds(30));
      assertThat(rig.status().isHandedOver()).as("nobody looked").isFalse();
      rig.cancel();
      rig.runUntil("seen", VmStatus::isHandedOver);
      rig.world.target().release(held);

      assertTooLate(rig, rig.run(), "RerunOnFailure");
    }
  }

  @Test
  void completedOnTheTargetAndNotSeenByUsItIsTooLate() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.runUntil("send half", status -> !rig.half(Side.SOURCE).equals("gone"));
      rig.world.source().hold(Switch.SOURCE_POD_STAYS);
      rig.idle(Duration.ofMinutes(2));
      assertThat(rig.status().isHandedOver()).as("nobody looked").isFalse();
      rig.cancel();
      rig.runUntil("seen", VmStatus::isHandedOver);
      rig.world.source().release(Switch.SOURCE_POD_STAYS);

      assertTooLate(rig, rig.run(), "RerunOnFailure");
    }
  }

  @Test
  void anAbortThatNobodyCarriesOutIsForcedWhileTheSourceIsProvenToRun() {
    try (MigrationRig rig = Shape.FULL.boot()) {
      rig.world.source().hold(Switch.HOLD_ABORT);
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil(
          "copying",
          status ->
              rig.half(Side.SOURCE).equals("Running") && rig.half(Side.TARGET).equals("Running"));
      rig.cancel();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.CANCELLED, "RerunOnFailure");
      assertThat(end.fact(Facts.FORCED)).isPresent();
    }
  }

  /** The cancel is accepted, the halves are leaving, and the guest arrives all the same. */
  @Test
  void anAbortThatTheSwitchOverOvertakesComesTooLate() {
    try (MigrationRig rig = copying(Switch.ABORT_OVERTAKEN)) {
      rig.bystander = () -> assertHaltedOnProofOnly(rig);
      rig.cancel();
      rig.runUntil("abort asked for", status -> abortRequested(rig));
      assertThat(rig.running()).containsExactly(Side.SOURCE);
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      assertTooLate(rig, end, "RerunOnFailure");
      rig.idle(Duration.ofMinutes(30));
      assertThat(rig.running()).containsExactly(Side.TARGET);
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }

  /** The target said that the guest had arrived, and it was the source that was right. */
  @Test
  void wordsThatCrossEndInAQuestionAndWithTheGuestOnTheSource() {
    try (MigrationRig rig = copying(Switch.ABORT_CROSSED)) {
      rig.bystander = () -> assertHaltedOnProofOnly(rig);
      rig.cancel();
      rig.runUntil("abort asked for", status -> abortRequested(rig));
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(rig.running()).as(rig::describe).containsExactly(Side.SOURCE);
      assertThat(rig.strategy(Side.SOURCE)).isNotEqualTo("Halted");
      assertThat(rig.get(Side.TARGET, Kind.VIRTUAL_MACHINE, MigrationRig.NAME)).isPresent();
      assertThat(rig.simulator.oracles().violations()).isEmpty();
    }
  }

  private static MigrationRig copying(Switch source) {
    MigrationRig rig = Shape.FULL.boot();
    rig.world.source().hold(source);
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runUntil(
        "copying",
        status ->
            rig.half(Side.SOURCE).equals("Running") && rig.half(Side.TARGET).equals("Running"));
    return rig;
  }

  private static boolean abortRequested(MigrationRig rig) {
    return rig.get(Side.SOURCE, Kind.INSTANCE, MigrationRig.NAME)
        .map(VmiView::new)
        .filter(vmi -> vmi.migrationState().abortRequested())
        .isPresent();
  }

  private static void assertHaltedOnProofOnly(MigrationRig rig) {
    if (rig.strategy(Side.SOURCE).equals("Halted")) {
      assertThat(rig.running()).as(rig::describe).contains(Side.TARGET);
    }
  }

  static void assertTooLate(MigrationRig rig, VmStatus end, String strategy) {
    MoveTest.assertMoved(rig, end, strategy);
    assertThat(end.warnings()).anyMatch(warning -> warning.contains("too late"));
  }

  private static boolean hasMoved(MigrationRig rig) {
    return Stream.of(Side.SOURCE, Side.TARGET)
        .flatMap(side -> rig.get(side, Kind.INSTANCE, MigrationRig.NAME).stream())
        .map(VmiView::new)
        .anyMatch(
            vmi ->
                vmi.migrationState().domainReady().isPresent() && !vmi.migrationState().failed());
  }
}
