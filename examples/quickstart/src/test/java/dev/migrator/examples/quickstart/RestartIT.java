package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.examples.quickstart.DemoWorld.Ended;
import dev.migrator.examples.terminal.Exit;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.RealClusters;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The demo between real API servers, killed and started again")
@ExtendWith(ClustersExtension.class)
@Timeout(300)
class RestartIT {

  @Test
  void killedWhileMemoryIsCopiedItGoesOn(Clusters clusters, @TempDir Path folder) throws Exception {
    assumeThat(clusters)
        .as("clusters whose KubeVirt can be played")
        .isInstanceOf(RealClusters.class);
    try (DemoWorld demo = new DemoWorld(clusters, folder)) {
      demo.world.target().hold(Switch.HOLD_RUNNING);
      Child first = demo.start();
      demo.untilHalvesAre("Running");
      Child other = demo.start().untilItSays("goes on in phase");
      first.kill();
      other.kill();
      demo.world.target().release(Switch.HOLD_RUNNING);

      Ended last = demo.run(Map.of()).as(Exit.DONE);

      assertThat(last.text()).contains("goes on in phase");
      demo.assertMoved();
    }
  }
}
