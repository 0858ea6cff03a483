package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.testkit.apiserver.AdmissionDenied;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Canaries in every Secret, in a ConfigMap and in the cloud-init data of the machine itself; then
 * everything is searched that the library says or leaves behind.
 */
final class CanaryTest {

  private final LogCapture logs = new LogCapture();
  private final List<Object> said = new ArrayList<>();

  @AfterEach
  void close() {
    logs.close();
  }

  /** What becomes of a move. */
  enum Way {
    SUCCESS(VmState.SUCCEEDED, rig -> {}),
    FAILURE(VmState.FAILED, rig -> rig.world.source().hold(Switch.FAIL_SOURCE)),
    CANCEL(
        VmState.CANCELLED,
        rig -> {
          rig.world.target().hold(Switch.HOLD_RUNNING);
          rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
          rig.cancel();
          rig.world.target().release(Switch.HOLD_RUNNING);
        }),
    MACHINE_REFUSED(VmState.FAILED, rig -> refuse(rig, "VirtualMachine")),
    SECRET_REFUSED(VmState.FAILED, rig -> refuse(rig, "Secret")),
    CONFIG_MAP_REFUSED(VmState.FAILED, rig -> refuse(rig, "ConfigMap")),
    SOURCE_CHANGED(
        VmState.FAILED,
        rig -> {
          rig.stopAtPhase("EnsureResources");
          rig.edit(
              Side.SOURCE,
              vm -> Tree.put(vm.getAdditionalProperties(), 7, "spec", "template", "spec", "x"));
        }),
    COLLISION(
        VmState.FAILED,
        rig -> {
          GenericKubernetesResource other = Kind.SECRET.blank(MigrationRig.NAMESPACE, "opaque");
          other.setAdditionalProperty(
              "data", Map.of("userdata", Canaries.base64(Canaries.of("other"))));
          new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET)).create(other);
        });

    private final VmState end;
    private final Consumer<MigrationRig> change;

    Way(VmState end, Consumer<MigrationRig> change) {
      this.end = end;
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingThatAMoveSaysOrLeavesBehindHoldsASecretValue(Way way) {
    try (MigrationRig rig = rig()) {
      way.change.accept(rig);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(way.end);
      said.add(end);
      said.add(rig.describe());
      said.addAll(rig.events);
      assertNothingSings(rig);
      assertThat(logs.text()).as("there is a log").contains("dev.migrator");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SUCCESS", "MACHINE_REFUSED", "SECRET_REFUSED", "COLLISION"})
  void nothingThatAPreflightSaysHoldsASecretValue(Way way) {
    try (MigrationRig rig = rig()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("preflight", "full")).build();
      way.change.accept(rig);

      List<Concern> concerns = rig.runner().validate(rig.plan);

      assertThat(concerns.stream().anyMatch(Concern::isCritical))
          .as(concerns.toString())
          .isEqualTo(way != Way.SUCCESS);
      concerns.forEach(concern -> said.add(concern.describe()));
      said.addAll(concerns);
      said.add(rig.run());
      assertNothingSings(rig);
    }
  }

  @Test
  void anExceptionHoldsNoSecretValueInItselfOrItsCauses() {
    try (MigrationRig rig = rig()) {
      refuse(rig, "VirtualMachine");
      refuse(rig, "Secret");
      Cluster target = new Cluster(Side.TARGET, rig.clusters.client(Side.TARGET));
      for (GenericKubernetesResource object :
          List.of(
              rig.sample.manifest(), rig.get(Side.SOURCE, Kind.SECRET, "opaque").orElseThrow())) {
        Canaries.assertSings(object);
        object.getMetadata().setResourceVersion(null);
        try {
          target.create(object);
          throw new AssertionError("It was not refused");
        } catch (MigrationException refused) {
          for (Throwable each = refused; each != null; each = each.getCause()) {
            said.add(each);
          }
          assertThat(refused).hasMessageContaining("create target");
        }
      }
      said.forEach(text -> Canaries.assertSilent("an exception", text));
    }
  }

  @Test
  void theSearchFindsWhatItSearchesFor() {
    Canaries.assertSings(Canaries.of("x"));
    Canaries.assertSings(Canaries.base64(Canaries.of("some")));
    Canaries.assertSings(Canaries.base64("x" + Canaries.of("some")));
    Canaries.assertSings(Canaries.base64("xy" + Canaries.of("some")));
  }

  private void assertNothingSings(MigrationRig rig) {
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      said.addAll(Canaries.written(rig, side));
    }
    said.add(logs.text());
    said.forEach(text -> Canaries.assertSilent("what was said", text));
  }

  /** Statuses are kept on the source's cluster, as a host would keep them. */
  private MigrationRig rig() {
    MigrationRig rig = new MigrationRig();
    rig.sample = Canaries.sample(rig);
    rig.booted();
    rig.plan = rig.plan.toBuilder().storage(StorageMapping.of("local", "local")).build();
    rig.clusters.createNamespace("ops");
    rig.store.store = new KubernetesStatusStore(rig.clusters.actorClient(Side.SOURCE), "ops");
    return rig;
  }

  /** A server that quotes all that it refuses. */
  private static void refuse(MigrationRig rig, String kind) {
    rig.clusters.admit(
        kind,
        review -> {
          if (review.side() == Side.TARGET
              && review.operation() == Verb.CREATE
              && review.object() != null) {
            throw new AdmissionDenied(
                422, "Invalid", kind + " is invalid: Invalid value: " + review.object());
          }
        });
  }
}
