package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What API servers say to a dry run: schemas, strict validation, names that are taken, admission.
 *
 * <p>What only KubeVirt's own webhooks decide shows on existing clusters; policies that would
 * concern the cluster of somebody else are tried on our own servers only.
 */
@ExtendWith(ClustersExtension.class)
final class PreflightIT {

  private static LiveRig rig;
  private static VmRef source;

  private final VmRef target = new VmRef(rig.clusters.newNamespace("it-preflight-to"), "web");
  private final List<String> given = new ArrayList<>();

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
        .allMatch(name -> given.contains(name) || name.startsWith("Secret/default-"));
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
            Tuple.tuple("ContentDiffers", "Secret " + target.namespace() + "/user-data"));
  }

  @Test
  void aMachineOfTheSameNameIsFound() {
    create(SampleVm.of(target.namespace(), target.name()).strategy("Halted").manifest());

    assertThat(validate(target))
        .filteredOn(Concern::isCritical)
        .extracting(Concern::code, Concern::subject)
        .containsExactly(Tuple.tuple("NameTaken", "VirtualMachine " + target.namespace() + "/web"));
  }

  @Test
  void whatAPolicyRefusesIsFoundInItsWords() {
    try (Policies policies = policies()) {
      policies.refuse("Machines come here on Sundays only.");

      assertThat(policies.until("DryRunRefused", () -> validate(target)).message())
          .contains("Machines come here on Sundays only.");
    }
  }

  @Test
  void whatAPolicyChangesIsFound() {
    try (Policies policies = policies()) {
      policies.change(
          "JSONPatch{op: 'replace', value: '02:00:00:00:99:99', path:"
              + " '/spec/template/spec/domain/devices/interfaces/0/macAddress'}");

      assertThat(policies.until("ReceiverDiffers", () -> validate(target)).message())
          .contains("02:00:00:00:99:99");
    }
  }

  @Test
  void whatThePolicyTakesAwayIsFound() {
    try (Policies policies = policies()) {
      policies.change(
          "JSONPatch{op: 'remove', path: '/spec/template/spec/terminationGracePeriodSeconds'}");

      assertThat(policies.until("FieldLost", () -> validate(target)).message())
          .contains("terminationGracePeriodSeconds");
    }
  }

  @Test
  void whatOnlyKubeVirtsOwnAdmissionRefusesIsFoundInItsWords() {
    assumeTrue(
        rig.isRealKubeVirt(), "Without real KubeVirt nobody asks what a preference requires");
    VmRef sized = new VmRef(rig.clusters.newNamespace("it-preflight-sized"), "web");
    SampleVm sample = SampleVm.of(sized.namespace(), "web").instancetype("small", "linux");
    rig.boot(sample.disk("root", "64Mi"), "Always");
    GenericKubernetesResource type =
        rig.get(Side.SOURCE, Kind.INSTANCETYPE, sized.namespace(), "small").orElseThrow();
    type.getMetadata().setNamespace(target.namespace());
    type.getMetadata().setResourceVersion(null);
    type.getMetadata().setUid(null);
    create(type);
    GenericKubernetesResource preference = Kind.PREFERENCE.blank(target.namespace(), "linux");
    Tree.put(preference.getAdditionalProperties(), 64, "spec", "requirements", "cpu", "guest");
    create(preference);

    List<Concern> found =
        validate(
            LiveRig.plan(sized, target).toBuilder()
                .settings(Map.of("instancetypes", "require", "instancetypes.mismatch", "warning"))
                .build());

    assertThat(found)
        .extracting(Concern::code)
        .contains("MatcherDiffers")
        .doesNotContain("MatcherMissing");
    assertThat(found)
        .filteredOn(concern -> concern.code().equals("DryRunRefused"))
        .singleElement()
        .satisfies(
            concern -> {
              assertThat(concern.subject())
                  .isEqualTo("VirtualMachine " + target.namespace() + "/web");
              assertThat(concern.message()).containsIgnoringCase("cpu");
            });
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

  private Policies policies() {
    assumeTrue(!rig.isRealKubeVirt(), "Policies of existing clusters are not touched");
    return new Policies(rig.clusters.actorClient(Side.TARGET), target.namespace());
  }

  private void create(HasMetadata object) {
    rig.clusters.actorClient(Side.TARGET).resource(object).create();
    given.addAll(rig.objects(Side.TARGET, target.namespace()));
  }
}
