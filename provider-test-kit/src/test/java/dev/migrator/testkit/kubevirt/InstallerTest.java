package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.machine.Kind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import org.junit.jupiter.api.Test;

class InstallerTest {

  @Test
  void cdiComesWithItsConfigWithoutWhichRealKubeVirtStartsNoMachine() {
    ManualClock clock = new ManualClock();
    try (EmbeddedClusters clusters = EmbeddedClusters.start(clock);
        KubeVirtSimulator simulator = KubeVirtSimulator.builder(clusters).clock(clock).build()) {
      simulator.install();

      GenericKubernetesResource config =
          clusters
              .client(Side.TARGET)
              .genericKubernetesResources(Kind.CDI_CONFIG.context())
              .withName("config")
              .get();

      assertThat(config.<String>get("status", "filesystemOverhead", "global")).isEqualTo("0.06");
    }
  }
}
