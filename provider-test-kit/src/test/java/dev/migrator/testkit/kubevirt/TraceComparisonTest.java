package dev.migrator.testkit.kubevirt;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulator beside recordings of real KubeVirt 1.6 to 1.9, where they lie next to the project:
 * the same scenario shows the same sequence of phases, strategies, pods and outcomes, object by
 * object.
 */
class TraceComparisonTest {
  private static final Path TRACES =
      Path.of(System.getProperty("migrator.traces", "../../shared/k8s/traces"));
  private static final List<String> KINDS =
      List.of("VirtualMachine", "VirtualMachineInstance", "VirtualMachineInstanceMigration", "Pod");

  /** Where the simulator is meant to differ: the scenario, the line, and why. */
  private static final Map<String, String> MEANT =
      Map.ofEntries(
          entry(
              "timeouts/b VirtualMachineInstance web phase",
              "a real Pending pod that is being deleted lingers, and the receiver goes to Scheduling"
                  + " and back meanwhile"),
          entry("unschedulable/b VirtualMachineInstance web phase", "as in timeouts"),
          entry(
              "source_dies_once/a VirtualMachineInstance web outcome",
              "whether the target's end timestamp comes before the send half is final is a race"),
          entry(
              "target_pod_killed_early/a VirtualMachineInstance web outcome",
              "whether the target's start timestamp comes before the send half is final is a race"),
          entry(
              "receiver_halted/b VirtualMachine web printable",
              "the real VM controller was too late to show Migrating"),
          entry(
              "receiver_deleted/b VirtualMachine web printable",
              "the real VM controller was too late to show Migrating"),
          entry(
              "cut_then_pod_gone/a VirtualMachineInstanceMigration web-out phase",
              "the VMI went while the final half still had a finalizer: a race that real KubeVirt"
                  + " lost"),
          entry(
              "cut_then_pod_gone/a VirtualMachineInstanceMigration web-out deleting",
              "as its phase"),
          entry(
              "restart_a_then_cancel/b Pod launcher1 phase",
              "whether the abort or the end of QEMU is seen first decides who deletes the pod"),
          entry("restart_a_then_cancel/b VirtualMachineInstance web ready", "as its pod"),
          entry(
              "1.7-to-1.7/fail_copying/b Pod launcher1 phase",
              "whether the failure or the end of QEMU is seen first decides who deletes the pod"),
          entry("1.7-to-1.7/fail_copying/b VirtualMachineInstance web ready", "as its pod"),
          entry("1.9-to-1.8/fail_copying/b Pod launcher1 phase", "as from 1.7 to 1.7"),
          entry("1.9-to-1.8/fail_copying/b VirtualMachineInstance web ready", "as its pod"),
          entry("1.7-to-1.7/fail_copying/b VirtualMachineInstance web phase", "as its pod"),
          entry("1.7-to-1.7/fail_copying/b VirtualMachine web printable", "as its pod"),
          entry(
              "1.8-to-1.9/manual/b VirtualMachineInstance web phase",
              "the real VMI controller was too late to show Scheduled"),
          entry(
              "1.8-to-1.9/fail_copying/b VirtualMachineInstance web outcome",
              "whether the reason is noted is a race"));

  static Stream<String> scenarios() {
    return Stream.concat(
        Scenarios.ALL.keySet().stream().map(name -> "1.9-to-1.9/" + name),
        Stream.of("1.6-to-1.6", "1.7-to-1.7", "1.8-to-1.8", "1.8-to-1.9", "1.9-to-1.8")
            .flatMap(pair -> Scenarios.OLDER.stream().map(name -> pair + "/" + name)));
  }

  private static KubeVirtVersion version(String number) {
    return KubeVirtVersion.valueOf("V" + number.replace('.', '_'));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void showsWhatRealKubeVirtShowed(String scenario) throws IOException {
    Path file = TRACES.resolve(scenario + ".jsonl.gz");
    assumeTrue(Files.exists(file), "There are no recordings of KubeVirt beside the project");
    Map<String, List<String>> real = new TreeMap<>(recorded(file).lines());
    String name = scenario.substring(scenario.indexOf('/') + 1);
    String[] pair = scenario.substring(0, scenario.indexOf('/')).split("-to-", 2);
    Map<String, List<String>> simulated =
        new TreeMap<>(Scenarios.play(name, version(pair[0]), version(pair[1])).lines());
    for (String prefix : List.of(name + "/", scenario + "/")) {
      MEANT.keySet().stream()
          .filter(key -> key.startsWith(prefix))
          .map(key -> key.substring(prefix.length()))
          .forEach(
              line -> {
                real.remove(line);
                simulated.remove(line);
              });
    }

    assertThat(simulated).isEqualTo(real);
  }

  private static Story recorded(Path file) throws IOException {
    Story story = new Story();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Map<String, Object> event = Json.map(Serialization.unmarshal(line, Map.class));
        String kind = Json.text(event, "kind");
        if (KINDS.contains(kind)) {
          Map<String, Object> object = Json.map(event.get("object"));
          object.put("kind", kind);
          story.event(
              Json.text(event, "cluster"),
              "DELETED".equals(event.get("type")),
              Story.thing(object));
        }
      }
    }
    return story;
  }
}
