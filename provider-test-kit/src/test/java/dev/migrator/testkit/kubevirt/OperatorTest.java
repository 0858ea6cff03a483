package dev.migrator.testkit.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The operator's keeping of CAs (contract 7). */
class OperatorTest {
  private static final Pattern BEGIN = Pattern.compile("BEGIN CERTIFICATE");

  private static long certificates(Bed bed, Side side) {
    return BEGIN.matcher(bed.bundle(side)).results().count();
  }

  @Test
  void aPeersCaIsMergedAndTheExternalBundleEmptied() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      assertThat(certificates(bed, Side.TARGET)).isEqualTo(1);
      String own = bed.bundle(Side.TARGET);
      bed.offer(Side.TARGET, bed.bundle(Side.SOURCE));
      assertThat(bed.external(Side.TARGET)).as("not at once").isNotEmpty();
      bed.pass();

      assertThat(bed.bundle(Side.TARGET)).isEqualTo(own + bed.bundle(Side.SOURCE));
      assertThat(bed.external(Side.TARGET)).isEmpty();
      bed.pass(Duration.ofHours(2));
      assertThat(certificates(bed, Side.TARGET)).isEqualTo(2);
    }
  }

  @Test
  void rubbishIsEmptiedWithoutATrace() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      bed.offer(Side.TARGET, "rubbish");
      bed.pass();
      assertThat(bed.external(Side.TARGET)).isEmpty();
      assertThat(certificates(bed, Side.TARGET)).isEqualTo(1);
    }
  }

  @Test
  void anOldOwnCaForgetsThePeersAtTheNextReconcile() {
    try (Bed bed = new Bed()) {
      bed.world.target().caAge(Duration.ofHours(40));
      bed.simulator.install();
      bed.offer(Side.TARGET, bed.bundle(Side.SOURCE));
      bed.pass();

      assertThat(bed.external(Side.TARGET)).isEmpty();
      assertThat(certificates(bed, Side.TARGET)).isEqualTo(1);
    }
  }

  @Test
  void aYoungOwnCaKeepsThePeers() {
    try (Bed bed = new Bed()) {
      bed.world.target().caAge(Duration.ofHours(30));
      bed.simulator.install();
      bed.offer(Side.TARGET, bed.bundle(Side.SOURCE));
      bed.pass();

      assertThat(certificates(bed, Side.TARGET)).isEqualTo(2);
    }
  }

  @Test
  void anyChangeOfTheKubeVirtObjectRenewsTheCaAndBreaksTrust() {
    try (Bed bed = new Bed().prepared()) {
      String before = bed.bundle(Side.TARGET);
      Steps.configure(
          bed,
          Side.TARGET,
          "spec.configuration.migrations",
          Json.object("completionTimeoutPerGiB", 200));
      bed.pass();
      assertThat(bed.bundle(Side.TARGET)).isNotEqualTo(before);
      bed.go().pass();
      assertThat(bed.blocked(Side.SOURCE)).contains("could not verify peer certificate");
    }
  }

  @Test
  void theCaRotatesBeforeItEnds() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      String before = bed.bundle(Side.SOURCE);
      bed.clock.advance(Duration.ofHours(140));
      bed.pass();
      String after = bed.bundle(Side.SOURCE);
      assertThat(after).isNotEqualTo(before).endsWith(before);
    }
  }

  @Test
  void theInstalledClusterLooksLikeKubeVirt() {
    try (Bed bed = new Bed()) {
      bed.simulator.install();
      Thing kubevirt = bed.get(Side.TARGET, Kind.KUBEVIRT, "kubevirt");
      assertThat(kubevirt.text("status.phase")).isEqualTo("Deployed");
      assertThat(kubevirt.text("status.observedKubeVirtVersion")).isEqualTo("v1.9.0");
      assertThat(bed.address()).isEqualTo("10.77.2.14:9185");
    }
  }
}
