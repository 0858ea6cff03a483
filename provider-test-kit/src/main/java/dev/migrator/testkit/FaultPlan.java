package dev.migrator.testkit;

import dev.migrator.model.VmRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong during a run, and where: data, the same every time.
 *
 * <p>A fault is bound to a phase and, within it, to one of the executions of its action, the first
 * unless said otherwise. {@link #BEGIN} and {@link #COMPLETE} stand for the migrator's methods of
 * that name. Immutable; usable with any provider through {@link MigratorTestKit#faults}.
 */
public final class FaultPlan {

  /** In place of a phase: {@code Migrator.begin}. */
  public static final String BEGIN = "(begin)";

  /** In place of a phase: {@code Migrator.complete}. */
  public static final String COMPLETE = "(complete)";

  /** The ways in which an execution goes wrong. */
  public enum Kind {
    /** The process dies when the action has done its work and nothing was saved. */
    CRASH_BEFORE_SAVE("crash before save", true),
    /** The process dies when the outcome was saved and nobody was told. */
    CRASH_AFTER_SAVE("crash after save", true),
    /** The save is refused because somebody else saved first. */
    SAVE_CONFLICT("conflict on save", true),
    /** The save is carried out, but the store answers with a fault. */
    SAVE_ANSWER_LOST("answer of save lost", true),
    /** The action throws before it does anything. */
    THROWS("throws", true),
    /** The action throws after it has done its work. */
    THROWS_AFTERWARDS("throws afterwards", true),
    /** The action is executed twice on the same status; the first outcome is thrown away. */
    DUPLICATE_TURN("duplicate turn", true),
    /** Another runner takes a turn between the action and its save. */
    TWO_RUNNERS("two runners", true),
    /** Before the action, the one of the status saved before is executed once more, late. */
    STALE_STATUS("stale status", true),
    /** The thread is interrupted while the action is at work. */
    INTERRUPT("interrupt", true),
    /** Neither cluster can be reached by the action; needs {@link Subject#outage}. */
    OUTAGE("outage", true),
    /** The action fails for good before it does anything. */
    FAILS("fails", false),
    /** The action fails for good after it has done its work. */
    FAILS_AFTERWARDS("fails afterwards", false),
    /** The machine is cancelled when the phase begins. */
    CANCEL("cancel", false),
    /** The machine is cancelled while the process is down after the action has done its work. */
    CANCEL_AFTER_CRASH("cancel after crash", false),
    /** The world stands still as long as the machine is in this phase. */
    NEVER_SATISFIED("await never satisfied", false),
    /** A day passes while the action is at work. */
    CLOCK_JUMP("clock jump", false);

    private final String words;
    private final boolean passing;

    Kind(String words, boolean passing) {
      this.words = words;
      this.passing = passing;
    }

    /** Whether a migration must still succeed, as if nothing had happened. */
    public boolean isPassing() {
      return passing;
    }

    /** The words used in test names. */
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * One thing that goes wrong.
   *
   * @param phase the phase, {@link #BEGIN} or {@link #COMPLETE}
   * @param kind how it goes wrong
   * @param execution the first execution of the action that it happens to, from 0
   * @param times to how many executions in a row it happens; at least 1
   * @param vm the machine by its identity on the source, or null for the first that gets there
   */
  public record Fault(String phase, Kind kind, int execution, int times, @Nullable VmRef vm) {

    public Fault {
      Objects.requireNonNull(phase, "phase");
      Objects.requireNonNull(kind, "kind");
      if (execution < 0 || times < 1) {
        throw new IllegalArgumentException(
            "A fault happens from execution 0 on and at least once, got "
                + execution
                + " and "
                + times);
      }
    }

    /** {@code <phase> x <fault>}. */
    @Override
    public String toString() {
      return phase
          + (execution == 0 ? "" : "#" + execution)
          + " x "
          + kind
          + (times == 1 ? "" : " " + times + " times");
    }
  }

  private static final FaultPlan NONE = new FaultPlan(List.of());

  private final List<Fault> faults;

  private FaultPlan(List<Fault> faults) {
    this.faults = List.copyOf(faults);
  }

  /** Nothing goes wrong. */
  public static FaultPlan none() {
    return NONE;
  }

  /**
   * One plan for each phase and kind, in this order.
   *
   * @param phases the phases, such as {@link MigrationResults#phases}
   * @param kinds the kinds
   * @return the plans; each is named {@code <phase> x <fault>}
   */
  public static List<FaultPlan> matrix(Collection<String> phases, Kind... kinds) {
    List<FaultPlan> plans = new ArrayList<>();
    for (String phase : phases) {
      for (Kind kind : kinds) {
        plans.add(NONE.at(phase, kind));
      }
    }
    return plans;
  }

  /**
   * Draws several faults that a migration must survive.
   *
   * @param seed the same seed draws the same faults
   * @param phases the phases to choose from
   * @param count how many faults
   * @return the plan
   */
  public static FaultPlan seeded(long seed, List<String> phases, int count) {
    List<Kind> kinds =
        List.of(Kind.values()).stream()
            .filter(kind -> kind.isPassing() && kind != Kind.OUTAGE)
            .toList();
    Random random = new Random(seed);
    FaultPlan plan = NONE;
    for (int i = 0; i < count; i++) {
      plan =
          plan.at(
              phases.get(random.nextInt(phases.size())),
              kinds.get(random.nextInt(kinds.size())),
              random.nextInt(2),
              1);
    }
    return plan;
  }

  /** Adds a fault at the first execution of a phase. */
  public FaultPlan at(String phase, Kind kind) {
    return at(phase, kind, 0, 1);
  }

  /**
   * Adds a fault.
   *
   * @param phase the phase
   * @param kind how it goes wrong
   * @param execution the first execution of the action that it happens to, from 0
   * @param times to how many executions in a row it happens
   * @return the changed copy
   */
  public FaultPlan at(String phase, Kind kind, int execution, int times) {
    return with(new Fault(phase, kind, execution, times, null));
  }

  /** Adds a fault. */
  public FaultPlan with(Fault fault) {
    List<Fault> all = new ArrayList<>(faults);
    all.add(fault);
    return new FaultPlan(all);
  }

  /** The faults, in the order in which they were added. */
  public List<Fault> faults() {
    return faults;
  }

  /** Whether a migration must still succeed under all of them. */
  public boolean isPassing() {
    return faults.stream().allMatch(fault -> fault.kind().isPassing());
  }

  /** The faults as test names show them. */
  @Override
  public String toString() {
    return faults.isEmpty()
        ? "no fault"
        : faults.stream().map(Fault::toString).collect(Collectors.joining(", "));
  }
}
