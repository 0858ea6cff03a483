package dev.migrator.spi;

import dev.migrator.model.Progress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a phase's action found; only the runner turns it into a new status.
 *
 * <table>
 *   <caption>Each outcome's consequence</caption>
 *   <tr><th>outcome</th><th>the runner</th></tr>
 *   <tr><td>{@link Advance}</td><td>goes to the next selected phase, in the same turn</td></tr>
 *   <tr><td>{@link Await}</td><td>stays, and runs the action again when it is due or woken</td></tr>
 *   <tr><td>{@link Retry}</td><td>stays, backs off, and fails when the phase's budget is spent</td></tr>
 *   <tr><td>{@link Fail}</td><td>rolls back or preserves; after the hand-over a failure that asks for
 *       a roll-back becomes a warning and the itinerary goes on</td></tr>
 *   <tr><td>{@link Delegate}</td><td>runs the shared phase of this name instead</td></tr>
 * </table>
 *
 * <p>{@link Notes} of every outcome are saved first.
 */
public sealed interface PhaseOutcome {

  /** What to write into the status together with this outcome. */
  Notes notes();

  /** Returns the same outcome with these notes added. */
  PhaseOutcome with(Notes more);

  /** What happens to what was made when a phase fails. */
  enum Disposition {
    /** The migrator's {@code complete} undoes it. */
    ROLL_BACK,
    /** Nothing is touched any more and a person is asked to look. */
    PRESERVE
  }

  /**
   * The phase is done.
   *
   * @param notes what to write down
   */
  record Advance(Notes notes) implements PhaseOutcome {
    private static final Advance DONE = new Advance(Notes.none());

    @Override
    public Advance with(Notes more) {
      return new Advance(notes.and(more));
    }
  }

  /**
   * The phase waits for something; nothing went wrong.
   *
   * @param name what is waited for, as a stable identifier within the phase; a new name starts the
   *     deadlines anew
   * @param reason a sentence for people; may change without restarting the time
   * @param recheck when to look again if nobody wakes the machine before; zero for at once
   * @param deadline how long the wait by this name may take in all, or null for ever
   * @param stall how long it may take without a change of {@code progress}, or null for ever
   * @param progress how far it has come, or null
   * @param late what passing one of the deadlines means
   * @param notes what to write down
   */
  record Await(
      String name,
      String reason,
      Duration recheck,
      @Nullable Duration deadline,
      @Nullable Duration stall,
      @Nullable Progress progress,
      Disposition late,
      Notes notes)
      implements PhaseOutcome {

    public Await {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(late, "late");
      Objects.requireNonNull(notes, "notes");
      if (recheck.isNegative()) {
        throw new IllegalArgumentException("Wait '" + name + "' cannot recheck after " + recheck);
      }
    }

    @Override
    public Await with(Notes more) {
      return new Await(name, reason, recheck, deadline, stall, progress, late, notes.and(more));
    }

    /** Ends the wait with a failure after this time, in which outages of a cluster do not count. */
    public Await atMost(Duration deadline) {
      return new Await(name, reason, recheck, deadline, stall, progress, late, notes);
    }

    /** Ends the wait with a failure after this time without progress. */
    public Await stalledAfter(Duration stall) {
      return new Await(name, reason, recheck, deadline, stall, progress, late, notes);
    }

    /** Shows progress. */
    public Await progress(@Nullable Progress progress) {
      return new Await(name, reason, recheck, deadline, stall, progress, late, notes);
    }

    /** Keeps everything when a deadline passes, instead of rolling back. */
    public Await preserveWhenLate() {
      return new Await(
          name, reason, recheck, deadline, stall, progress, Disposition.PRESERVE, notes);
    }
  }

  /**
   * The phase ran into a fault that may pass.
   *
   * @param message what failed, on which object, why
   * @param after the shortest time to wait, if the server named one, or null
   * @param notes what to write down
   */
  record Retry(String message, @Nullable Duration after, Notes notes) implements PhaseOutcome {
    @Override
    public Retry with(Notes more) {
      return new Retry(message, after, notes.and(more));
    }
  }

  /**
   * The phase cannot succeed.
   *
   * @param code a stable identifier in upper camel case
   * @param message what failed, on which object, why, what to do; never the value of a secret
   * @param disposition what happens to what was made
   * @param notes what to write down
   */
  record Fail(String code, String message, Disposition disposition, Notes notes)
      implements PhaseOutcome {
    @Override
    public Fail with(Notes more) {
      return new Fail(code, message, disposition, notes.and(more));
    }
  }

  /** This phase is the shared runner's to execute, not the migrator's. */
  record Delegate() implements PhaseOutcome {
    @Override
    public Notes notes() {
      return Notes.none();
    }

    @Override
    public Delegate with(Notes more) {
      throw new IllegalStateException("A delegated phase has nothing to write down");
    }
  }

  /** The phase is done and there is nothing to write down. */
  static Advance advance() {
    return Advance.DONE;
  }

  /** The phase is done. */
  static Advance advance(Notes notes) {
    return new Advance(notes);
  }

  /**
   * The phase waits, without a deadline until {@link Await#atMost} sets one.
   *
   * @param name what is waited for, as a stable identifier
   * @param recheck when to look again if nobody wakes the machine before
   * @param reason a sentence for people
   * @return the outcome
   */
  static Await await(String name, Duration recheck, String reason) {
    return new Await(name, reason, recheck, null, null, null, Disposition.ROLL_BACK, Notes.none());
  }

  /**
   * Saves the notes, then runs the action again at once: for what must be on record before the next
   * write.
   *
   * @param notes what to write down
   * @return the outcome
   */
  static Await recorded(Notes notes) {
    return await("recorded", Duration.ZERO, "Recorded before the next write").with(notes);
  }

  /** The phase ran into a fault that may pass. */
  static Retry retry(String message) {
    return new Retry(message, null, Notes.none());
  }

  /** The phase cannot succeed and what was made is to be undone. */
  static Fail fail(String code, String message) {
    return new Fail(code, message, Disposition.ROLL_BACK, Notes.none());
  }

  /** The phase cannot succeed and nothing may be touched any more. */
  static Fail preserve(String code, String message) {
    return new Fail(code, message, Disposition.PRESERVE, Notes.none());
  }

  /** Leaves the phase to the shared runner. */
  static Delegate delegate() {
    return new Delegate();
  }
}
