package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What API servers say to a dry run: schemas, strict validation, names that are taken, admission.
 *
 * <p>Without real KubeVirt there are no webhooks of its own; what only they decide shows on
 * existing clusters.
 */
@ExtendWith(ClustersExtension.class)
final class PreflightIT {

  private static LiveRig rig;
  private static VmRef source;

  private final VmRef target = new VmRef(rig.clusters.newNamespace("it-preflight-to"), "web");

  @BeforeAll
  static void boot(Clusters clusters) {
    rig = new LiveRig(clusters);
    source = new VmRef(rig.clusters.newNamespace("it-preflight"), "web");
    rig.boot(
        SampleVm.of(source.namespace(), source.name())
            .dataVolume("root", "64Mi")
            .disk("data", "64Mi")
            .cloudInit("user-data", "#cloud-config")
            .configMap("settings", "text"),
        "Always");
  }

  @AfterAll
  static void leave() {
    if (rig != null) {
      rig.close();
    }
  }

  @AfterEach
  void nothingOfOursIsThere() {
    assertThat(rig.objects(Side.TARGET, target.namespace()))
        .allMatch(name -> name.equals("Secret/user-data") || name.startsWith("Secret/default-"));
    assertThat(rig.objects(Side.SOURCE, source.namespace()))
        .noneMatch(name -> name.startsWith("VirtualMachineInstanceMigration/"));
  }

  @Test
  void aMachineThatFitsIsTriedWithoutATrace() {
    assertThat(validate(target)).noneMatch(Concern::isCritical);
  }

  @Test
  void whatAdmissionRefusesIsFoundInItsWords() {
    create(
        new LimitRangeBuilder()
            .withNewMetadata()
            .withNamespace(target.namespace())
            .withName("small")
            .endMetadata()
            .withNewSpec()
            .addNewLimit()
            .withType("PersistentVolumeClaim")
            .withMax(Map.of("storage", new Quantity("1Mi")))
            .endLimit()
            .endSpec()
            .build());

    assertThat(validate(target))
        .filteredOn(concern -> concern.code().equals("DryRunRefused"))
        .singleElement()
        .satisfies(
            concern -> {
              assertThat(concern.subject())
                  .isEqualTo("PersistentVolumeClaim " + target.namespace() + "/web-data");
              assertThat(concern.message()).contains("maximum storage usage");
            });
  }

  @Test
  void aNameThatIsTakenIsFound() {
    create(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(target.namespace())
            .withName("user-data")
            .endMetadata()
            .withStringData(Map.of("other", "content"))
            .build());

    assertThat(validate(target))
        .filteredOn(Concern::isCritical)
        .extracting(Concern::code, Concern::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "ContentDiffers", "Secret " + target.namespace() + "/user-data"));
  }

  @Test
  void anObjectOfTheSourceItselfIsInTheWayWithinOneCluster() {
    MigrationPlan plan = LiveRig.plan(source, source);

    assertThat(
            validate(
                MigrationPlan.builder(plan.id(), plan.source(), plan.source())
                    .type(plan.type())
                    .vm(plan.vms().get(0).to(new VmRef(source.namespace(), "other")))
                    .build()))
        .as("claims get other names there, and what is equal is shared")
        .noneMatch(Concern::isCritical);
  }

  @Test
  void withoutANamespaceNothingButTheSendHalfIsTried() {
    assertThat(validate(new VmRef("it-no-such-namespace", "web")))
        .filteredOn(Concern::isCritical)
        .extracting(Concern::code)
        .containsExactly("NamespaceMissing");
  }

  @Test
  void fieldsThatTheServerDoesNotKnowAreNamedAndDoNotHideWhatAdmissionSays() {
    for (Kind kind : List.of(Kind.DATA_VOLUME, Kind.SECRET, Kind.VIRTUAL_MACHINE)) {
      GenericKubernetesResource object =
          kind == Kind.VIRTUAL_MACHINE
              ? SampleVm.of(target.namespace(), "novel").manifest()
              : kind.blank(target.namespace(), "novel");
      if (kind == Kind.DATA_VOLUME) {
        Tree.put(object.getAdditionalProperties(), Map.of("blank", Map.of()), "spec", "source");
        Tree.put(
            object.getAdditionalProperties(),
            Map.of("resources", Map.of("requests", Map.of("storage", "1Mi"))),
            "spec",
            "storage");
      }
      Tree.put(object.getAdditionalProperties(), "x", "spec", "noSuchField");

      Cluster.DryRun tried =
          new Cluster(Side.TARGET, rig.clusters.client(Side.TARGET)).dryRun(object);

      assertThat(tried.refusal()).as("%s", kind).isEmpty();
      assertThat(SpecDiff.lost(object, tried.stored().orElseThrow()))
          .as("%s", kind)
          .containsExactly(kind == Kind.SECRET ? "spec" : "spec.noSuchField");
    }
  }

  private static List<Concern> validate(VmRef target) {
    return validate(LiveRig.plan(source, target));
  }

  private static List<Concern> validate(MigrationPlan plan) {
    try (MigrationRunner runner =
        MigrationRunner.builder()
            .registry(MigratorRegistry.of(new KubeVirtProvider()))
            .store(new InMemoryStatusStore())
            .connection("a", KubernetesClient.class, rig.clusters.client(Side.SOURCE))
            .connection("b", KubernetesClient.class, rig.clusters.client(Side.TARGET))
            .build()) {
      return runner.validate(plan);
    }
  }

  private static void create(HasMetadata object) {
    rig.clusters.actorClient(Side.TARGET).resource(object).create();
  }
}
