package dev.migrator.spi;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Progress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ordered phases of a migration; everything that people see is derived from it.
 *
 * <p>It is a list, not a graph. Phases of one step stand together. A fresh itinerary selects all
 * its phases; {@link #select} evaluates the conditions once and {@link #resume} restores a stored
 * selection. Immutable.
 */
public final class Itinerary {

  private final Map<String, Phase> declared;
  private final List<Phase> selected;
  private final List<String> names;
  private final Map<String, Integer> positions = new HashMap<>();

  /** The last selection that was made: machines of a plan mostly share one. */
  private volatile @Nullable Itinerary latest;

  private Itinerary(Map<String, Phase> declared, List<Phase> selected) {
    this.declared = declared;
    this.selected = List.copyOf(selected);
    this.names = List.copyOf(selected.stream().map(Phase::name).toList());
    for (int i = 0; i < names.size(); i++) {
      positions.put(names.get(i), i);
    }
  }

  /**
   * Declares an itinerary.
   *
   * @param phases its phases in order
   * @return the itinerary, with all phases selected
   * @throws IllegalArgumentException when there is none, when a name stands twice, or when the
   *     phases of a step do not stand together
   */
  public static Itinerary of(List<Phase> phases) {
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("An itinerary needs at least one phase");
    }
    Map<String, Phase> declared = new LinkedHashMap<>();
    Set<String> steps = new LinkedHashSet<>();
    String last = "";
    for (Phase phase : phases) {
      if (declared.put(phase.name(), phase) != null) {
        throw new IllegalArgumentException("Phase '" + phase.name() + "' is declared twice");
      }
      if (!phase.step().equals(last) && !steps.add(phase.step())) {
        throw new IllegalArgumentException(
            "The phases of step '" + phase.step() + "' do not stand together");
      }
      last = phase.step();
    }
    return new Itinerary(declared, phases);
  }

  /** As {@link #of(List)}. */
  public static Itinerary of(Phase... phases) {
    return of(List.of(phases));
  }

  /**
   * Evaluates the conditions for one machine.
   *
   * @param plan the plan
   * @param vm the machine
   * @return the itinerary with the phases whose condition holds
   * @throws MigrationException when none does
   */
  public Itinerary select(MigrationPlan plan, PlannedVm vm) {
    return choose(phase -> phase.condition().test(plan, vm));
  }

  /**
   * Restores a selection that was stored.
   *
   * @param names the names of the selected phases
   * @return the itinerary with these phases, in declared order
   * @throws MigrationException when there is none, or one is not declared: the program is not the
   *     one that began
   */
  public Itinerary resume(List<String> names) {
    Itinerary last = latest;
    if (last != null && last.names.equals(names)) {
      return last;
    }
    Set<String> wanted = new LinkedHashSet<>(names);
    for (String name : wanted) {
      declared(name);
    }
    return choose(phase -> wanted.contains(phase.name()));
  }

  /** The selected phases, in order. */
  public List<Phase> phases() {
    return selected;
  }

  /** The names of the selected phases, in order. */
  public List<String> names() {
    return names;
  }

  /** The first selected phase. */
  public Phase first() {
    return selected.get(0);
  }

  /**
   * The phase after a phase.
   *
   * @param current the name of a selected phase
   * @return the next selected phase in declared order, or empty after the last
   * @throws MigrationException when {@code current} is not declared or not selected: that is never
   *     the end of a migration
   */
  public Optional<Phase> next(String current) {
    int next = position(current) + 1;
    return next < selected.size() ? Optional.of(selected.get(next)) : Optional.empty();
  }

  /**
   * Finds a selected phase.
   *
   * @param name its name
   * @return the phase
   * @throws MigrationException when it is not declared or not selected
   */
  public Phase phase(String name) {
    return selected.get(position(name));
  }

  /** The steps of the selected phases, in order, each once. */
  public List<String> steps() {
    return selected.stream().map(Phase::step).distinct().toList();
  }

  /**
   * How far a phase is.
   *
   * @param current the name of a selected phase
   * @return the phases before it, of all selected ones
   * @throws MigrationException when it is not declared or not selected
   */
  public Progress progress(String current) {
    return new Progress(position(current), selected.size(), "phases");
  }

  private Itinerary choose(Predicate<Phase> wanted) {
    List<Phase> chosen = declared.values().stream().filter(wanted).toList();
    if (chosen.isEmpty()) {
      throw MigrationException.permanent(
          "NoPhaseSelected", "None of the phases " + declared.keySet() + " is selected.");
    }
    Itinerary last = latest;
    if (last != null && last.selected.equals(chosen)) {
      return last;
    }
    Itinerary itinerary = new Itinerary(declared, chosen);
    latest = itinerary;
    return itinerary;
  }

  private int position(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      declared(name);
      throw MigrationException.permanent(
          "PhaseNotSelected",
          "Phase '"
              + name
              + "' is declared but was not selected for this VM; selected are "
              + names
              + ".");
    }
    return position;
  }

  private void declared(String name) {
    if (!declared.containsKey(name)) {
      throw MigrationException.permanent(
          "UnknownPhase",
          "Phase '"
              + name
              + "' is unknown; declared are "
              + declared.keySet()
              + ". Was the migration started by another version?");
    }
  }
}
