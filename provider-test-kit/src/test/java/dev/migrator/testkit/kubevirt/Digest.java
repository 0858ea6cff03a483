package dev.migrator.testkit.kubevirt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What was seen of real KubeVirt in one scenario, as a text that is kept with the tests: a line per
 * fact, {@code <cluster> <kind> <name> <what>: <how it went>}.
 */
final class Digest {
  private Digest() {}

  /** The kept facts of a scenario such as {@code 1.9-to-1.9/happy}. */
  static Map<String, String> read(String scenario) {
    try (InputStream text = Digest.class.getResourceAsStream("/traces/" + scenario + ".txt")) {
      if (text == null) {
        throw new AssertionError("There is no digest of " + scenario);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf(':')),
                  line -> line.substring(line.indexOf(':') + 1).strip(),
                  (one, other) -> one,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps the facts of a scenario among the sources of the tests. */
  static void write(String scenario, Map<String, String> lines) throws IOException {
    Path file = Path.of("src/test/resources/traces", scenario + ".txt");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        lines.entrySet().stream()
            .map(line -> (line.getKey() + ": " + line.getValue()).strip() + "\n")
            .collect(Collectors.joining()));
  }
}
