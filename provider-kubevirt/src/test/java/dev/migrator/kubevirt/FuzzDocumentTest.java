package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The document says how much is tried. */
class FuzzDocumentTest {

  @Test
  void theNumbersOfTheDocumentAreThoseOfTheTests() throws IOException {
    assertThat(Files.readAllLines(Path.of("..", "docs", "fuzzing.md")))
        .filteredOn(line -> line.matches("\\| .* \\| \\d+ \\| \\d+ \\|"))
        .containsExactlyElementsOf(Arrays.stream(Fuzz.values()).map(Fuzz::documentation).toList());
  }
}
