package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.kubevirt.world.World;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three clusters A, B, C: what B learned from one of them never reaches the other (R17). */
final class TrustIsNotPassedOnTest {

  /** A and B are a pair of servers; C is the source of another one. */
  private final MigrationRig ab = new MigrationRig();

  private final MigrationRig c = new MigrationRig(older(), builder -> {});
  private final Cluster a = new Cluster(Side.SOURCE, ab.clusters.client(Side.SOURCE));
  private final Cluster b = new Cluster(Side.TARGET, ab.clusters.client(Side.TARGET));
  private final String ofA = first(a);
  private final String ofB = first(b);
  private final String ofC = first(cAs(Side.SOURCE));

  @ParameterizedTest
  @ValueSource(strings = {"AB BC", "BC AB", "AB CB", "CB BA", "BA BC", "CB AB BC", "BC AB BC AB"})
  void bKnowsBothAndEachOfThemOnlyB(String exchanges) {
    try (ab;
        c) {
      for (String each : exchanges.split(" ")) {
        exchange(cluster(each.charAt(0), Side.SOURCE), cluster(each.charAt(1), Side.TARGET));
      }

      assertThat(trusted(b)).isEqualTo(Set.of(ofA, ofB, ofC));
      assertThat(trusted(a)).isEqualTo(Set.of(ofA, ofB));
      assertThat(trusted(cAs(Side.SOURCE))).isEqualTo(Set.of(ofB, ofC));
    }
  }

  @Test
  void aWholeMoveFromAToBLeavesCUnknownToA() {
    try (ab;
        c) {
      ab.booted();
      exchange(b(Side.SOURCE), cAs(Side.TARGET));

      MoveTest.assertMoved(ab, ab.run(), "Always");

      assertThat(trusted(a)).isEqualTo(Set.of(ofA, ofB));
    }
  }

  @Test
  void whenBRenewsItsAuthorityTheNewOneIsGivenAndCIsNot() {
    try (ab;
        c) {
      exchange(b(Side.SOURCE), cAs(Side.TARGET));
      exchange(a, b);
      TrustTest.changeKubeVirt(ab, Side.TARGET);
      ab.idle(Duration.ofSeconds(30));

      exchange(a, b);

      assertThat(first(b)).isNotEqualTo(ofB);
      assertThat(trusted(a)).contains(first(b)).doesNotContain(ofC);
    }
  }

  /** Exchanges, by a process that has seen nothing of it before. */
  private void exchange(Cluster source, Cluster target) {
    Sides sides = new Sides(source, target, false);
    Trust trust = new Trust(sides);
    Installations installations = Installations.find(sides);
    for (int i = 0; i < 10; i++) {
      PhaseOutcome outcome =
          trust.establish(sides, installations, ab.clock.instant(), Duration.ofMinutes(2));
      ab.idle(Duration.ofSeconds(10));
      c.idle(Duration.ofSeconds(10));
      if (outcome instanceof PhaseOutcome.Advance) {
        return;
      }
    }
    throw new AssertionError("Never: trust");
  }

  private Cluster cluster(char name, Side side) {
    return switch (name) {
      case 'A' -> new Cluster(side, ab.clusters.client(Side.SOURCE));
      case 'B' -> b(side);
      default -> cAs(side);
    };
  }

  private Cluster b(Side side) {
    return new Cluster(side, ab.clusters.client(Side.TARGET));
  }

  private Cluster cAs(Side side) {
    return new Cluster(side, c.clusters.client(Side.SOURCE));
  }

  /** The same seed at the same instant would give C the very certificate of A. */
  private static World older() {
    World world = new World();
    world.source().caAge(Duration.ofHours(2));
    return world;
  }

  private static Set<String> trusted(Cluster cluster) {
    return Set.copyOf(bundle(cluster).certificates().keySet());
  }

  private static String first(Cluster cluster) {
    return String.valueOf(bundle(cluster).head());
  }

  private static CaBundle bundle(Cluster cluster) {
    return CaBundle.parse(
        Trust.text(cluster.get(Kind.CONFIG_MAP, "kubevirt", Trust.BUNDLE).orElseThrow()));
  }
}
