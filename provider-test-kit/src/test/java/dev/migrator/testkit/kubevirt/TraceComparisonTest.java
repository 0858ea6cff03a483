package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulator beside what was seen of real KubeVirt 1.6 to 1.9: the same scenario shows the same
 * phases, strategies, conditions, finalizers, deletions, pods and outcomes, object by object. Where
 * it is meant to differ, {@code docs/kubevirt-facts.md} says so and why.
 */
class TraceComparisonTest {

  static Stream<String> scenarios() {
    return Scenarios.recorded();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void showsWhatRealKubeVirtShowed(String scenario) {
    Map<String, String> real = new TreeMap<>(Digest.read(scenario));
    Map<String, String> simulated = new TreeMap<>(Scenarios.play(scenario).lines());
    for (Differences.Difference meant : differences(scenario)) {
      TreeSet<String> lines = new TreeSet<>(real.keySet());
      lines.addAll(simulated.keySet());
      lines.removeIf(line -> !meant.isAbout(line));
      assertThat(lines)
          .as("lines of which %s is said to differ, and does", meant)
          .anyMatch(line -> !Objects.equals(real.get(line), simulated.get(line)));
      real.keySet().removeAll(lines);
      simulated.keySet().removeAll(lines);
    }

    assertThat(simulated).isEqualTo(real);
  }

  @Test
  void everyDifferenceIsAboutAScenarioThatIsPlayed() {
    List<String> played = Scenarios.recorded().toList();

    assertThat(Differences.all())
        .isNotEmpty()
        .allSatisfy(meant -> assertThat(played).contains(meant.scenario()));
  }

  private static List<Differences.Difference> differences(String scenario) {
    return Differences.all().stream().filter(meant -> meant.scenario().equals(scenario)).toList();
  }
}
