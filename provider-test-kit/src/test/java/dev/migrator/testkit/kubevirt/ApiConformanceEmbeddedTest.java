package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.ManualClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The embedded API server")
final class ApiConformanceEmbeddedTest extends ApiConformance {

  private static EmbeddedClusters clusters;

  @BeforeAll
  static void start() {
    clusters = EmbeddedClusters.start(new ManualClock());
  }

  @AfterAll
  static void stop() {
    clusters.close();
  }

  @Override
  Clusters clustersUnderTest() {
    clusters.reset();
    return clusters;
  }
}
