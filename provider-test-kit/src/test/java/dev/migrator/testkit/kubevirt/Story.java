package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a watcher of both clusters sees of one scenario, reduced to what must be the same on real
 * KubeVirt and in the simulator: per object the sequence of each of its telling values.
 */
final class Story {
  private final Map<String, List<String>> lines = new TreeMap<>();
  private final Map<String, String> pods = new LinkedHashMap<>();

  void event(String cluster, boolean deleted, Thing thing) {
    String kind = thing.raw().getKind();
    if (kind == null) {
      return;
    }
    String who = cluster + " " + kind + " ";
    switch (kind) {
      case "VirtualMachine" -> {
        note(who + thing.name() + " strategy", deleted, thing.text("spec.runStrategy"));
        note(who + thing.name() + " printable", deleted, thing.text("status.printableStatus"));
      }
      case "VirtualMachineInstance" -> {
        String name = who + thing.name();
        note(name + " phase", deleted, Vmis.phase(thing));
        note(
            name + " ready",
            deleted,
            Conditions.status(thing, "Ready") + Conditions.reason(thing, "Ready"));
        note(name + " outcome", deleted, outcome(thing));
        note(name + " receiver", deleted, thing.annotation(Vmis.TARGET_ANNOTATION));
      }
      case "VirtualMachineInstanceMigration" -> {
        String name = who + thing.name();
        note(name + " phase", deleted, thing.text("status.phase"));
        note(name + " deleting", deleted, String.valueOf(thing.deleting()));
      }
      case "Pod" -> {
        String alias =
            pods.computeIfAbsent(cluster + thing.uid(), unused -> "launcher" + count(cluster));
        note(who + alias + " phase", deleted, thing.text("status.phase"));
      }
      default -> {
        // claims and the KubeVirt object have stories of their own
      }
    }
  }

  private long count(String cluster) {
    return pods.keySet().stream().filter(key -> key.startsWith(cluster)).count() + 1;
  }

  private static String outcome(Thing vmi) {
    List<String> facts = new ArrayList<>();
    for (String flag : List.of("completed", "failed", "abortRequested")) {
      if (Vmis.flag(vmi, flag)) {
        facts.add(flag);
      }
    }
    for (String field :
        List.of(
            "startTimestamp",
            "endTimestamp",
            "targetNodeDomainReadyTimestamp",
            "targetNodeAddress",
            "migrationUid")) {
      if (!Vmis.state(vmi, field).isEmpty()) {
        facts.add(field);
      }
    }
    for (String field : List.of("abortStatus", "failureReason")) {
      if (!Vmis.state(vmi, field).isEmpty()) {
        facts.add(field + "=" + Vmis.state(vmi, field));
      }
    }
    return String.join(",", facts);
  }

  private void note(String line, boolean deleted, String value) {
    List<String> values = lines.computeIfAbsent(line, unused -> new ArrayList<>());
    String shown = deleted ? "gone" : value.isEmpty() ? "-" : value;
    if (values.isEmpty() || !values.get(values.size() - 1).equals(shown)) {
      values.add(shown);
    }
  }

  /** The lines, without what depends on nothing but the machine's speed that day. */
  Map<String, List<String>> lines() {
    Map<String, List<String>> told = new TreeMap<>();
    lines.forEach((line, values) -> told.put(line, told(line, values)));
    return told;
  }

  private static List<String> told(String line, List<String> values) {
    List<String> told = new ArrayList<>(values);
    if (line.endsWith(" printable")) {
      told.removeIf(
          value -> value.equals("Starting") || value.equals("Stopping") || value.equals("-"));
    }
    if (line.endsWith(" outcome") || line.endsWith(" ready")) {
      boolean gone = told.remove("gone");
      return gone && !told.contains("gone") ? List.of("gone") : List.of(told.get(told.size() - 1));
    }
    for (int i = told.size() - 1; i > 0; i--) {
      if (told.get(i).equals(told.get(i - 1))) {
        told.remove(i);
      }
    }
    return told;
  }

  static Thing thing(Map<String, Object> object) {
    return Thing.of(
        io.fabric8.kubernetes.client.utils.Serialization.unmarshal(
            io.fabric8.kubernetes.client.utils.Serialization.asJson(object),
            io.fabric8.kubernetes.api.model.GenericKubernetesResource.class));
  }

  static String text(Map<String, Object> event, String field) {
    return Json.text(event, field);
  }
}
