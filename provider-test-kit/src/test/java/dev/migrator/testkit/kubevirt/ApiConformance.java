package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import org.junit.jupiter.api.BeforeEach;

/**
 * What a server must answer, whichever it is: the embedded one is only worth something as long as
 * it gives the same answers as a real one.
 */
abstract class ApiConformance
    implements CreateRules,
        UpdateRules,
        PatchRules,
        DeleteRules,
        ReadRules,
        WatchRules,
        ClientRules,
        AccessRules {

  private Clusters clusters;
  private String namespace;

  @BeforeEach
  void newNamespace() {
    clusters = clustersUnderTest();
    namespace = clusters.newNamespace("conformance");
  }

  abstract Clusters clustersUnderTest();

  @Override
  public Clusters clusters() {
    return clusters;
  }

  @Override
  public Api api() {
    return new Api(clusters.client(Side.SOURCE));
  }

  @Override
  public String namespace() {
    return namespace;
  }
}
