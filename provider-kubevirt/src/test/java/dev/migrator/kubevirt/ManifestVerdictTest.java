package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each machine of the table gets the verdict that the contract gives it. */
class ManifestVerdictTest {

  static Stream<Manifests.Case> cases() {
    return Stream.concat(
        Manifests.own().stream(),
        Manifests.folder().isPresent() ? Manifests.published().stream() : Stream.of());
  }

  static Stream<Manifests.Case> migrating() {
    return cases().filter(Manifests.Case::migrates);
  }

  @Test
  void publishedManifestsAreAllInTheTable() throws IOException {
    assumeThat(Manifests.folder())
        .as("published manifests: folder ../shared/k8s/manifests is not there, skipped")
        .isPresent();
    Set<String> expected =
        Manifests.published().stream()
            .map(Manifests.Case::file)
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.list(Manifests.folder().orElseThrow())) {
      assertThat(files.map(it -> it.getFileName().toString()).filter(it -> it.endsWith(".yaml")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRunningMachineGetsItsVerdict(Manifests.Case manifest) {
    assertThat(critical(Machines.running(manifest), KubeVirts.of("v1.9.0")))
        .isEqualTo(codes(manifest.refused()));
  }

  @ParameterizedTest
  @MethodSource("migrating")
  void aMachineThatMigratesArrivesAsItLeft(Manifests.Case manifest) {
    Machines machine = Machines.running(manifest);
    SourceMachine source = machine.build();
    Blueprint blueprint = build(machine);

    GenericKubernetesResource receiver = blueprint.receiver();
    Map<String, Object> spec = Tree.map(receiver.getAdditionalProperties(), "spec");
    assertThat(spec)
        .containsEntry("runStrategy", "WaitAsReceiver")
        .doesNotContainKeys(
            "running",
            "dataVolumeTemplates",
            "updateVolumesStrategy",
            "instancetype",
            "preference");
    assertThat(receiver.getMetadata().getAnnotations())
        .containsEntry(VmView.RESTORE_RUN_STRATEGY, source.vm().runStrategy());
    assertThat(receiver.getAdditionalProperties()).doesNotContainKey("status");

    // Started from the receiver's template, an instance would have the very identity.
    VmiView arrived = instanceOf(receiver);
    assertThat(Identity.of(source.instance().orElseThrow()).differences(Identity.of(arrived)))
        .isEmpty();
    // And nothing of the source's template is lost on the way.
    GenericKubernetesResource sent = Tree.copy(source.vm().raw());
    sent.getAdditionalProperties().remove("status");
    assertThat(SpecDiff.lost(sent, receiver))
        .allMatch(
            path ->
                Set.of(
                        "spec.running",
                        "spec.dataVolumeTemplates",
                        "spec.updateVolumesStrategy",
                        "spec.instancetype",
                        "spec.preference",
                        "spec.template.metadata.labels.kubevirt.io/nodeName")
                    .contains(path),
            "is a documented difference");
  }

  @ParameterizedTest
  @MethodSource("migrating")
  void everyVolumeOfTheSourceHasOneOnTheTarget(Manifests.Case manifest) {
    Machines machine = Machines.running(manifest);
    Blueprint blueprint = build(machine);
    List<String> named =
        Tree.maps(
                blueprint.receiver().getAdditionalProperties(),
                "spec",
                "template",
                "spec",
                "volumes")
            .stream()
            .flatMap(
                it ->
                    Tree.text(it, "dataVolume", "name")
                        .or(() -> Tree.text(it, "persistentVolumeClaim", "claimName"))
                        .stream())
            .toList();
    assertThat(blueprint.volumes())
        .extracting(Blueprint.Volume::claim)
        .containsExactlyElementsOf(named);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMachineThatDoesNotRunIsRefused(Manifests.Case manifest) {
    Machines machine = Machines.running(manifest).stopped();
    assertThat(critical(machine, KubeVirts.of("v1.9.0"))).contains("SourceNotRunning");
  }

  @Test
  void whatTheTargetCanTurnOnIsNoLongerRefusedOnceItIsOn() {
    assertThat(
            critical(
                Machines.own("gated"),
                KubeVirts.of(
                    "v1.9.0", KubeVirts.gate("Sidecar").andThen(KubeVirts.binding("passt")))))
        .isEmpty();
  }

  private static Set<String> critical(Machines machine, KubeVirtView target) {
    MigrationPlan plan = machine.plan().build();
    return Migratability.ofMachine(
            machine.build(),
            plan,
            machine.planned(),
            KubeVirtOptions.of(plan),
            KubeVirts.of("v1.9.0"),
            target,
            TargetFacts.unknown())
        .stream()
        .filter(Concern::isCritical)
        .map(Concern::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Blueprint build(Machines machine) {
    MigrationPlan plan = machine.plan().build();
    return Blueprints.build(
        machine.build(), plan, machine.planned(), KubeVirtOptions.of(plan), TargetFacts.unknown());
  }

  private static VmiView instanceOf(GenericKubernetesResource receiver) {
    GenericKubernetesResource vmi = Kind.INSTANCE.blank("demo", "arrived");
    vmi.setAdditionalProperty("spec", new VmView(receiver).templateSpec());
    vmi.getMetadata().setAnnotations(new VmView(receiver).templateAnnotations());
    return new VmiView(vmi);
  }

  private static Set<String> codes(Set<ConcernCode> codes) {
    return codes.stream().map(ConcernCode::code).collect(Collectors.toCollection(TreeSet::new));
  }
}
