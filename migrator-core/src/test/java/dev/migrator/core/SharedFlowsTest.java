package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Completion;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The three points of deferral: what the migrator owns, and what the shared runner does for it. */
class SharedFlowsTest {

  private final List<String> calls = new ArrayList<>();
  private final InMemoryStatusStore store = new InMemoryStatusStore();

  private PhaseAction recording(String who) {
    return context -> {
      calls.add(who + " " + context.status().phase());
      return PhaseOutcome.advance();
    };
  }

  private static MigratorProvider provider(Migrator migrator) {
    return new MigratorProvider() {
      @Override
      public String id() {
        return "own";
      }

      @Override
      public boolean supports(MigrationPlan plan) {
        return plan.migrationType() == MigrationType.LIVE;
      }

      @Override
      public Migrator create(MigrationPlan plan, MigratorContext context) {
        return migrator;
      }
    };
  }

  private VmStatus run(MigratorRegistry registry, SharedFlows flows, MigrationType type) {
    MigrationRunner runner =
        MigrationRunner.builder().registry(registry).sharedFlows(flows).store(store).build();
    MigrationPlan plan = Bench.plan(1).toBuilder().type(type).build();
    Optional<?> next = runner.turn(plan);
    assertThat(next).isEmpty();
    return store.load(plan.id()).get(0);
  }

  @Test
  void aMigratorOfTwoPhasesDelegatesTheRest() {
    Migrator migrator =
        (plan, vm) ->
            Itinerary.of(
                Phase.shared("Started", "Initialize"),
                Phase.of("CreateDisks", "Disks", recording("own")),
                Phase.shared("CopyDisks", "Disks"),
                Phase.of("CreateTarget", "Target", recording("own")),
                Phase.shared("Completed", "Finalize"));

    VmStatus status =
        run(
            MigratorRegistry.of(provider(migrator)),
            SharedFlows.standard().phase("CopyDisks", recording("shared")),
            MigrationType.LIVE);

    assertThat(status.state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(calls).containsExactly("own CreateDisks", "shared CopyDisks", "own CreateTarget");
    assertThat(status.steps())
        .extracting(StepStatus::name)
        .containsExactly("Initialize", "Disks", "Target", "Finalize");
  }

  @Test
  void aMigratorThatOwnsEverythingIsAskedForEverything() {
    Migrator migrator =
        new Migrator() {
          @Override
          public Itinerary itinerary(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            throw new IllegalStateException("Whoever owns everything needs no itinerary here");
          }

          @Override
          public List<StepStatus> pipeline(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            calls.add("pipeline");
            return List.of(StepStatus.pending("All"));
          }

          @Override
          public VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
            calls.add("reset");
            return context.status().toBuilder()
                .state(VmState.RUNNING)
                .phases(List.of("X", "Y"))
                .phase("X")
                .steps(pipeline)
                .build();
          }

          @Override
          public PhaseOutcome executePhase(PhaseContext context) {
            calls.add("execute " + context.status().phase());
            return PhaseOutcome.advance();
          }

          @Override
          public String step(PhaseContext context) {
            return "All";
          }

          @Override
          public Optional<String> next(PhaseContext context) {
            calls.add("next");
            return "X".equals(context.status().phase()) ? Optional.of("Y") : Optional.empty();
          }

          @Override
          public PhaseOutcome complete(PhaseContext context, Completion completion) {
            calls.add("complete " + completion);
            return PhaseOutcome.advance();
          }
        };

    VmStatus status =
        run(MigratorRegistry.of(provider(migrator)), SharedFlows.standard(), MigrationType.LIVE);

    assertThat(status.state()).as("%s", status.failure()).isEqualTo(VmState.SUCCEEDED);
    assertThat(calls)
        .containsExactly(
            "pipeline", "reset", "execute X", "next", "execute Y", "next", "complete SUCCEEDED");
  }

  @Test
  void aPlanThatNoProviderTakesRunsOnTheSharedFlowOfItsType() {
    SharedFlows flows =
        SharedFlows.standard()
            .phase("CreateDisks", recording("host"))
            .phase("CopyDisks", recording("host"))
            .phase("PowerOffSource", recording("host"))
            .phase("CopyLastDifference", recording("host"))
            .phase("CreateTarget", recording("host"))
            .ending(
                (context, completion) -> {
                  calls.add("host " + completion);
                  return PhaseOutcome.advance();
                });

    assertThat(run(MigratorRegistry.of(), flows, MigrationType.COLD).state())
        .isEqualTo(VmState.SUCCEEDED);
    assertThat(calls)
        .containsExactly(
            "host PowerOffSource",
            "host CreateDisks",
            "host CopyDisks",
            "host CreateTarget",
            "host SUCCEEDED");
  }

  @Test
  void warmMigrationsHaveASharedFlowToo() {
    SharedFlows flows = SharedFlows.standard();
    for (String phase :
        List.of(
            "CreateDisks", "CopyDisks", "PowerOffSource", "CopyLastDifference", "CreateTarget")) {
      flows = flows.phase(phase, recording("host"));
    }

    assertThat(run(MigratorRegistry.of(), flows, MigrationType.WARM).state())
        .isEqualTo(VmState.SUCCEEDED);
    assertThat(calls)
        .containsExactly(
            "host CreateDisks",
            "host CopyDisks",
            "host PowerOffSource",
            "host CopyLastDifference",
            "host CreateTarget");
  }

