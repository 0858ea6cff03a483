package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real controllers did to those who did less (contract 14), by the scenario's name; the same
 * scenarios run in {@code SeenOnRealControllersIT} in real time.
 */
final class SeenOnRealControllersTest {

  static Stream<Scenario> scenarios() {
    return Scenarios.ALL.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void endsAsItMust(Scenario scenario) {
    try (Stage stage = new EmbeddedStage()) {
      scenario.play(stage);
    }
  }

  @Test
  void theDocumentListsEveryScenarioInItsRow() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "compatibility.md"));

    for (Seen row : Seen.values()) {
      String names =
          Scenarios.ALL.stream()
              .filter(scenario -> scenario.row() == row)
              .map(scenario -> "`" + scenario.name() + "`")
              .collect(Collectors.joining(", "));
      assertThat(document).contains("| " + row.row() + " | " + names + " |");
    }
  }

  @Test
  void everyRowHasAScenario() {
    Set<Seen> played =
        Scenarios.ALL.stream()
            .map(Scenario::row)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Seen.class)));

    assertThat(played).containsExactly(Seen.values());
    assertThat(Scenarios.ALL.stream().filter(Scenario::isSample).map(Scenario::row))
        .as("one of each row in real time too")
        .containsExactlyInAnyOrder(Seen.values());
    assertThat(Scenarios.ALL).extracting(Scenario::name).doesNotHaveDuplicates();
  }
}
