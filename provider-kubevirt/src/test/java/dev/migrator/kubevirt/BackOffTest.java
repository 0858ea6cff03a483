package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.core.RetryPolicy;
import dev.migrator.model.Failure;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tries, their spacing and their end follow the policy to the instant, and the status says so. */
final class BackOffTest {

  private static final RetryPolicy POLICY =
      new RetryPolicy(
          Duration.ofSeconds(1),
          2,
          Duration.ofSeconds(30),
          0,
          Integer.MAX_VALUE,
          Duration.ofMinutes(5));

  @Test
  void triesComeEverLessOftenAndEndWithTheBudget() {
    try (MigrationRig rig = rig()) {
      rig.stopAtPhase("EnsureResources");
      rig.events.clear();
      rig.clusters.faults(Side.TARGET, failing("secrets", Fault.drop()));

      rig.runUntil("given up", status -> status.state() == VmState.ENDING);
      Instant given = rig.clock.instant();
      rig.clusters.faults(Side.TARGET, FaultHook.NONE);

      List<MigrationEvent.RetryScheduled> tries = tries(rig);
      Failure last = tries.get(tries.size() - 1).failure();
      assertThat(tries.subList(0, tries.size() - 1))
          .extracting(each -> Duration.between(each.failure().last(), each.next()).toSeconds())
          .startsWith(1L, 2L, 4L, 8L, 16L, 30L, 30L)
          .allMatch(seconds -> seconds <= 30);
      for (int i = 0; i < tries.size(); i++) {
        assertThat(tries.get(i).failure().count()).isEqualTo(i + 1);
        assertThat(tries.get(i).failure().first()).isEqualTo(last.first());
        if (i > 0) {
          assertThat(tries.get(i).failure().last()).isEqualTo(tries.get(i - 1).next());
        }
      }
      assertThat(Duration.between(last.first(), given)).isEqualTo(Duration.ofMinutes(5));

      VmStatus end = rig.run();
      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure().code()).isEqualTo("RetriesExhausted");
      assertThat(end.failure().message()).contains("tried " + (tries.size() + 1) + " times");
    }
  }

  @Test
  void theStatusShowsCauseCountAndNextTry() {
    try (MigrationRig rig = rig()) {
      rig.stopAtPhase("EnsureResources");
      rig.clusters.faults(Side.TARGET, failing("secrets", Fault.answer(503)));

      VmStatus status = rig.runUntil("three tries", each -> each.attempts() == 3);

      assertThat(status.failure().message()).contains("Secret").contains("503");
      assertThat(status.failure().count()).isEqualTo(3);
      assertThat(status.due()).isEqualTo(status.failure().last().plusSeconds(4));
    }
  }

  @Test
  void aDeadlineStrikesToTheInstant() {
    try (MigrationRig rig = rig()) {
      rig.setting("deadline.volumes", "3m");
      rig.world.target().hold(Switch.DATA_VOLUME_STUCK);

      VmStatus end = rig.run();

      Instant waits = at(rig, MigrationEvent.Waits.class, "CreateEmptyDataVolumes");
      Instant ending =
          rig.events.stream()
              .filter(MigrationEvent.Ending.class::isInstance)
              .map(MigrationEvent::at)
              .findFirst()
              .orElseThrow();
      assertThat(Duration.between(waits, ending)).isEqualTo(Duration.ofMinutes(3));
      RollBackTest.assertUndone(rig, end, VmState.FAILED, "RerunOnFailure");
      assertThat(end.failure().code()).isEqualTo("DeadlineExceeded");
      assertThat(end.failure().message()).contains("web-root").contains("waited");
    }
  }

  static MigrationRig rig() {
    MigrationRig rig = Shape.FULL.boot();
    rig.settings = rig.settings.andThen(builder -> builder.retryPolicy(POLICY));
    return rig;
  }

  private static Instant at(MigrationRig rig, Class<MigrationEvent.Waits> type, String phase) {
    return rig.events.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(each -> phase.equals(each.phase()))
        .map(MigrationEvent::at)
        .findFirst()
        .orElseThrow();
  }

  private static List<MigrationEvent.RetryScheduled> tries(MigrationRig rig) {
    List<MigrationEvent.RetryScheduled> tries = new ArrayList<>();
    for (MigrationEvent event : rig.events) {
      if (event instanceof MigrationEvent.RetryScheduled scheduled
          && scheduled.failure().cause() == null) {
        tries.add(scheduled);
      }
    }
    return tries;
  }

  private static FaultHook failing(String resource, Fault fault) {
    return new FaultHook() {
      @Override
      public Fault before(ApiRequest request) {
        return request.resource().equals(resource) ? fault : Fault.NONE;
      }
    };
  }
}
