package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The recordings of real KubeVirt that may lie beside the project. */
final class Recordings {
  private static final Path FOLDER =
      Path.of(System.getProperty("migrator.traces", "../../shared/k8s/traces"));
  private static final List<String> KINDS =
      List.of(
          "KubeVirt",
          "VirtualMachine",
          "VirtualMachineInstance",
          "VirtualMachineInstanceMigration",
          "Pod");

  private Recordings() {}

  static boolean areHere() {
    return Files.isDirectory(FOLDER);
  }

  static Story read(String scenario) {
    Story story = new Story();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve(scenario + ".jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Map<String, Object> event = Json.map(Serialization.unmarshal(line, Map.class));
        String kind = Json.text(event, "kind");
        if (KINDS.contains(kind)) {
          Map<String, Object> object = Json.map(event.get("object"));
          object.put("kind", kind);
          story.event(
              Json.text(event, "cluster"), "DELETED".equals(event.get("type")), thing(object));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("The recording of " + scenario + " cannot be read", e);
    }
    return story;
  }

  private static Thing thing(Map<String, Object> object) {
    return Thing.of(
        Serialization.unmarshal(Serialization.asJson(object), GenericKubernetesResource.class));
  }
}
