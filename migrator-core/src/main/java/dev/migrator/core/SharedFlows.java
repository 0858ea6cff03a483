package dev.migrator.core;

import dev.migrator.model.Completion;
import dev.migrator.model.MigrationType;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.Phase;
import dev.migrator.spi.PhaseAction;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What machines of several providers have in common: phases that a migrator may delegate, and whole
 * itineraries for plans that no provider takes.
 *
 * <p>Immutable. {@link #standard} brings the itineraries of cold and warm migrations and says how
 * {@code Started} and {@code Completed} are executed; the runner adds {@code PreHook} and {@code
 * PostHook}, which call its {@link dev.migrator.spi.HookRunner}. A host registers the other phases,
 * or an itinerary of its own:
 *
 * <pre>{@code
 * SharedFlows.standard()
 *     .phase("PowerOffSource", context -> ...)
 *     .phase("CopyDisks", context -> ...)
 *     .ending((context, completion) -> ...)
 * }</pre>
 */
public final class SharedFlows {

  /** The name of the first phase of every flow. */
  public static final String STARTED = "Started";

  /** The name of the phase that runs the hook before the move. */
  public static final String PRE_HOOK = "PreHook";

  /** The name of the phase that runs the hook after the move. */
  public static final String POST_HOOK = "PostHook";

  /** The name of the last phase of every flow. */
  public static final String COMPLETED = "Completed";

  /** What carries out the ending of a machine that runs on a shared itinerary. */
  @FunctionalInterface
  public interface Ending {

    /**
     * Does what is left to do; see {@link dev.migrator.spi.Migrator#complete}.
     *
     * @param context the plan, the machine, its status and the time
     * @param completion how it ends
     * @return what it found
     * @throws Exception as for {@link PhaseAction#execute}
     */
    PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception;
  }

  private final Map<String, PhaseAction> phases;
  private final Map<MigrationType, Itinerary> itineraries;
  private final Ending ending;

  private SharedFlows(
      Map<String, PhaseAction> phases, Map<MigrationType, Itinerary> itineraries, Ending ending) {
    this.phases = Map.copyOf(phases);
    this.itineraries = Map.copyOf(itineraries);
    this.ending = ending;
  }

  /** The standard flows, of which the host still has to register the phases that do the work. */
  public static SharedFlows standard() {
    return new SharedFlows(
        Map.of(
            STARTED,
            context -> PhaseOutcome.advance(),
            COMPLETED,
            context -> PhaseOutcome.advance()),
        Map.of(MigrationType.COLD, cold(), MigrationType.WARM, warm()),
        (context, completion) -> PhaseOutcome.advance());
  }

  /**
   * Registers how a shared phase is executed; replaces an earlier registration of the name.
   *
   * @param name the phase's name
   * @param action its work, for every machine that delegates it
   * @return the changed copy
   */
  public SharedFlows phase(String name, PhaseAction action) {
    Map<String, PhaseAction> all = new HashMap<>(phases);
    all.put(name, Objects.requireNonNull(action, "action"));
    return new SharedFlows(all, itineraries, ending);
  }

  /**
   * Registers the itinerary for plans of a type that no provider takes; replaces an earlier one.
   *
   * @param type the type
   * @param itinerary its phases; those that are {@link Phase#isShared shared} must be registered
   * @return the changed copy
   */
  public SharedFlows itinerary(MigrationType type, Itinerary itinerary) {
    Map<MigrationType, Itinerary> all = new EnumMap<>(MigrationType.class);
    all.putAll(itineraries);
    all.put(type, Objects.requireNonNull(itinerary, "itinerary"));
    return new SharedFlows(phases, all, ending);
  }

  /**
   * Registers what carries out the endings on shared itineraries; by default nothing is done.
   *
   * @param ending clean-up and roll-back
   * @return the changed copy
   */
  public SharedFlows ending(Ending ending) {
    return new SharedFlows(phases, itineraries, Objects.requireNonNull(ending, "ending"));
  }

  /** Adds the phases that run hooks, unless the host registered its own. */
  SharedFlows withHooks(HookPhases hooks) {
    Map<String, PhaseAction> all = new HashMap<>(phases);
    all.putIfAbsent(PRE_HOOK, hooks::pre);
    all.putIfAbsent(POST_HOOK, hooks::post);
    return new SharedFlows(all, itineraries, ending);
  }

  Optional<PhaseAction> action(String phase) {
    return Optional.ofNullable(phases.get(phase));
  }

  Optional<Itinerary> itinerary(MigrationType type) {
    return Optional.ofNullable(itineraries.get(type));
  }

  /** The names of the registered phases, sorted. */
  SortedSet<String> names() {
    return new TreeSet<>(phases.keySet());
  }

  Ending ending() {
    return ending;
  }

  /** The shared phases of an itinerary that nobody registered. */
  List<String> missing(Itinerary itinerary) {
    return itinerary.phases().stream()
        .filter(Phase::isShared)
        .map(Phase::name)
        .filter(name -> !phases.containsKey(name))
        .toList();
  }

  private static Itinerary cold() {
    return Itinerary.of(
        Phase.shared(STARTED, "Initialize"),
        preHook(),
        Phase.shared("PowerOffSource", "PowerOff"),
        Phase.shared("CreateDisks", "DiskTransfer"),
        Phase.shared("CopyDisks", "DiskTransfer"),
        Phase.shared("CreateTarget", "VirtualMachineCreation"),
        postHook(),
        Phase.shared(COMPLETED, "Finalize"));
  }

  private static Itinerary warm() {
    return Itinerary.of(
        Phase.shared(STARTED, "Initialize"),
        preHook(),
        Phase.shared("CreateDisks", "DiskTransfer"),
        Phase.shared("CopyDisks", "DiskTransfer"),
        Phase.shared("PowerOffSource", "Cutover"),
        Phase.shared("CopyLastDifference", "Cutover"),
        Phase.shared("CreateTarget", "VirtualMachineCreation"),
        postHook(),
        Phase.shared(COMPLETED, "Finalize"));
  }

  private static Phase preHook() {
    return Phase.shared(PRE_HOOK, PRE_HOOK).when((plan, vm) -> vm.preHook().isPresent());
  }

  private static Phase postHook() {
    return Phase.shared(POST_HOOK, POST_HOOK).when((plan, vm) -> vm.postHook().isPresent());
  }
}
