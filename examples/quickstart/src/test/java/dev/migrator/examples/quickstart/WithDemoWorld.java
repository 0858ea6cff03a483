package dev.migrator.examples.quickstart;

import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a {@link DemoWorld} of its own, on embedded clusters in real time. */
@Timeout(300)
abstract class WithDemoWorld {

  private EmbeddedClusters clusters;
  DemoWorld demo;

  @BeforeEach
  void start(@TempDir Path folder) {
    clusters = EmbeddedClusters.start(Clock.systemUTC());
    demo = new DemoWorld(clusters, folder);
  }

  @AfterEach
  void stop() {
    demo.close();
    clusters.close();
  }
}
