package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.Hook.OnFailure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookStage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a hook whose machine is cancelled. */
class HookStopTest {

  private HookFixture fixture;

  @BeforeEach
  void start() {
    fixture = new HookFixture(HookFixture.plan(HookStage.PRE, HookFixture.hook(OnFailure.ABORT)));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatIsMadeForAHookIsInTheLedger() {
    fixture.turn();
    fixture.startJobs();

    VmStatus status = fixture.status(HookFixture.WEB);
    assertThat(status.ledger())
        .extracting(ObjectRef::side, ObjectRef::kind, ObjectRef::uid)
        .containsExactlyInAnyOrder(
            tuple(Side.HOST, "Job", fixture.job().getMetadata().getUid()),
            tuple(Side.HOST, "ConfigMap", mounted().get(0).getMetadata().getUid()));
  }

  @Test
  void aCancelEndsAHookThatRuns() {
    fixture.turn();
    fixture.startJobs();

    VmStatus end = cancel();

    assertThat(end.state()).isEqualTo(VmState.CANCELLED);
    assertThat(end.warnings()).isEmpty();
    assertThat(end.ledger()).isEmpty();
    assertThat(fixture.jobs()).isEmpty();
    assertThat(mounted()).isEmpty();
  }

  @Test
  void aHookThatWasMadeAndNeverRecordedIsFoundByItsName() {
    fixture.turn();
    fixture.store = new InMemoryStatusStore();
    fixture.store.save(
        VmStatus.pending(fixture.plan, fixture.plan.vms().get(0)).toBuilder()
            .state(VmState.RUNNING)
            .phases(List.of("Started", "PreHook", "Move", "Completed"))
            .phase("PreHook")
            .build());
    fixture.restart();

    assertThat(cancel().state()).isEqualTo(VmState.CANCELLED);
    assertThat(fixture.jobs()).isEmpty();
  }

  @Test
  void aHookThatHasEndedKeepsItsLog() {
    fixture.turn();
    fixture.startJobs();
    fixture.fail("BackoffLimitExceeded", "it failed");

    VmStatus end = finish();

    assertThat(end.state()).isEqualTo(VmState.FAILED);
    assertThat(end.ledger()).extracting(ObjectRef::kind).contains("Job");
    assertThat(fixture.jobs()).hasSize(1);
  }

  @Test
  void aPodThatDoesNotEndHoldsTheRollBackUpForTwoMinutesOnly() {
    fixture.turn();
    fixture.startJobs();
    fixture.pod(new ContainerState());
    Instant cancelled = fixture.clock.instant();

    VmStatus end = cancel();

    assertThat(end.state()).isEqualTo(VmState.CANCELLED);
    assertThat(end.warnings())
        .singleElement()
        .asString()
        .startsWith("Hook 'backup' could not be ended: Job hooks/")
        .endsWith("is being ended.");
    assertThat(Duration.between(cancelled, fixture.clock.instant()))
        .isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
  }

  @Test
  void whoMayNotDeleteJobsGetsAWarning() {
    fixture.turn();
    fixture.startJobs();
    fixture.clusters.access(
        Side.SOURCE, asked -> !(asked.verb().equals("delete") && asked.resource().equals("jobs")));

    VmStatus end = cancel();

    assertThat(end.state()).isEqualTo(VmState.CANCELLED);
    assertThat(end.warnings()).singleElement().asString().contains("Could not delete", "Job");
    assertThat(end.ledger()).as("what is left is not forgotten").hasSize(2);
  }

  private VmStatus cancel() {
    fixture.plan = fixture.plan.cancel(List.of(HookFixture.WEB));
    return finish();
  }

  private VmStatus finish() {
    for (int i = 0; i < 200; i++) {
      Optional<Instant> next = fixture.turn();
      if (next.isEmpty()) {
        return fixture.status(HookFixture.WEB);
      }
      fixture.clock.advanceTo(next.get());
    }
    throw new AssertionError("No end: " + fixture.status(HookFixture.WEB));
  }

  private List<ConfigMap> mounted() {
    return fixture
        .clusters
        .actorClient(Side.SOURCE)
        .configMaps()
        .inNamespace(HookFixture.NAMESPACE)
        .withLabel("migrator.dev/role", "hook")
        .list()
        .getItems();
  }
}
