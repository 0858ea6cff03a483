package dev.migrator.testkit.kubevirt;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class real clusters: a parameter of type {@link Clusters} of a constructor or method
 * gets {@link ExistingClusters} where two kubeconfigs are named, else {@link RealClusters} where
 * their programs are found. Where there is neither, the class is skipped with one line.
 *
 * <pre>{@code
 * @ExtendWith(ClustersExtension.class)
 * class MigrationIT {
 *   @Test
 *   void movesTheVm(Clusters clusters) { ... }
 * }
 * }</pre>
 */
public final class ClustersExtension implements BeforeAllCallback, ParameterResolver {

  /** Created by JUnit. */
  public ClustersExtension() {}

  /**
   * Returns existing clusters, else real ones.
   *
   * <p>Where there is neither, the running test is skipped: an exception tells JUnit so.
   */
  public static Clusters clusters() {
    Optional<? extends Clusters> found = ExistingClusters.find();
    if (found.isEmpty()) {
      found = RealClusters.find();
    }
    return found.isPresent() ? found.get() : Assumptions.abort(RealClusters.whyNot());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    store(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Clusters.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return store(context);
  }

  private static Clusters store(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(ClustersExtension.class))
        .computeIfAbsent(Clusters.class, key -> clusters(), Clusters.class);
  }
}
