package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found about the two installations, and about a plan by itself. */
class ClusterRulesTest {

  private static final KubeVirtView GOOD = KubeVirts.of("v1.9.0");

  @Test
  void twoGoodInstallationsGiveNoCauseForConcern() {
    assertThat(judge(GOOD, GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          v1.5.9, KubevirtVersionUnsupported
          v1.6.0, KubevirtVersionUnsupported
          v1.6.5, KubevirtVersionUnsupported
          v1.6.6, KubevirtVersionDegraded
          v1.7.0, KubevirtVersionUnsupported
          v1.7.4, KubevirtVersionDegraded
          v1.8.3, KubevirtVersionDegraded
          v1.8.4,
          v1.9.0-rc.1,
          devel, KubevirtVersionUnknown
          """)
  void versionsAreJudgedAsTheContractSupportsThem(String version, String expected) {
    List<String> each = expected == null ? List.of() : List.of(expected, expected);
    assertThat(codes(judge(KubeVirts.of(version), KubeVirts.of(version)))).isEqualTo(each);
  }

  @Test
  void thePlanMayLowerTheWeightOfAnUnsupportedVersion() {
    MigrationPlan plan = plan().settings(Map.of("unsupportedVersion", "warning")).build();
    assertThat(
            Migratability.ofClusters(
                plan, KubeVirtOptions.of(plan), KubeVirts.of("v1.6.0"), KubeVirts.of("v1.6.0")))
        .extracting(Concern::severity)
        .containsOnly(Severity.WARNING);
  }

  @Test
  void differentMinorVersionsAreWarnedOf() {
    assertThat(codes(judge(KubeVirts.of("v1.8.4"), GOOD))).containsExactly("KubevirtVersionSkew");
  }

  @ParameterizedTest
  @CsvSource({
    "v1.6.6, v1.7.4, CRITICAL",
    "v1.6.6, v1.9.0, CRITICAL",
    "v1.10.0, v1.6.6, CRITICAL",
    "v1.9.0, v1.6.6, WARNING",
    "v1.7.4, v1.9.0, WARNING",
    "v1.9.0, v1.10.0, WARNING"
  })
  void handlersThatRefuseEachOtherAreNoPair(String source, String target, Severity weight) {
    assertThat(judge(KubeVirts.of(source), KubeVirts.of(target)))
        .filteredOn(concern -> concern.code().equals("KubevirtVersionSkew"))
        .extracting(Concern::severity)
        .containsExactly(weight);
  }

  @Test
  void anAddressThatIsLeftOfAGateThatWasTurnedOffProvesNothing() {
    KubeVirtView disabled =
        KubeVirts.of(
            "v1.10.0",
            it ->
                Tree.put(
                    it,
                    Map.of("disabledFeatureGates", List.of(KubeVirtView.GATE)),
                    "spec",
                    "configuration",
                    "developerConfiguration"));
    assertThat(codes(judge(disabled, disabled)))
        .containsExactly("FeatureGateOff", "FeatureGateOff");
  }

  @Test
  void aGateThatIsOffIsFoundByListAndVersion() {
    KubeVirtView off =
        KubeVirts.of(
            "v1.9.0",
            it -> {
              Tree.remove(it, "spec", "configuration", "developerConfiguration", "featureGates");
              Tree.remove(it, "status", "synchronizationAddresses");
            });
    assertThat(codes(judge(off, GOOD))).containsExactly("FeatureGateOff");
    assertThat(codes(judge(GOOD, off))).containsExactly("FeatureGateOff");
    KubeVirtView byDefault =
        KubeVirts.of(
            "v1.10.0",
            it ->
                Tree.remove(it, "spec", "configuration", "developerConfiguration", "featureGates"));
    assertThat(byDefault.isGateOn()).isTrue();
    KubeVirtView disabled =
        KubeVirts.of(
            "v1.10.0",
            it ->
                Tree.put(
                    it,
                    Map.of("disabledFeatureGates", List.of(KubeVirtView.GATE)),
                    "spec",
                    "configuration",
                    "developerConfiguration"));
    assertThat(disabled.isGateOn()).isFalse();
  }

  @Test
  void everythingElseIsFoundOnItsSide() {
    assertThat(codes(judge(with("status", "phase", "Deploying"), GOOD)))
        .containsExactly("KubevirtNotDeployed");
    KubeVirtView mute =
        KubeVirts.of("v1.9.0", it -> Tree.remove(it, "status", "synchronizationAddresses"));
    assertThat(codes(judge(GOOD, mute))).containsExactly("NoSynchronizationAddress");
    KubeVirtView stage =
        KubeVirts.of(
            "v1.9.0", it -> Tree.put(it, "Stage", "spec", "configuration", "vmRolloutStrategy"));
    assertThat(codes(judge(GOOD, stage))).containsExactly("RolloutStrategyStage");
    assertThat(judge(stage, GOOD)).as("of the source it does not matter").isEmpty();
    KubeVirtView open =
        KubeVirts.of(
            "v1.9.0",
            it -> Tree.put(it, true, "spec", "configuration", "migrations", "disableTLS"));
    assertThat(codes(judge(GOOD, open))).containsExactly("TlsMismatch");
    KubeVirtView vanilla =
        KubeVirts.of("v1.9.0", it -> Tree.remove(it, "spec", "certificateRotateStrategy"));
    assertThat(judge(vanilla, GOOD))
        .singleElement()
        .extracting(Concern::message)
        .asString()
        .contains("33 of 168 hours");
  }

  @Test
  void exactlyOneInstallationIsExpected() {
    assertThat(ClusterRules.count(Side.SOURCE, 1)).isEmpty();
    assertThat(ClusterRules.count(Side.SOURCE, 0))
        .get()
        .extracting(Concern::code)
        .isEqualTo("KubevirtNotFound");
    assertThat(ClusterRules.count(Side.TARGET, 2))
        .get()
        .extracting(Concern::code)
        .isEqualTo("KubevirtAmbiguous");
  }

  @Test
  void aPlanIsJudgedBeforeAnyClusterIsAsked() {
    assertThat(Migratability.ofPlan(plan().vm("demo", "web").build())).isEmpty();
    MigrationPlan plan =
        plan()
            .settings(Map.of("imges", "tag"))
            .vm(PlannedVm.of(new VmRef("demo", "web")).to(new VmRef("prod", "web")))
            .vm(PlannedVm.of(new VmRef("test", "web")).to(new VmRef("prod", "web")))
            .vm("demo", "Not A Name")
            .storage(new StorageMapping("a\nb", "b", "ReadWriteSometimes", null))
            .network(new NetworkMapping("a/b/c", "pod"))
            .build();
    assertThat(codes(Migratability.ofPlan(plan)))
        .containsExactlyInAnyOrder(
            "InvalidSettings",
            "DuplicateTarget",
            "InvalidName",
            "StorageMappingInvalid",
            "NetworkMappingInvalid");
    assertThat(Migratability.ofPlan(plan)).noneMatch(it -> it.subject().contains("\n"));
  }

  @Test
  void aMachineCannotBecomeItself() {
    MigrationPlan plan =
        MigrationPlan.builder("plan", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "a"))
            .vm("demo", "web")
            .build();
    assertThat(codes(Migratability.ofPlan(plan))).containsExactly("DuplicateTarget");
  }

  private static KubeVirtView with(String parent, String key, String value) {
    return KubeVirts.of("v1.9.0", it -> Tree.put(it, value, parent, key));
  }

  private static List<Concern> judge(KubeVirtView source, KubeVirtView target) {
    MigrationPlan plan = plan().build();
    return Migratability.ofClusters(plan, KubeVirtOptions.of(plan), source, target);
  }

  private static MigrationPlan.Builder plan() {
    return MigrationPlan.builder(
        "plan", Endpoint.of("kubevirt", "east"), Endpoint.of("kubevirt", "west"));
  }

  private static List<String> codes(List<Concern> concerns) {
    return concerns.stream().map(Concern::code).toList();
  }
}
