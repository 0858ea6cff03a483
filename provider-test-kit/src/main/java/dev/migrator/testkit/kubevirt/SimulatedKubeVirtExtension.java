package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.world.World;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts and ends what {@link SimulatedKubeVirt} promises. */
final class SimulatedKubeVirtExtension implements ParameterResolver {

  /** Created by JUnit. */
  SimulatedKubeVirtExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return context.getTestMethod().isPresent()
        && (type == Clusters.class
            || type == EmbeddedClusters.class
            || type == KubeVirtSimulator.class
            || type == World.class
            || type == ManualClock.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Stage stage =
        context
            .getStore(ExtensionContext.Namespace.create(SimulatedKubeVirt.class))
            .computeIfAbsent(Stage.class, key -> Stage.of(context), Stage.class);
    return stage.parts().filter(parameter.getParameter().getType()::isInstance).findFirst().get();
  }

  /** What one test has; JUnit closes it with the test. */
  private record Stage(ManualClock clock, EmbeddedClusters clusters, KubeVirtSimulator simulator)
      implements AutoCloseable {

    static Stage of(ExtensionContext context) {
      SimulatedKubeVirt wanted = annotation(context.getRequiredTestClass());
      ManualClock clock = new ManualClock();
      EmbeddedClusters clusters = EmbeddedClusters.start(clock);
      KubeVirtSimulator simulator =
          KubeVirtSimulator.builder(clusters)
              .clock(clock)
              .seed(wanted.seed())
              .version(Side.SOURCE, wanted.source())
              .version(Side.TARGET, wanted.target())
              .build();
      return new Stage(clock, clusters, simulator.install());
    }

    /** That of the class, or of the one that it is nested in. */
    private static SimulatedKubeVirt annotation(Class<?> type) {
      SimulatedKubeVirt own = type.getAnnotation(SimulatedKubeVirt.class);
      Class<?> outer = type.getEnclosingClass();
      if (own == null && outer == null) {
        throw new IllegalStateException("@SimulatedKubeVirt stands on no class around " + type);
      }
      return own == null ? annotation(outer) : own;
    }

    Stream<Object> parts() {
      return Stream.of(clock, clusters, simulator, simulator.world());
    }

    @Override
    public void close() {
      simulator.close();
      clusters.close();
    }
  }
}
