package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a watcher of both clusters sees of one scenario, reduced to what must be the same on real
 * KubeVirt and in the simulator: per object the sequence of some of its values, of others the last,
 * of others all that were ever seen.
 */
final class Story {
  private static final List<String> FLAGS = List.of("completed", "failed", "abortRequested");
  private static final List<String> STAMPS =
      List.of(
          "startTimestamp",
          "endTimestamp",
          "targetNodeDomainReadyTimestamp",
          "targetNodeAddress",
          "migrationUid");

  /** What passes too quickly for one who watches, on a busy machine. */
  private static final Set<String> FLEETING = Set.of("Starting", "Stopping", "-");

  private final Map<String, List<String>> sequences = new TreeMap<>();
  private final Map<String, String> last = new TreeMap<>();
  private final Map<String, Set<String>> ever = new TreeMap<>();
  private final Map<String, String> pods = new LinkedHashMap<>();

  void event(String cluster, boolean deleted, Thing thing) {
    String kind = thing.raw().getKind();
    if (kind == null) {
      return;
    }
    String who = cluster + " " + kind + " ";
    switch (kind) {
      case "VirtualMachine" -> {
        String name = who + thing.name();
        sequence(name + " strategy", deleted, thing.text("spec.runStrategy"));
        sequence(name + " printable", deleted, thing.text("status.printableStatus"));
        common(name, deleted, thing);
      }
      case "VirtualMachineInstance" -> {
        String name = who + thing.name();
        sequence(name + " phase", deleted, Vmis.phase(thing));
        last(
            name + " ready",
            deleted,
            Conditions.status(thing, "Ready") + Conditions.reason(thing, "Ready"));
        last(name + " outcome", deleted, outcome(thing));
        last(name + " sourceState", deleted, fields(thing, "sourceState"));
        last(name + " targetState", deleted, fields(thing, "targetState"));
        sequence(name + " receiver", deleted, thing.annotation(Vmis.TARGET_ANNOTATION));
        common(name, deleted, thing);
      }
      case "VirtualMachineInstanceMigration" -> {
        String name = who + thing.name();
        sequence(name + " phase", deleted, thing.text("status.phase"));
        common(name, deleted, thing);
      }
      case "KubeVirt" -> {
        String name = who + thing.name() + " addresses";
        boolean listed = !Json.texts(thing.at("status.synchronizationAddresses")).isEmpty();
        if (listed || sequences.containsKey(name)) { // an installation begins without
          sequence(name, deleted, listed ? "listed" : "");
        }
      }
      case "Pod" -> {
        String alias =
            pods.computeIfAbsent(cluster + thing.uid(), unused -> "launcher" + count(cluster));
        sequence(who + alias + " phase", deleted, thing.text("status.phase"));
      }
      default -> {
        // claims have a story of their own
      }
    }
  }

  private void common(String name, boolean deleted, Thing thing) {
    sequence(name + " deleting", deleted, String.valueOf(thing.deleting()));
    last(
        name + " finalizers",
        deleted,
        String.join(",", new TreeSet<>(thing.raw().getFinalizers())));
    Set<String> seen = ever.computeIfAbsent(name + " conditions", unused -> new TreeSet<>());
    for (Map<String, Object> condition : thing.maps("status.conditions")) {
      String type = Json.text(condition, "type");
      if (!type.equals("Ready")) {
        String reason = Json.text(condition, "reason");
        seen.add(
            type + "=" + Json.text(condition, "status") + (reason.isEmpty() ? "" : ":" + reason));
      }
    }
  }

  private long count(String cluster) {
    return pods.keySet().stream().filter(key -> key.startsWith(cluster)).count() + 1;
  }

  private static String fields(Thing vmi, String half) {
    return new TreeSet<>(vmi.map("status.migrationState." + half).keySet())
        .stream()
            .filter(field -> !field.equals("domainDetected")) // whether a failure leaves the time
            .collect(Collectors.joining(","));
  }

  private static String outcome(Thing vmi) {
    List<String> facts = new ArrayList<>();
    FLAGS.stream().filter(flag -> Vmis.flag(vmi, flag)).forEach(facts::add);
    STAMPS.stream().filter(field -> !Vmis.state(vmi, field).isEmpty()).forEach(facts::add);
    for (String field : List.of("abortStatus", "failureReason")) {
      if (!Vmis.state(vmi, field).isEmpty()) {
        facts.add(field + "=" + Vmis.state(vmi, field));
      }
    }
    return String.join(",", facts);
  }

  private void sequence(String line, boolean deleted, String value) {
    List<String> values = sequences.computeIfAbsent(line, unused -> new ArrayList<>());
    String shown = shown(deleted, value);
    if (line.endsWith(" printable")
        && (FLEETING.contains(shown) || (values.isEmpty() && shown.equals("Stopped")))) {
      return;
    }
    if (values.isEmpty() || !values.get(values.size() - 1).equals(shown)) {
      values.add(shown);
    }
  }

  private void last(String line, boolean deleted, String value) {
    last.put(line, shown(deleted, value));
  }

  private static String shown(boolean deleted, String value) {
    return deleted ? "gone" : value.isEmpty() ? "-" : value;
  }

  /** The story, line by line: what is told, and how it went. */
  Map<String, String> lines() {
    Map<String, String> told = new TreeMap<>(last);
    sequences.forEach(
        (line, values) ->
            told.put(
                line, String.join(" > ", line.endsWith(" phase") ? onceAround(values) : values)));
    ever.forEach(
        (line, values) ->
            told.put(
                line,
                values.stream()
                    .filter(value -> !isChance(line, value))
                    .collect(Collectors.joining(" "))));
    return told;
  }

  /** A pair of values that comes again and again, as when a pod lingers, told once. */
  private static List<String> onceAround(List<String> values) {
    List<String> told = new ArrayList<>(values);
    for (int i = 0; i + 3 < told.size(); ) {
      if (told.subList(i, i + 2).equals(told.subList(i + 2, i + 4))) {
        told.subList(i, i + 2).clear();
      } else {
        i++;
      }
    }
    return told;
  }

  /** Whether the first dial of halves that do meet succeeds is chance, and shows on the source. */
  private boolean isChance(String line, String condition) {
    return line.startsWith("a ")
        && condition.endsWith("DecentralizedNotLiveMigratable")
        && sequences.entrySet().stream()
            .anyMatch(
                sequence ->
                    sequence.getKey().endsWith("-out phase")
                        && sequence.getValue().contains("Scheduling"));
  }
}
