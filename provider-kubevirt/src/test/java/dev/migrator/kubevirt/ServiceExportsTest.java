package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The synchronization endpoint by way of the multi-cluster services API. */
final class ServiceExportsTest {

  private static final String KUBEVIRT = "kubevirt";

  @Test
  void theEndpointIsExportedBeforeTheHalvesAreMadeAndGoesWithARollBack() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("serviceExports", "mcs")).build();
      rig.runUntil("export", status -> export(rig).isPresent());
      String name = export(rig).orElseThrow().getMetadata().getName();
      assertThat(object(rig, Kind.SERVICE, name)).isPresent();
      assertThat(rig.half(Side.SOURCE)).isEqualTo("gone");
      conditions(rig, "Valid", "Ready");

      rig.runUntil("send half", status -> !rig.half(Side.SOURCE).equals("gone"));
      String sent = Names.of(rig.plan, rig.plan.vms().get(0)).sendHalf(1);
      assertThat(
              rig.get(Side.SOURCE, Kind.MIGRATION, sent)
                  .map(VmimView::new)
                  .flatMap(VmimView::connectUrl))
          .contains(name + ".kubevirt.svc.clusterset.local:9185");

      // The simulated network knows no such name, so the halves never meet.
      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(export(rig)).isEmpty();
      assertThat(object(rig, Kind.SERVICE, name)).isEmpty();
    }
  }

  @Test
  void aConflictWithAnotherClustersExportEndsTheMove() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.plan = rig.plan.toBuilder().settings(Map.of("serviceExports", "mcs")).build();
      rig.runUntil("export", status -> export(rig).isPresent());
      conditions(rig, "Valid", "Conflict");

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.FAILED, "Always");
      assertThat(end.failure().code()).isEqualTo("ServiceExportConflict");
    }
  }

  private static Optional<GenericKubernetesResource> export(MigrationRig rig) {
    return new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
        .list(Kind.SERVICE_EXPORT, KUBEVIRT, Map.of()).stream().findFirst();
  }

  private static Optional<GenericKubernetesResource> object(
      MigrationRig rig, Kind kind, String name) {
    return new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
        .get(kind, KUBEVIRT, name);
  }

  private static void conditions(MigrationRig rig, String... types) {
    GenericKubernetesResource export = export(rig).orElseThrow();
    export.setAdditionalProperty(
        "status",
        Map.of(
            "conditions",
            List.of(types).stream()
                .map(type -> Map.of("type", type, "status", "True", "reason", type))
                .toList()));
    rig.clusters
        .actorClient(Side.TARGET)
        .genericKubernetesResources(Kind.SERVICE_EXPORT.context())
        .inNamespace(KUBEVIRT)
        .resource(export)
        .updateStatus();
  }
}
