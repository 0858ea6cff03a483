package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.migrator.testkit.kubevirt.machine.Json;
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
 * The simulator beside recordings of real KubeVirt 1.9, where they lie next to the project: the
 * same scenario shows the same sequence of phases, strategies, pods and outcomes, object by object.
 */
class TraceComparisonTest {
  private static final Path TRACES =
      Path.of(System.getProperty("migrator.traces", "../../shared/k8s/traces"), "1.9-to-1.9");
  private static final List<String> KINDS =
      List.of("VirtualMachine", "VirtualMachineInstance", "VirtualMachineInstanceMigration", "Pod");

  /** Where the simulator is meant to differ: the scenario, the line, and why. */
  private static final Map<String, String> MEANT =
      Map.of(
          "timeouts/b VirtualMachineInstance web phase",
          "a real Pending pod that is being deleted lingers, and the receiver goes to Scheduling and"
              + " back meanwhile",
          "source_dies_once/a VirtualMachineInstance web outcome",
          "whether the target's end timestamp comes before the send half is final is a race",
          "target_pod_killed_early/a VirtualMachineInstance web outcome",
          "whether the target's start timestamp comes before the send half is final is a race",
          "receiver_halted/b VirtualMachine web printable",
          "the real VM controller was too late to show Migrating",
          "receiver_deleted/b VirtualMachine web printable",
          "the real VM controller was too late to show Migrating",
          "cut_then_pod_gone/a VirtualMachineInstanceMigration web-out phase",
          "the VMI went while the final half still had a finalizer: a race that real KubeVirt lost",
          "cut_then_pod_gone/a VirtualMachineInstanceMigration web-out deleting",
          "as its phase",
          "restart_a_then_cancel/b Pod launcher1 phase",
          "whether the abort or the end of QEMU is seen first decides who deletes the pod",
          "restart_a_then_cancel/b VirtualMachineInstance web ready",
          "as its pod");

  static Stream<String> scenarios() {
    return Scenarios.ALL.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void showsWhatRealKubeVirtShowed(String scenario) throws IOException {
    Path file = TRACES.resolve(scenario + ".jsonl.gz");
    assumeTrue(Files.exists(file), "There are no recordings of KubeVirt beside the project");
    Map<String, List<String>> real = new TreeMap<>(recorded(file).lines());
    Map<String, List<String>> simulated = new TreeMap<>(Scenarios.play(scenario).lines());
    MEANT.keySet().stream()
        .filter(key -> key.startsWith(scenario + "/"))
        .map(key -> key.substring(scenario.length() + 1))
        .forEach(
            line -> {
              real.remove(line);
              simulated.remove(line);
            });

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
