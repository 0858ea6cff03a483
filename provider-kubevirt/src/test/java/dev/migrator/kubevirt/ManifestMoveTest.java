package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.Guest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each machine of the table is really moved, or refused with nothing written. */
class ManifestMoveTest {

  /** KubeVirt's own judgement, which the table leaves out because its rules say it better. */
  private static final Set<String> BESIDES =
      Set.of("NotLiveMigratable", "NotStorageMigratable", "SourceNotRunning");

  static Stream<Manifests.Case> migrating() {
    return ManifestVerdictTest.migrating();
  }

  static Stream<Manifests.Case> refused() {
    return ManifestVerdictTest.cases().filter(manifest -> !manifest.migrates());
  }

  @ParameterizedTest
  @MethodSource("migrating")
  void aMachineThatMigratesRunsOnTheTargetAsItDidOnTheSource(Manifests.Case manifest) {
    try (MigrationRig rig = ManifestWorld.rig()) {
      VmRef vm = ManifestWorld.boot(rig, manifest);
      VmView source = machine(rig, Side.SOURCE, vm);
      VmiView running = new VmiView(rig.get(Side.SOURCE, Kind.INSTANCE, vm.name()).orElseThrow());

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      assertThat(end.warnings()).noneMatch(warning -> warning.contains("The guest sees"));
      assertThat(rig.simulator.oracles().violations()).isEmpty();
      assertThat(rig.simulator.oracles().guests())
          .extracting(Guest::side, Guest::name)
          .containsExactly(tuple(Side.TARGET, vm.name()));

      sourceIsHalted(rig, vm);
      targetRuns(rig, vm, source, running);
      assertThat(
              SpecDifference.undocumented(
                  source.spec(), machine(rig, Side.TARGET, vm).spec(), running))
          .isEmpty();
      belongingsAreEqual(rig, References.of(source, running));
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aMachineThatIsRefusedStaysAsItIs(Manifests.Case manifest) {
    try (MigrationRig rig = ManifestWorld.rig()) {
      VmRef vm = ManifestWorld.boot(rig, manifest);
      List<Guest> guests = rig.simulator.oracles().guests();

      Set<String> codes =
          rig.runner().validate(rig.plan).stream()
              .filter(Concern::isCritical)
              .map(Concern::code)
              .collect(Collectors.toCollection(TreeSet::new));
      VmStatus end = rig.run();

      assertThat(codes).containsAll(manifest.refused().stream().map(ConcernCode::code).toList());
      codes.removeAll(BESIDES);
      assertThat(codes).hasSameSizeAs(manifest.refused());
      assertThat(end.state()).isEqualTo(VmState.FAILED);
      assertThat(end.phase()).isNull();
      for (ConcernCode code : manifest.refused()) {
        assertThat(String.valueOf(end.failure())).contains(code.code());
      }
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        assertThat(rig.clusters.requests(side).writes())
            .filteredOn(write -> !write.dryRun())
            .isEmpty();
      }
      assertThat(rig.simulator.oracles().guests()).isEqualTo(guests);
      assertThat(machine(rig, Side.SOURCE, vm).isHalted()).isFalse();
    }
  }

  @Test
  void everyDifferenceIsDocumented() throws IOException {
    assertThat(
            Files.readAllLines(Path.of("..", "docs", "limits.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`")[1]))
        .containsExactlyElementsOf(
            Arrays.stream(SpecDifference.values()).map(SpecDifference::field).toList());
  }

  private static void sourceIsHalted(MigrationRig rig, VmRef vm) {
    assertThat(machine(rig, Side.SOURCE, vm).isHalted()).isTrue();
    assertThat(rig.get(Side.SOURCE, Kind.INSTANCE, vm.name())).isEmpty();
    assertThat(rig.half(Side.SOURCE)).isEqualTo("gone");
  }

  private static void targetRuns(MigrationRig rig, VmRef vm, VmView source, VmiView running) {
    VmView arrived = machine(rig, Side.TARGET, vm);
    VmiView instance = new VmiView(rig.get(Side.TARGET, Kind.INSTANCE, vm.name()).orElseThrow());
    assertThat(arrived.runStrategy()).isEqualTo(source.runStrategy());
    assertThat(arrived.labels()).containsAllEntriesOf(Metadata.personal(source.labels()));
    assertThat(arrived.annotations()).containsAllEntriesOf(Metadata.personal(source.annotations()));
    assertThat(instance.isRunning() && instance.isReady()).isTrue();
    assertThat(Identity.of(running).differences(Identity.of(instance))).isEmpty();
    assertThat(rig.half(Side.TARGET)).isEqualTo("gone");
  }

  private static void belongingsAreEqual(MigrationRig rig, References references) {
    Map.of(ReferenceKind.SECRET, Kind.SECRET, ReferenceKind.CONFIG_MAP, Kind.CONFIG_MAP)
        .forEach(
            (reference, kind) -> {
              for (String name : references.names(reference)) {
                assertThat(content(rig, Side.TARGET, kind, name))
                    .as(kind + " " + name)
                    .isEqualTo(content(rig, Side.SOURCE, kind, name));
              }
            });
  }

  private static Map<String, Object> content(MigrationRig rig, Side side, Kind kind, String name) {
    return rig.get(side, kind, name)
        .map(GenericKubernetesResource::getAdditionalProperties)
        .orElseThrow();
  }

  private static VmView machine(MigrationRig rig, Side side, VmRef vm) {
    return new VmView(rig.get(side, Kind.VIRTUAL_MACHINE, vm.name()).orElseThrow());
  }
}
