package dev.migrator.testkit.kubevirt;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The real API server")
@ExtendWith(ClustersExtension.class)
final class ApiConformanceIT extends ApiConformance {

  private final Clusters clusters;

  ApiConformanceIT(Clusters clusters) {
    this.clusters = clusters;
  }

  @Override
  Clusters clustersUnderTest() {
    return clusters;
  }
}
