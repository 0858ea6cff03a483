package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Side;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.Timing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exchange of certificates (contract 7). */
final class TrustTest {

  private static final String KUBEVIRT = "kubevirt";

  @Test
  void bothSidesTrustEachOtherAfterwardsAndNothingElseWasHandedIn() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      CaBundle source = bundle(rig, Side.SOURCE);
      CaBundle target = bundle(rig, Side.TARGET);

      rig.run();

      assertThat(bundle(rig, Side.SOURCE).certificates().keySet())
          .containsExactlyInAnyOrderElementsOf(union(source, target));
      assertThat(bundle(rig, Side.TARGET).certificates().keySet())
          .containsExactlyInAnyOrderElementsOf(union(source, target));
    }
  }

  @Test
  void trustThatExistsIsNotEstablishedAgain() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.run();
      rig.clusters.requests(Side.SOURCE).clear();
      rig.clusters.requests(Side.TARGET).clear();
      rig.restart();
      rig.again();
      rig.runner().turn(rig.plan);

      for (Side side : new Side[] {Side.SOURCE, Side.TARGET}) {
        assertThat(
                rig.clusters
                    .requests(side)
                    .matching(
                        request ->
                            request.resource().equals("configmaps") && request.verb().writes()))
            .isEmpty();
      }
    }
  }

  @Test
  void trustThatIsLostBeforeTheHalvesMeetIsMadeGood() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.POD_PENDING);
      rig.runUntil("scheduling", status -> rig.half(Side.SOURCE).equals("Scheduling"));
      changeKubeVirt(rig, Side.TARGET);
      rig.idle(Duration.ofSeconds(30));
      rig.world.target().release(Switch.POD_PENDING);

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void trustThatIsLostWhileCopyingDoesNoHarm() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.world.target().hold(Switch.HOLD_RUNNING);
      rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
      changeKubeVirt(rig, Side.SOURCE);
      rig.idle(Duration.ofSeconds(30));
      rig.world.target().release(Switch.HOLD_RUNNING);

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void rubbishThatSomebodyHandedInIsLeftToTheOperatorAndDoesNoHarm() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
          .get(Kind.CONFIG_MAP, KUBEVIRT, Trust.EXTERNAL)
          .ifPresent(found -> put(rig, Side.TARGET, found, "rubbish"));

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void trustTakesNoLongerThanTheOperators() {
    try (MigrationRig rig = new MigrationRig()) {
      Timing timing = Timing.TYPICAL;
      Duration slower = timing.bundleMerged().plusMillis(300);
      rig.world.source().timing(timing);
      rig.world.target().timing(merging(timing, slower));
      rig.booted();
      Instant begin = rig.clock.instant();

      MoveTest.assertMoved(rig, rig.run(), "Always");

      Instant started =
          rig.events.stream()
              .filter(MigrationEvent.Started.class::isInstance)
              .findFirst()
              .orElseThrow()
              .at();
      assertThat(Duration.between(begin, started)).isEqualTo(slower);
    }
  }

  @Test
  void anAuthorityOfThePeerThatCannotBeUsedIsNamedAndNothingIsWritten() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      Sides sides = sides(rig);
      Certs expired = new Certs();
      expired.until = Certs.NOW.minusSeconds(1);
      GenericKubernetesResource bundle = Kind.CONFIG_MAP.blank(KUBEVIRT, Trust.BUNDLE);
      bundle.setAdditionalProperty("data", Map.of("ca-bundle", Certs.pem(expired.make())));

      PhaseOutcome outcome =
          new Trust(sides)
              .establish(
                  (side, kind, namespace, name) ->
                      side == Side.TARGET
                          ? Optional.of(bundle)
                          : sides.get(side, kind, namespace, name),
                  Installations.find(sides),
                  Certs.NOW,
                  Duration.ofMinutes(2));

      assertThat(outcome)
          .isInstanceOfSatisfying(
              PhaseOutcome.Await.class,
              wait -> {
                assertThat(wait.reason())
                    .contains("the target cluster has a ConfigMap kubevirt-ca", "expired at");
                assertThat(wait.deadline()).isEqualTo(Duration.ofMinutes(2));
              });
      assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
    }
  }

  private static Sides sides(MigrationRig rig) {
    return new Sides(
        new Cluster(Side.SOURCE, rig.clusters.client(Side.SOURCE)),
        new Cluster(Side.TARGET, rig.clusters.client(Side.TARGET)),
        false);
  }

  private static Timing merging(Timing timing, Duration bundleMerged) {
    return new Timing(
        timing.claimBound(),
        timing.volumeFilled(),
        timing.podReady(),
        timing.prepareTarget(),
        timing.acknowledge(),
        timing.complete(),
        timing.launcherExit(),
        bundleMerged,
        timing.gateOff(),
        timing.gateOn(),
        timing.bytesPerSecond());
  }

  private static java.util.Set<String> union(CaBundle one, CaBundle other) {
    java.util.Set<String> all = new java.util.TreeSet<>(one.certificates().keySet());
    all.addAll(other.certificates().keySet());
    return all;
  }

  private static CaBundle bundle(MigrationRig rig, Side side) {
    return new Cluster(side, rig.clusters.actorClient(side))
        .get(Kind.CONFIG_MAP, KUBEVIRT, Trust.BUNDLE)
        .flatMap(found -> Tree.text(found.getAdditionalProperties(), "data", "ca-bundle"))
        .map(CaBundle::parse)
        .orElseThrow();
  }

  private static void put(
      MigrationRig rig, Side side, GenericKubernetesResource configMap, String text) {
    configMap.setAdditionalProperty("data", Map.of("ca-bundle", text));
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.CONFIG_MAP.context())
        .inNamespace(KUBEVIRT)
        .resource(configMap)
        .update();
  }

  /** Any change of the KubeVirt object's spec makes the operator renew its CA (contract 7.2). */
  static void changeKubeVirt(MigrationRig rig, Side side) {
    GenericKubernetesResource kubevirt =
        new Cluster(side, rig.clusters.actorClient(side))
            .get(Kind.KUBEVIRT, KUBEVIRT, "kubevirt")
            .orElseThrow();
    Tree.put(
        kubevirt.getAdditionalProperties(),
        7,
        "spec",
        "configuration",
        "migrations",
        "parallelMigrationsPerCluster");
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.KUBEVIRT.context())
        .inNamespace(KUBEVIRT)
        .resource(kubevirt)
        .update();
  }
}
