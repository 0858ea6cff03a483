package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import dev.migrator.testkit.kubevirt.world.Timing;
import dev.migrator.testkit.kubevirt.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);

  @Test
  @Timeout(300)
  void theDemoMovesTheMachineAndShowsWhatItDid() throws InterruptedException {
    Properties properties = new Properties();
    properties.setProperty("instant", "true");

    assertThat(Demo.run(properties, out)).as(screen::toString).isZero();

    assertThat(lines())
        .anyMatch(line -> line.matches(".* s +1/\\d+ +Initialize +Started"))
        .anyMatch(line -> line.matches(".* +Synchronize +WaitForStateTransfer"))
        .anyMatch(line -> line.endsWith("the guest has moved"))
        .anyMatch(line -> line.startsWith("The virtual machine runs on the target"))
        .anyMatch(line -> line.matches(" +run strategy +Halted \\(was Always\\) +Always"))
        .anyMatch(line -> line.matches(" +firmware UUID +(\\S+) +\\1 +equal"))
        .anyMatch(line -> line.matches(" +MAC of backend +02:00:00:00:be:ef +\\S+ +equal"))
        .anyMatch(line -> line.contains("the orchestration added"))
        .noneMatch(line -> line.contains("DIFFERENT"));
  }

  @Test
  @Timeout(300)
  void twoKubeconfigsMoveTheMachineThatIsNamed(@TempDir Path folder) throws Exception {
    World world = new World().timing(Timing.INSTANT);
    try (EmbeddedClusters clusters = EmbeddedClusters.start(Clock.systemUTC());
        KubeVirtSimulator kubevirt = KubeVirtSimulator.builder(clusters).world(world).build()) {
      kubevirt.install().start();
      SampleVm.of("shop", "till").dataVolume("root", "1Gi").boot(kubevirt);
      Properties properties = new Properties();
      properties.setProperty("from", kubeconfig(folder, clusters, Side.SOURCE));
      properties.setProperty("to", kubeconfig(folder, clusters, Side.TARGET));
      properties.setProperty("namespace", "shop");
      properties.setProperty("vm", "till");

      assertThat(Demo.run(properties, out)).as(screen::toString).isZero();
      assertThat(kubevirt.guest(Side.TARGET, "shop", "till").phase()).isEqualTo("Running");

      properties.setProperty("vm", "nobody");
      for (int i = 0; i < 2; i++) {
        // It has not begun, so that the same command tries anew.
        assertThat(Demo.run(properties, out)).as("a machine that is not there").isEqualTo(1);
      }
      assertThat(lines()).noneMatch(line -> line.contains("has ended"));
    }
  }

  private static String kubeconfig(Path folder, EmbeddedClusters clusters, Side side)
      throws IOException {
    return Files.writeString(folder.resolve(side.name()), clusters.kubeconfig(side)).toString();
  }

  @Test
  void halfASetOfPropertiesIsExplained() throws InterruptedException {
    Properties properties = new Properties();
    properties.setProperty("from", "somewhere");

    assertThat(Demo.run(properties, out)).isEqualTo(2);
    assertThat(lines()).first().asString().contains("-Dnamespace is missing.");
  }

  @Test
  @Timeout(300)
  void theReadmesProgramMovesItsMachine() throws Exception {
    PrintStream before = System.out;
    System.setOut(out);
    try {
      Quickstart.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(lines()).last().isEqualTo("On the target: Running");
  }

  private List<String> lines() {
    return screen.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
