package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The list of codes for people is the list of codes in force. */
class ConcernCodeTest {

  @Test
  void everyCodeIsDocumentedWithItsWeightAndRemedy() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "docs", "preflight.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows)
        .extracting(row -> row.split(" \\| ")[0].replaceAll("[|` ]", ""))
        .containsExactlyElementsOf(
            Arrays.stream(ConcernCode.values()).map(ConcernCode::code).toList());
    for (ConcernCode code : ConcernCode.values()) {
      String[] cells = rows.get(code.ordinal()).split(" \\| ");
      assertThat(cells).as(code.code()).hasSize(4);
      assertThat(cells[1]).isEqualTo(code.severity().name().toLowerCase(Locale.ROOT));
      assertThat(cells[2]).as("the cause of " + code.code()).isNotBlank();
      assertThat(cells[3]).isEqualTo(code.remedy() + " |");
    }
  }

  @Test
  void codesAreUniqueAndInUpperCamelCase() {
    assertThat(Arrays.stream(ConcernCode.values()).map(ConcernCode::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("([A-Z][a-z]+)+"));
  }
}