  @Test
  void aHostRegistersAnItineraryOfItsOwn() {
    SharedFlows flows =
        SharedFlows.standard()
            .itinerary(
                MigrationType.LIVE, Itinerary.of(Phase.of("Only", "One", recording("host"))));

    assertThat(run(MigratorRegistry.of(), flows, MigrationType.LIVE).state())
        .isEqualTo(VmState.SUCCEEDED);
    assertThat(calls).containsExactly("host Only");
  }

  @Test
  void aSharedFlowWithPhasesThatNobodyRegisteredIsAClearError() {
    VmStatus status =
        run(
            MigratorRegistry.of(provider((plan, vm) -> Itinerary.of(Phase.shared("A", "S")))),
            SharedFlows.standard().phase("CopyDisks", recording("host")),
            MigrationType.COLD);

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message())
        .contains("No provider supports plan 'p' (type cold")
        .contains("'own'")
        .contains("[PowerOffSource, CreateDisks, CreateTarget]");
  }

  @Test
  void aTypeWithoutProviderAndWithoutSharedFlowIsAClearError() {
    VmStatus status = run(MigratorRegistry.of(), SharedFlows.standard(), MigrationType.LIVE);

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().code()).isEqualTo("NoProvider");
    assertThat(status.failure().message())
        .contains("none was found", "no shared flow of type live either");
  }

  @Test
  void aDelegatedPhaseThatNobodyRegisteredIsAClearError() {
    VmStatus status =
        run(
            MigratorRegistry.of(provider((plan, vm) -> Itinerary.of(Phase.shared("Exotic", "S")))),
            SharedFlows.standard(),
            MigrationType.LIVE);

    assertThat(status.state()).isEqualTo(VmState.FAILED);
    assertThat(status.failure().message())
        .contains(
            "'Exotic' was left to the shared runner", "Completed, PostHook, PreHook, Started");
  }

  @Test
  void aMigratorThatNamesAWrongNextPhaseFailsTheMachineAndNeverEndsIt() {
    for (Optional<String> wrong :
        List.of(Optional.<String>empty(), Optional.of("A"), Optional.of("C"), Optional.of("?"))) {
      Migrator migrator =
          new Migrator() {
            @Override
            public Itinerary itinerary(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
              return Itinerary.of(
                  Phase.of("A", "S", recording("own")),
                  Phase.of("B", "S", recording("own")),
                  Phase.of("C", "S", recording("own")));
            }

            @Override
            public Optional<String> next(PhaseContext context) {
              return wrong;
            }
          };

      MigrationRunner runner =
          MigrationRunner.builder().registry(MigratorRegistry.of(provider(migrator))).build();
      MigrationPlan plan = Bench.plan(1);
      runner.turn(plan);
      VmStatus status = runner.statuses(plan).get(0);

      assertThat(status.state()).as("%s", wrong).isEqualTo(VmState.FAILED);
      assertThat(status.failure().code()).isEqualTo("WrongNextPhase");
    }
  }

  @Test
  void aMigratorWhosePhasesHaveNoStepFailsBeforeItsFirstPhase() {
    Migrator migrator =
        new Migrator() {
          @Override
          public Itinerary itinerary(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            return Itinerary.of(Phase.of("A", "S", recording("own")));
          }

          @Override
          public List<StepStatus> pipeline(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            return List.of(StepStatus.pending("Other"));
          }
        };

    VmStatus status =
        run(MigratorRegistry.of(provider(migrator)), SharedFlows.standard(), MigrationType.LIVE);

    assertThat(status.failure().code()).isEqualTo("UnknownStep");
    assertThat(calls).isEmpty();
  }

  @Test
  void aMigratorWhoseStatusOrResetIsNoBeginningFailsBeforeItsFirstPhase() {
    class Wrong implements Migrator {
      @Override
      public Itinerary itinerary(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
        return Itinerary.of(Phase.of("A", "S", recording("own")));
      }
    }
    Migrator wrongReset =
        new Wrong() {
          @Override
          public VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
            return context.status();
          }
        };
    Migrator wrongStatus =
        new Wrong() {
          @Override
          public VmStatus status(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            return super.status(plan, vm).toBuilder().state(VmState.SUCCEEDED).build();
          }
        };

    for (Migrator migrator : List.of(wrongReset, wrongStatus)) {
      MigrationRunner runner =
          MigrationRunner.builder().registry(MigratorRegistry.of(provider(migrator))).build();
      runner.turn(Bench.plan(1));
      VmStatus status = runner.statuses(Bench.plan(1)).get(0);

      assertThat(status.state()).isEqualTo(VmState.FAILED);
      assertThat(status.failure().code()).isIn("WrongReset", "WrongStatus");
    }
    assertThat(calls).isEmpty();
  }

  @Test
  void aMigratorMayShapeTheFirstStatus() {
    Migrator migrator =
        new Migrator() {
          @Override
          public Itinerary itinerary(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            return Itinerary.of(Phase.of("A", "S", recording("own")));
          }

          @Override
          public VmStatus status(MigrationPlan plan, dev.migrator.model.PlannedVm vm) {
            return VmStatus.pending(plan, vm).toBuilder()
                .facts(java.util.Map.of("from", "status"))
                .build();
          }
        };

    assertThat(
            run(MigratorRegistry.of(provider(migrator)), SharedFlows.standard(), MigrationType.LIVE)
                .fact("from"))
        .contains("status");
  }

  @Test
  void registeringNothingIsAnError() {
    assertThatThrownBy(() -> SharedFlows.standard().phase("A", null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> NoRoute.INSTANCE.step("A")).isInstanceOf(MigrationException.class);
  }
}
