package dev.migrator.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Progress;
import dev.migrator.model.VmRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ItineraryTest {

  private static final PlannedVm VM = PlannedVm.of(new VmRef("demo", "web"));
  private static final MigrationPlan PLAN =
      MigrationPlan.builder("p", Endpoint.of("a", "east"), Endpoint.of("a", "west")).vm(VM).build();

  private static String name(int index) {
    return "Phase" + index;
  }

  /** Phases under the given conditions, two to a step. */
  private static Itinerary declared(List<Boolean> conditions) {
    List<Phase> phases = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      boolean holds = conditions.get(i);
      phases.add(Phase.shared(name(i), "Step" + i / 2).when((plan, vm) -> holds));
    }
    return Itinerary.of(phases);
  }

  private static List<String> included(List<Boolean> conditions) {
    return IntStream.range(0, conditions.size())
        .filter(conditions::get)
        .mapToObj(ItineraryTest::name)
        .toList();
  }

  private static List<String> walk(Itinerary itinerary) {
    List<String> visited = new ArrayList<>();
    Optional<Phase> phase = Optional.of(itinerary.first());
    while (phase.isPresent()) {
      visited.add(phase.get().name());
      assertThat(visited).as("no phase twice").doesNotHaveDuplicates();
      phase = itinerary.next(phase.get().name());
    }
    return visited;
  }

  @Test
  void everySubsetOfConditionsIsWalkedExactlyInDeclaredOrder() {
    int size = 10;
    for (int subset = 1; subset < 1 << size; subset++) {
      int bits = subset;
      List<Boolean> conditions =
          IntStream.range(0, size).mapToObj(i -> (bits >> i & 1) == 1).toList();

      assertThat(walk(declared(conditions).select(PLAN, VM)))
          .as("conditions %s", conditions)
          .isEqualTo(included(conditions));
    }
  }

  @Property
  void longItinerariesAreWalkedExactlyInDeclaredOrder(
      @ForAll @Size(min = 1, max = 60) List<Boolean> conditions) {
    Assume.that(conditions.contains(true));

    Itinerary selected = declared(conditions).select(PLAN, VM);

    assertThat(walk(selected)).isEqualTo(included(conditions));
    assertThat(selected.names()).isEqualTo(included(conditions));
  }

  @Property
  void nextIsTotalOverSelectedPhasesAndAnErrorForAllOthers(
      @ForAll @Size(min = 1, max = 20) List<Boolean> conditions) {
    Assume.that(conditions.contains(true));
    Itinerary selected = declared(conditions).select(PLAN, VM);
    String last = selected.names().get(selected.names().size() - 1);

    for (int i = 0; i < conditions.size(); i++) {
      String current = name(i);
      if (conditions.get(i)) {
        assertThat(selected.next(current).isEmpty())
            .as("only after the last phase there is none: %s", current)
            .isEqualTo(current.equals(last));
      } else {
        assertThatThrownBy(() -> selected.next(current))
            .isInstanceOfSatisfying(
                MigrationException.class, e -> assertThat(e.code()).isEqualTo("PhaseNotSelected"))
            .hasMessageContaining(current);
      }
    }
    assertThatThrownBy(() -> selected.next("Elsewhere"))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> {
              assertThat(e.code()).isEqualTo("UnknownPhase");
              assertThat(e.isRetryable()).isFalse();
            });
  }

  @Property
  void aStoredSelectionIsRestoredWhateverTheConditionsSayNow(
      @ForAll @Size(value = 12) List<Boolean> then, @ForAll @Size(value = 12) List<Boolean> now) {
    Assume.that(then.contains(true));
    List<String> stored = declared(then).select(PLAN, VM).names();

    Itinerary resumed = declared(now).resume(stored);

    assertThat(walk(resumed)).isEqualTo(stored);
  }

  @Property
  void progressCountsThePhasesBefore(@ForAll @Size(min = 1, max = 12) List<Boolean> conditions) {
    Assume.that(conditions.contains(true));
    Itinerary selected = declared(conditions).select(PLAN, VM);

    for (int i = 0; i < selected.names().size(); i++) {
      assertThat(selected.progress(selected.names().get(i)))
          .isEqualTo(new Progress(i, selected.names().size(), "phases"));
    }
  }

  @Property
  void stepsAreThoseOfTheSelectedPhasesEachOnce(
      @ForAll @Size(min = 1, max = 12) List<Boolean> conditions) {
    Assume.that(conditions.contains(true));
    Itinerary selected = declared(conditions).select(PLAN, VM);

    assertThat(selected.steps())
        .doesNotHaveDuplicates()
        .containsExactlyElementsOf(selected.phases().stream().map(Phase::step).distinct().toList());
  }

  @Test
  void aSelectionThatAnotherProgramStoredIsAnError() {
    assertThatThrownBy(() -> declared(List.of(true, true)).resume(List.of(name(0), "Renamed")))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("'Renamed' is unknown")
        .hasMessageContaining("another version");
  }

  @Test
  void anItineraryOfNothingIsAnError() {
    assertThatThrownBy(() -> Itinerary.of()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> declared(List.of(false)).select(PLAN, VM))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("None of the phases [Phase0] is selected");
    assertThatThrownBy(() -> declared(List.of(true)).resume(List.of()))
        .isInstanceOf(MigrationException.class);
  }

  @Test
  void aNameDeclaredTwiceIsAnError() {
    assertThatThrownBy(() -> Itinerary.of(Phase.shared("A", "S"), Phase.shared("A", "S")))
        .hasMessageContaining("'A' is declared twice");
  }

  @Test
  void theStepsOfAnItineraryStandTogether() {
    assertThatThrownBy(
            () ->
                Itinerary.of(
                    Phase.shared("A", "S"), Phase.shared("B", "T"), Phase.shared("C", "S")))
        .hasMessageContaining("step 'S' do not stand together");
  }

  @Test
  void aPhaseIsFoundOnlyWhenItIsSelected() {
    Itinerary selected = declared(List.of(true, false)).select(PLAN, VM);

    assertThat(selected.phase(name(0)).step()).isEqualTo("Step0");
    assertThatThrownBy(() -> selected.phase(name(1))).hasMessageContaining("was not selected");
  }
}
