package dev.migrator.kubevirt;

import java.util.List;
import java.util.stream.Stream;

/** All scenarios of what was seen on real controllers. */
final class Scenarios {

  static final List<Scenario> ALL =
      Stream.of(
              SeenMoves.SCENARIOS,
              SeenSplits.SCENARIOS,
              SeenEndings.SCENARIOS,
              SeenFailures.SCENARIOS,
              SeenClusters.SCENARIOS)
          .flatMap(List::stream)
          .toList();

  private Scenarios() {}

  /** Plays one by its name on embedded clusters. */
  static void play(String name) {
    Scenario chosen =
        ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    try (Stage stage = new EmbeddedStage()) {
      chosen.play(stage);
    }
  }
}
