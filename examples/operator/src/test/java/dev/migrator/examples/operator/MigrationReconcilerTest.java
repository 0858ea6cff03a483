package dev.migrator.examples.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationReconcilerTest {

  private static final Clock STOPPED = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final Gate gate = new Gate();
  private final MigrationReconciler reconciler =
      new MigrationReconciler(
          MigrationRunner.builder().registry(MigratorRegistry.of(gate)),
          new InMemoryStatusStore(),
          STOPPED);
  private final Migration wish = new Migration();

  @BeforeEach
  void wish() {
    wish.setMetadata(new ObjectMetaBuilder().withNamespace("ops").withName("move-web").build());
    wish.setSpec(new Migration.Spec("east", "west", "demo", "web"));
  }

  @Test
  void aMachineThatWaitsIsLookedAtAgainWhenTheRunnerSaysSo() {
    UpdateControl<Migration> answer = reconciler.reconcile(wish, null);

    assertThat(answer.isPatchStatus()).isTrue();
    assertThat(answer.getScheduleDelay()).contains(Duration.ofSeconds(7).toMillis());
    assertThat(wish.getStatus())
        .isEqualTo(new Migration.Status("RUNNING", "Pass", "Gate", "the gate is shut"));
  }

  @Test
  void anUnchangedStatusIsNotWrittenAgain() {
    reconciler.reconcile(wish, null);

    assertThat(reconciler.reconcile(wish, null).isNoUpdate()).isTrue();
  }

  @Test
  void aMachineThatMovedIsNotLookedAtAgain() {
    gate.open = true;

    UpdateControl<Migration> answer = reconciler.reconcile(wish, null);

    assertThat(answer.getScheduleDelay()).isEmpty();
    assertThat(wish.getStatus().state()).isEqualTo("SUCCEEDED");
  }

  @Test
  void deletingTheResourceCancelsAndThenLetsItGo() {
    reconciler.reconcile(wish, null);

    DeleteControl answer = reconciler.cleanup(wish, null);

    assertThat(answer.isRemoveFinalizer()).isTrue();
  }

  @Test
  void thePlansIdLeadsBackToTheResource() {
    assertThat(MigrationReconciler.resource(MigrationReconciler.plan(wish).id()))
        .isEqualTo(new ResourceID("move-web", "ops"));
  }

  /** A provider whose only phase waits until the gate is open. */
  private static final class Gate implements MigratorProvider {
    boolean open;

    @Override
    public String id() {
      return "kubevirt";
    }

    @Override
    public boolean supports(MigrationPlan plan) {
      return true;
    }

    @Override
    public Migrator create(MigrationPlan plan, MigratorContext context) {
      return (Once) () -> pass();
    }

    private PhaseOutcome pass() {
      return open
          ? PhaseOutcome.advance()
          : PhaseOutcome.await("gate", Duration.ofSeconds(7), "the gate is shut");
    }

    @FunctionalInterface
    private interface Once extends Migrator {
      PhaseOutcome pass();

      @Override
      default Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
        return Itinerary.of(Phase.of("Pass", "Gate", context -> pass()));
      }
    }
  }
}
