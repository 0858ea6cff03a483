package dev.migrator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationPlanTest {

  private static final VmRef WEB = new VmRef("demo", "web");

  private static MigrationPlan.Builder plan() {
    return MigrationPlan.builder("p", Endpoint.of("a", "east"), Endpoint.of("a", "west"));
  }

  @Test
  void aBuilderOfAPlanHoldsEverythingOfIt() {
    MigrationPlan plan =
        plan()
            .run("7")
            .type("live")
            .warm(true)
            .vm(PlannedVm.of(WEB).to(new VmRef("prod", "web")))
            .storage(StorageMapping.of("*", "fast"))
            .network(new NetworkMapping("*", NetworkMapping.POD))
            .settings(Map.of("k", "v"))
            .requester(new Requester("ann", List.of("ops")))
            .cancelled(List.of(WEB))
            .build();

    assertThat(plan.toBuilder().build()).isEqualTo(plan);
  }

  @Test
  void namingAMachineTwiceIsAnError() {
    assertThatThrownBy(() -> plan().vm("demo", "web").vm("demo", "web").build())
        .hasMessageContaining("names VM demo/web twice");
  }

  @Test
  void aPlanNeedsAnIdAndARun() {
    assertThatThrownBy(() -> plan().run(" ").build()).hasMessageContaining("run must not be blank");
    assertThatThrownBy(
            () -> MigrationPlan.builder("", Endpoint.of("a", "e"), Endpoint.of("a", "w")).build())
        .hasMessageContaining("id must not be blank");
  }

  @Test
  void cancellingAddsToWhatIsCancelled() {
    VmRef other = new VmRef("demo", "db");

    assertThat(plan().build().cancel(List.of(WEB)).cancel(List.of(other)).cancelled())
        .containsExactlyInAnyOrder(WEB, other);
  }

  @Test
  void endpointsOfOneNameAreOneCluster() {
    MigrationPlan within =
        MigrationPlan.builder("p", Endpoint.of("a", "east"), Endpoint.of("a", "east")).build();

    assertThat(within.isWithinOneCluster()).isTrue();
    assertThat(plan().build().isWithinOneCluster()).isFalse();
  }

  @Test
  void machinesAreFoundByTheirSource() {
    assertThat(plan().vm("demo", "web").build().vm(WEB)).contains(PlannedVm.of(WEB));
    assertThat(plan().build().vm(WEB)).isEmpty();
  }

  @Test
  void theReferenceOfAMachineIsReadAsItIsWritten() {
    assertThat(VmRef.parse(WEB.toString())).isEqualTo(WEB);
    for (String bad : List.of("", "web", "/web", "demo/", "a/b/c", " / ")) {
      assertThatThrownBy(() -> VmRef.parse(bad))
          .as("'%s'", bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aHookNeedsAPositiveDeadline() {
    assertThatThrownBy(
            () -> new Hook("h", "i", List.of(), null, null, Duration.ZERO, Hook.OnFailure.ABORT))
        .hasMessageContaining("positive deadline");
  }
}
