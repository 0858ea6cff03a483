package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules M1: what is declared, and what is derived from it. */
final class DeclarationRules {

  private static final ObjectRef LEFT_OVER =
      new ObjectRef(Side.TARGET, "v1", "ConfigMap", "kit", "left-over", "uid-of-left-over");

  private final Trial trial;
  private final boolean outages;

  DeclarationRules(Trial trial, boolean outages) {
    this.trial = trial;
    this.outages = outages;
  }

  void itineraryIsStable() {
    try (Direct one = trial.direct();
        Direct other = trial.direct()) {
      List<String> first = describe(one.migrator(), one.plan);
      Migrator migrator = other.migrator();
      for (int call = 0; call < 3; call++) {
        assertThat(describe(migrator, other.plan)).isEqualTo(first);
      }
    }
  }

  void declaringDoesNothing() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      Map<String, String> before = direct.subject.snapshot();
      if (outages) {
        direct.subject.outage(true);
      }
      Itinerary selection = direct.selection(migrator);
      migrator.pipeline(direct.plan, direct.vm);
      migrator.status(direct.plan, direct.vm);
      for (String phase : selection.names()) {
        migrator.step(direct.in(phase, selection.names()));
        migrator.next(direct.in(phase, selection.names()));
      }
      if (outages) {
        direct.subject.outage(false);
      }
      direct.subject.settle();
      assertThat(direct.subject.snapshot()).isEqualTo(before);
    }
  }

  void stepIsTotal() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      List<String> steps =
          migrator.pipeline(direct.plan, direct.vm).stream().map(StepStatus::name).toList();
      List<String> selection = direct.selection(migrator).names();
      List<String> mapped =
          selection.stream().map(phase -> migrator.step(direct.in(phase, selection))).toList();
      assertThat(mapped.stream().distinct().toList())
          .as("the steps of %s", selection)
          .isEqualTo(steps);
    }
  }

  void nextVisitsTheSelection() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      List<String> selection = direct.selection(migrator).names();
      List<String> visited = new ArrayList<>();
      Optional<String> phase = Optional.of(selection.get(0));
      while (phase.isPresent() && visited.size() <= selection.size()) {
        visited.add(phase.get());
        phase = migrator.next(direct.in(phase.get(), selection));
      }
      assertThat(visited).isEqualTo(selection);
    }
  }

  void unknownPhaseIsAnError() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      refuses(migrator, direct.in("NoSuchPhase", direct.selection(migrator).names()));
    }
  }

  void unselectedPhaseIsAnError() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      List<String> selection = direct.selection(migrator).names();
      for (Phase declared : migrator.itinerary(direct.plan, direct.vm).phases()) {
        List<String> without =
            selection.stream().filter(name -> !name.equals(declared.name())).toList();
        if (!without.isEmpty()) {
          refuses(migrator, direct.in(declared.name(), without));
        }
      }
    }
  }

  void resetBegins() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      List<String> selection = direct.selection(migrator).names();
      List<StepStatus> pipeline = migrator.pipeline(direct.plan, direct.vm);
      VmStatus before = leftOver(migrator, direct);
      VmStatus reset = migrator.reset(direct.context(before), pipeline);
      assertThat(reset.phases()).as("phases").isEqualTo(selection);
      assertThat(reset.phase()).as("phase").isEqualTo(selection.get(0));
      assertThat(reset.state()).as("state").isEqualTo(VmState.RUNNING);
      assertThat(reset.steps()).as("steps").isEqualTo(pipeline);
      assertThat(reset.version()).as("version").isEqualTo(before.version());
      assertThat(reset.ledger()).as("ledger").containsAll(before.ledger());
      assertThat(reset.isHandedOver()).as("handed over").isFalse();
      assertThat(reset.completion()).as("completion").isNull();
      assertIsOf(reset, direct);
    }
  }

  void statusIsPending() {
    try (Direct direct = trial.direct()) {
      VmStatus status = direct.migrator().status(direct.plan, direct.vm);
      assertThat(status.state()).isEqualTo(VmState.PENDING);
      assertThat(status.phase()).as("phase").isNull();
      assertThat(status.isHandedOver()).as("handed over").isFalse();
      assertIsOf(status, direct);
    }
  }

  void pipelineIsPending() {
    try (Direct direct = trial.direct()) {
      List<StepStatus> pipeline = direct.migrator().pipeline(direct.plan, direct.vm);
      assertThat(pipeline).isNotEmpty();
      assertThat(pipeline).extracting(StepStatus::name).doesNotHaveDuplicates();
      assertThat(pipeline).extracting(StepStatus::state).containsOnly(StepState.PENDING);
    }
  }

  void inputIsLeftAlone() {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      List<StepStatus> given = new ArrayList<>(migrator.pipeline(direct.plan, direct.vm));
      List<StepStatus> copy = List.copyOf(given);
      VmStatus reset = migrator.reset(direct.context(leftOver(migrator, direct)), given);
      assertThat(given).as("the pipeline that was given to reset").isEqualTo(copy);
      given.clear();
      assertThat(reset.steps()).as("the steps, when the caller's list changes").isEqualTo(copy);
    }
  }

  void storedSelectionsAreContinued(List<VmStatus> stored) {
    try (Direct direct = trial.direct()) {
      Migrator migrator = direct.migrator();
      for (VmStatus status : stored) {
        PhaseContext context = direct.context(status);
        assertThat(migrator.step(context)).as("step of %s", status.phase()).isNotBlank();
        assertThat(catchThrowable(() -> migrator.next(context)))
            .as("what next throws for %s", status.phase())
            .isNull();
      }
    }
  }

  private static List<String> describe(Migrator migrator, MigrationPlan plan) {
    List<String> all = new ArrayList<>();
    for (MigrationPlan variant : List.of(plan, Plans.withHooks(plan))) {
      for (PlannedVm vm : variant.vms()) {
        Itinerary itinerary = migrator.itinerary(variant, vm);
        assertThat(migrator.itinerary(variant, vm).names())
            .as("phases, asked again at once")
            .isEqualTo(itinerary.names());
        List<String> selected = itinerary.select(variant, vm).names();
        for (Phase phase : itinerary.phases()) {
          all.add(
              vm.source()
                  + " "
                  + phase.name()
                  + " of "
                  + phase.step()
                  + (phase.isShared() ? " shared" : " own")
                  + (selected.contains(phase.name()) ? " selected" : " not selected"));
        }
      }
    }
    return all;
  }

  private static void refuses(Migrator migrator, PhaseContext context) {
    String phase = String.valueOf(context.status().phase());
    assertRefused("next of " + phase, catchThrowable(() -> migrator.next(context)));
    assertRefused("step of " + phase, catchThrowable(() -> migrator.step(context)));
    assertRefused("executePhase of " + phase, catchThrowable(() -> migrator.executePhase(context)));
  }

  private static void assertRefused(String call, Throwable thrown) {
    assertThat(thrown)
        .as(call)
        .isInstanceOfSatisfying(
            MigrationException.class,
            refused -> assertThat(refused.isRetryable()).as(call + " is permanent").isFalse());
  }

  private static VmStatus leftOver(Migrator migrator, Direct direct) {
    return migrator.status(direct.plan, direct.vm).toBuilder()
        .version(7)
        .ledger(List.of(LEFT_OVER))
        .build();
  }

  private static void assertIsOf(VmStatus status, Direct direct) {
    assertThat(status.plan()).as("plan").isEqualTo(direct.plan.id());
    assertThat(status.run()).as("run").isEqualTo(direct.plan.run());
    assertThat(status.vm()).as("machine").isEqualTo(direct.vm.source());
  }
}
