package dev.migrator.examples.commandline;

import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationListener;
import dev.migrator.model.Progress;
import dev.migrator.model.VmRef;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what happens to the machines of a plan, a line for each event: time, machine, text.
 *
 * <p>Called from the threads of all machines.
 */
final class ProgressLines implements MigrationListener {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final long STRIDE = 10;

  private final PrintStream out;
  private final ZoneId zone;
  private final int width;
  private final Map<VmRef, List<String>> phases = new HashMap<>();
  private final Map<VmRef, Long> shown = new HashMap<>();

  /**
   * Begins to tell.
   *
   * @param out the screen
   * @param zone where the reader is
   * @param width how long the longest name of a machine is
   */
  ProgressLines(PrintStream out, ZoneId zone, int width) {
    this.out = out;
    this.zone = zone;
    this.width = width;
  }

  /** Learns the phases of a machine that was started earlier. */
  synchronized void goesOn(VmRef vm, List<String> selected) {
    phases.put(vm, selected);
  }

  @Override
  public synchronized void onEvent(MigrationEvent event) {
    if (event instanceof MigrationEvent.Started started) {
      phases.put(started.vm(), started.phases());
    } else if (event instanceof MigrationEvent.PhaseEntered entered) {
      shown.remove(entered.vm());
      List<String> selected = phases.getOrDefault(entered.vm(), List.of());
      int number = selected.indexOf(entered.phase()) + 1;
      String place = number == 0 ? "" : number + "/" + selected.size();
      tell(event, String.format("%5s %-13s %s", place, entered.step(), entered.phase()));
    } else if (event instanceof MigrationEvent.Progressed progressed) {
      progress(progressed);
    } else {
      tell(event, "      " + event.describe());
    }
  }

  private void progress(MigrationEvent.Progressed event) {
    Progress progress = event.progress();
    long percent = progress.total() == 0 ? 0 : 100 * progress.completed() / progress.total();
    if (percent >= shown.getOrDefault(event.vm(), 0L) + STRIDE) {
      shown.put(event.vm(), percent);
      tell(event, "      " + percent + " % of " + progress.total() + " " + progress.unit());
    }
  }

  private void tell(MigrationEvent event, String text) {
    String vm = event instanceof MigrationEvent.OfVm of ? of.vm().toString() : "";
    String time = TIME.format(LocalTime.ofInstant(event.at(), zone));
    out.println((time + "  " + vm + " ".repeat(width - vm.length()) + "  " + text).stripTrailing());
  }
}
