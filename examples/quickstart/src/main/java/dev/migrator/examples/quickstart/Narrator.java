package dev.migrator.examples.quickstart;

import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationListener;
import dev.migrator.model.Concern;
import dev.migrator.model.Failure;
import dev.migrator.model.Progress;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the story of one machine's move while it happens, a line for each phase.
 *
 * <p>Called by one thread at a time: the demo moves one machine.
 */
final class Narrator implements MigrationListener {

  private static final String DETAIL = " ".repeat(21);
  private static final int BAR = 24;
  private static final int STRIDE = 10;
  private static final int WIDTH = 76;
  private static final long WORTH_MENTIONING = 100;
  private static final Duration READING = Duration.ofMillis(400);

  private final PrintStream out;
  private final Instant began;
  private List<String> phases;
  private @Nullable Instant entered;
  private String lastWait = "";
  private String lastFailure = "";
  private Instant quietUntil = Instant.MIN;
  private final Set<String> told = new HashSet<>();
  private long shown;

  /**
   * Begins to tell.
   *
   * @param out the screen
   * @param began the instant that times are counted from
   * @param phases the phases of a machine that was started earlier, else none
   */
  Narrator(PrintStream out, Instant began, List<String> phases) {
    this.out = out;
    this.began = began;
    this.phases = phases;
  }

  @Override
  public void onEvent(MigrationEvent event) {
    if (event instanceof MigrationEvent.Started started) {
      phases = started.phases();
    } else if (event instanceof MigrationEvent.PhaseEntered phase) {
      enter(phase.at(), phase.phase(), phase.step());
    } else if (event instanceof MigrationEvent.Waits waits) {
      if (waits.phase() == null && entered == null) {
        enter(waits.at(), "(once for the plan)", "-");
      }
      wait(waits.at(), waits.reason());
    } else if (event instanceof MigrationEvent.Progressed progressed) {
      progress(progressed.progress());
    } else if (event instanceof MigrationEvent.HandedOver handedOver) {
      detail("at " + time(handedOver.at()).strip() + ": the guest has moved");
    } else if (event instanceof MigrationEvent.ConcernFound found) {
      concern(found.concern());
    } else if (event instanceof MigrationEvent.RetryScheduled retry) {
      detail("try " + retry.failure().count() + " failed: " + retry.failure().message());
      detail("next try at " + time(retry.next()).strip());
    } else if (event instanceof MigrationEvent.Warned warned) {
      if (told.add(warned.warning())) {
        detail("warning: " + warned.warning());
      }
    } else if (event instanceof MigrationEvent.CancelTooLate late) {
      detail("at " + time(late.at()).strip() + ": too late to cancel, the guest has moved");
    } else if (event instanceof MigrationEvent.Ending ending) {
      leave(ending.at());
      entered = null;
      failure(ending.at(), ending.failure());
    } else if (event instanceof MigrationEvent.Ended ended) {
      failure(ended.at(), ended.failure());
      out.printf("  %s  %s%n", time(ended.at()), ended.state());
    } else if (event instanceof MigrationEvent.StoreUnavailable store) {
      detail("the status store cannot be reached: " + store.message());
    } else if (event instanceof MigrationEvent.SaveRefused) {
      detail("somebody else moves this machine as well");
    }
  }

  private void failure(Instant at, @Nullable Failure failure) {
    if (failure != null && !failure.message().equals(lastFailure)) {
      lastFailure = failure.message();
      out.printf("  %s  %s: %s%n", time(at), failure.code(), failure.message());
    }
  }

  /** Tells where a machine stands that was started earlier. */
  void goesOn(Instant at, VmStatus status) {
    if (status.state() == VmState.RUNNING && status.phase() != null) {
      String step =
          status.steps().stream()
              .filter(each -> each.state() == StepState.RUNNING)
              .map(StepStatus::name)
              .findFirst()
              .orElse("-");
      enter(at, status.phase(), step);
    }
  }

  private void enter(Instant at, String phase, String step) {
    if (entered == null) {
      out.printf("  %8s  %7s  %-13s  %s%n", "time", "", "step", "phase");
    }
    leave(at);
    entered = at;
    shown = 0;
    lastWait = "";
    quietUntil = Instant.MIN;
    int number = phases.indexOf(phase) + 1;
    String place = number == 0 ? "" : number + "/" + phases.size();
    out.printf("  %s  %7s  %-13s  %s%n", time(at), place, step, phase);
  }

  private void leave(Instant at) {
    if (entered != null) {
      long took = Duration.between(entered, at).toMillis();
      if (took >= WORTH_MENTIONING) {
        detail("took " + seconds(took).strip());
      }
    }
  }

  /** A reason may change many times a second; people read a line or two of them. */
  private void wait(Instant at, String reason) {
    if (!reason.equals(lastWait) && !at.isBefore(quietUntil)) {
      lastWait = reason;
      quietUntil = at.plus(READING);
      detail(reason);
    }
  }

  private void progress(Progress progress) {
    if (progress.total() <= 0) {
      return;
    }
    long percent = 100 * progress.completed() / progress.total();
    if (percent >= shown + STRIDE || (percent >= 100 && shown < 100)) {
      shown = percent;
      int filled = (int) (BAR * percent / 100);
      detail(
          String.format(
              Locale.ROOT, "[%s%s] %3d %%", "#".repeat(filled), ".".repeat(BAR - filled), percent));
    }
  }

  private void concern(Concern concern) {
    told.add(concern.describe());
    out.printf("  %-8s  %s%n", concern.severity(), concern.subject());
    wrapped(" ".repeat(12), concern.message());
    wrapped(" ".repeat(12), concern.remedy());
  }

  /** Whether the reader has seen this warning already. */
  boolean hasTold(String warning) {
    return told.contains(warning);
  }

  private void detail(String text) {
    wrapped(DETAIL, text);
  }

  private void wrapped(String indent, String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + word.length() >= WIDTH) {
        out.println(indent + line);
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    if (line.length() > 0) {
      out.println(indent + line);
    }
  }

  private String time(Instant at) {
    return seconds(Duration.between(began, at).toMillis());
  }

  /** Milliseconds as seconds, right-aligned. */
  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%6.3f s", millis / 1000.0);
  }
}
