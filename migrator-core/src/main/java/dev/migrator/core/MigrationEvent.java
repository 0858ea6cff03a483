package dev.migrator.core;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.Failure;
import dev.migrator.model.Progress;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a plan or to one of its machines; a fact, saved before it is told.
 *
 * <p>New kinds may be added in any release: a listener ignores what it does not know.
 */
public sealed interface MigrationEvent {

  /** The plan's id. */
  String plan();

  /** When it happened, by the host's clock. */
  Instant at();

  /** One sentence for people, without the names of plan and machine. */
  String describe();

  /** Something that happened to one machine. */
  sealed interface OfVm extends MigrationEvent {

    /** The machine, by its identity on the source. */
    VmRef vm();
  }

  /**
   * A machine was put before its first phase.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param phases the selected phases
   */
  record Started(String plan, VmRef vm, Instant at, List<String> phases) implements OfVm {
    @Override
    public String describe() {
      return "Started; its phases are " + String.join(", ", phases);
    }
  }

  /**
   * Validation found something.
   *
   * @param plan the plan's id
   * @param vm the machine that was validated
   * @param at when
   * @param concern what was found
   */
  record ConcernFound(String plan, VmRef vm, Instant at, Concern concern) implements OfVm {
    @Override
    public String describe() {
      return concern.describe();
    }
  }

  /**
   * A validation that the host asked for ({@link MigrationRunner#validate}) has come further; told
   * while it is at work, and never saved.
   *
   * @param plan the plan's id
   * @param vm the machine that was validated
   * @param at when
   * @param done how many of the plan's machines were validated, from 1
   * @param total how many machines the plan has
   * @param concerns what was found about this machine and the plan
   */
  record Validated(String plan, VmRef vm, Instant at, int done, int total, List<Concern> concerns)
      implements OfVm {
    public Validated {
      concerns = List.copyOf(concerns);
    }

    @Override
    public String describe() {
      long critical = concerns.stream().filter(Concern::isCritical).count();
      return "Validated, "
          + done
          + " of "
          + total
          + ": "
          + critical
          + " critical concerns, "
          + (concerns.size() - critical)
          + " others";
    }
  }

  /**
   * A phase began.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param phase the phase
   * @param step the step that it belongs to
   */
  record PhaseEntered(String plan, VmRef vm, Instant at, String phase, String step)
      implements OfVm {
    @Override
    public String describe() {
      return "Entered phase " + phase + " (step " + step + ")";
    }
  }

  /**
   * A machine waits for something else than before, or says so in other words. Mere words are told
   * once a second at most, the last of them always.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param phase the phase, or null before the first
   * @param name the name of the wait
   * @param reason a sentence for people
   */
  record Waits(
      String plan, VmRef vm, Instant at, @Nullable String phase, String name, String reason)
      implements OfVm {
    @Override
    public String describe() {
      return "Waits: " + reason;
    }
  }

  /**
   * What a machine waits for has come further.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param phase the phase, or null before the first
   * @param progress how far
   */
  record Progressed(String plan, VmRef vm, Instant at, @Nullable String phase, Progress progress)
      implements OfVm {
    @Override
    public String describe() {
      return "Progressed to "
          + progress.completed()
          + " of "
          + progress.total()
          + " "
          + progress.unit();
    }
  }

  /**
   * A try failed and there will be another one.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param failure what happened, and how often
   * @param next when it is tried again
   */
  record RetryScheduled(String plan, VmRef vm, Instant at, Failure failure, Instant next)
      implements OfVm {
    @Override
    public String describe() {
      return "Failed "
          + failure.count()
          + " times, tried again at "
          + next
          + ": "
          + failure.message();
    }
  }

  /**
   * A person should know something although the migration goes on.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param warning what to know
   */
  record Warned(String plan, VmRef vm, Instant at, String warning) implements OfVm {
    @Override
    public String describe() {
      return "Warning: " + warning;
    }
  }

  /**
   * The guest is known to have moved: from here on nothing is undone.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when it was first known
   */
  record HandedOver(String plan, VmRef vm, Instant at) implements OfVm {
    @Override
    public String describe() {
      return "Handed over: the guest has moved";
    }
  }

  /**
   * A cancel came after the hand-over and has no effect.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   */
  record CancelTooLate(String plan, VmRef vm, Instant at) implements OfVm {
    @Override
    public String describe() {
      return "The cancel came too late";
    }
  }

  /**
   * The itinerary is over and the ending is being carried out.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param completion how it ends
   * @param failure why, or null when nothing went wrong
   */
  record Ending(String plan, VmRef vm, Instant at, Completion completion, @Nullable Failure failure)
      implements OfVm {
    @Override
    public String describe() {
      return "Ending as " + completion + (failure == null ? "" : ": " + failure.message());
    }
  }

  /**
   * The itinerary is taken up again: the roll-back found that the guest has moved, or the host
   * asked for another try.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param state what the machine is in again
   * @param phase where it stood
   */
  record Resumed(String plan, VmRef vm, Instant at, VmState state, @Nullable String phase)
      implements OfVm {
    @Override
    public String describe() {
      return "Taken up again as " + state + " in phase " + phase;
    }
  }

  /**
   * A machine is final.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param state how it ended
   * @param failure why, or null when nothing went wrong
   * @param warnings what to know about a success
   */
  record Ended(
      String plan,
      VmRef vm,
      Instant at,
      VmState state,
      @Nullable Failure failure,
      List<String> warnings)
      implements OfVm {
    @Override
    public String describe() {
      return "Ended as " + state + (failure == null ? "" : ": " + failure.message());
    }
  }

  /**
   * Somebody else saved the machine's status, so what was just done for it is thrown away.
   *
   * @param plan the plan's id
   * @param vm the machine
   * @param at when
   * @param version the version that was stale
   */
  record SaveRefused(String plan, VmRef vm, Instant at, long version) implements OfVm {
    @Override
    public String describe() {
      return "Somebody else moved it; what was just done is looked at again";
    }
  }

  /**
   * The store could not be reached, so nothing was done.
   *
   * @param plan the plan's id
   * @param at when
   * @param message what the store said
   * @param next when it is tried again
   */
  record StoreUnavailable(String plan, Instant at, String message, Instant next)
      implements MigrationEvent {
    @Override
    public String describe() {
      return "The statuses cannot be read or saved, tried again at " + next + ": " + message;
    }
  }
}
