package dev.migrator.examples.quickstart;

import dev.migrator.examples.terminal.Table;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is printed at the end, and what decides the exit code.
 *
 * @param state how the library says it ended
 * @param before the machine on the source, before the move
 * @param source the machine on the source, afterwards
 * @param target the machine on the target, afterwards
 * @param created every object that was made
 * @param removed those of them that are gone again
 * @param warnings what a person should know
 */
record Summary(
    VmState state,
    VmFacts before,
    VmFacts source,
    VmFacts target,
    List<ObjectRef> created,
    List<ObjectRef> removed,
    List<String> warnings) {

  /** Whether the guest really runs on the target and the source cannot boot it a second time. */
  boolean isMoved() {
    return target.running() && !source.running() && source.runStrategy().equals("Halted");
  }

  void print(PrintStream out, Cluster from, Cluster to, Pace pace) {
    out.println();
    out.println(verdict());
    out.println();
    Table table = new Table();
    table.row("", "source: " + from.name(), "target: " + to.name());
    table.row("virtual machine", source.vm().toString(), target.vm().toString());
    table.row("guest", source.guest(), target.guest());
    table.row(
        "run strategy", was(before.runStrategy(), source.runStrategy()), target.runStrategy());
    table.row("firmware UUID", before.uuid(), target.uuid(), equal(before.uuid(), target.uuid()));
    macs(table);
    table.row("objects created", count(created, Side.SOURCE), count(created, Side.TARGET));
    table.row("objects removed", count(removed, Side.SOURCE), count(removed, Side.TARGET));
    Requests there = from.requests().get();
    Requests here = to.requests().get();
    table.row(
        "API reads, writes", two(there.reads(), there.writes()), two(here.reads(), here.writes()));
    table.row(
        "API checks, watches",
        two(there.checks(), there.watches()),
        two(here.checks(), here.watches()));
    table.print(out, "  ");
    out.println();
    kinds(out, "created", created);
    kinds(out, "removed again", removed);
    out.println();
    warnings.forEach(warning -> out.println("  warning: " + warning));
    time(out, pace);
  }

  private String verdict() {
    if (isMoved()) {
      return "The virtual machine runs on the target: " + target.vm() + " " + target.guest() + ".";
    }
    return "The virtual machine was not moved ("
        + state
        + "): on the source it "
        + source.guest()
        + ", on the target it "
        + target.guest()
        + ".";
  }

  private void macs(Table table) {
    TreeSet<String> names = new TreeSet<>(before.macs().keySet());
    names.addAll(target.macs().keySet());
    for (String name : names) {
      String there = mac(before.macs(), name);
      String here = mac(target.macs(), name);
      table.row("MAC of " + name, there, here, equal(there, here));
    }
  }

  private static String mac(Map<String, String> macs, String name) {
    return macs.getOrDefault(name, VmFacts.NONE);
  }

  private static String was(String before, String after) {
    return before.equals(after) ? after : after + " (was " + before + ")";
  }

  private static String equal(String one, String other) {
    if (one.equals(VmFacts.NONE) || other.equals(VmFacts.NONE)) {
      return "not known";
    }
    return one.equals(other) ? "equal" : "DIFFERENT";
  }

  private static String count(List<ObjectRef> objects, Side side) {
    return Long.toString(objects.stream().filter(object -> object.side() == side).count());
  }

  private static void kinds(PrintStream out, String what, List<ObjectRef> objects) {
    if (!objects.isEmpty()) {
      Map<String, Long> counted =
          objects.stream()
              .collect(Collectors.groupingBy(ObjectRef::kind, TreeMap::new, Collectors.counting()));
      String list =
          counted.entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .collect(Collectors.joining(", "));
      out.println("  " + what + ": " + list);
    }
  }

  private static String two(int one, int other) {
    return one + ", " + other;
  }

  private static void time(PrintStream out, Pace pace) {
    Duration overhead = pace.overhead();
    Duration clusters = pace.total().minus(overhead);
    out.printf(
        "  %s in all: KubeVirt took %s, the orchestration added %s%n",
        seconds(pace.total()), seconds(clusters), seconds(overhead));
  }

  private static String seconds(Duration duration) {
    return Narrator.seconds(duration.toMillis()).strip();
  }
}
