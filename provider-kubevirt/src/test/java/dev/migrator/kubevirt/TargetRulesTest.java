package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.Severity;
import dev.migrator.model.StorageMapping;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the target lacks is found from what was looked up there, and from nothing else. */
class TargetRulesTest {

  private static final UnaryOperator<MigrationPlan.Builder> AS_IS = plan -> plan;

  @Test
  void whatWasLookedUpAndIsMissingIsNamed() {
    TargetFacts facts =
        missing(Kind.NAMESPACE, "", "demo")
            .with(Kind.STORAGE_CLASS, "", "fast", Optional.empty())
            .with(Kind.NETWORK_ATTACHMENT, "demo", "vlan-7", Optional.empty())
            .with(Kind.PRIORITY_CLASS, "", "important", Optional.empty())
            .with(Kind.SERVICE_ACCOUNT, "demo", "robot", Optional.empty());
    assertThat(critical(Machines.own("everything"), AS_IS, facts))
        .containsExactlyInAnyOrder(
            "NamespaceMissing",
            "StorageClassMissing",
            "StorageClassMissing",
            "StorageClassMissing",
            "NetworkMissing",
            "PriorityClassMissing",
            "ServiceAccountMissing");
    assertThat(
            critical(
                Machines.own("everything"),
                plan ->
                    plan.settings(Map.of("createNamespace", "true"))
                        .storage(StorageMapping.of("*", "other"))
                        .network(new NetworkMapping("demo/vlan-7", "net/lan")),
                facts))
        .containsExactlyInAnyOrder("PriorityClassMissing", "ServiceAccountMissing");
  }

  @Test
  void aNamespaceThatEnforcesPodSecurityIsNamed() {
    GenericKubernetesResource namespace = Kind.NAMESPACE.blank("", "demo");
    namespace.getMetadata().setLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    TargetFacts facts =
        TargetFacts.unknown().with(Kind.NAMESPACE, "", "demo", Optional.of(namespace));
    assertThat(critical(Machines.plain(), AS_IS, facts)).containsExactly("PodSecurity");
    namespace.getMetadata().setLabels(Map.of("pod-security.kubernetes.io/enforce", "baseline"));
    assertThat(RulesTest.judge(Machines.plain(), AS_IS, facts))
        .filteredOn(concern -> concern.code().equals("PodSecurity"))
        .extracting(Concern::severity)
        .containsExactly(Severity.WARNING);
  }

  @Test
  void storageModesThatTheClassDoesNotOfferAreWarnedOf() {
    GenericKubernetesResource profile = Kind.STORAGE_PROFILE.blank("", "fast");
    Tree.put(
        profile.getAdditionalProperties(),
        List.of(Map.of("accessModes", List.of("ReadWriteOnce"), "volumeMode", "Block")),
        "status",
        "claimPropertySets");
    TargetFacts facts =
        TargetFacts.unknown().with(Kind.STORAGE_PROFILE, "", "fast", Optional.of(profile));
    assertThat(RulesTest.judge(Machines.plain(), AS_IS, facts))
        .extracting(Concern::code)
        .contains("StorageModeUnsupported");
    StorageMapping block = new StorageMapping("fast", "fast", null, "Block");
    assertThat(RulesTest.judge(Machines.plain(), plan -> plan.storage(block), facts))
        .extracting(Concern::code)
        .doesNotContain("StorageModeUnsupported");
  }

  @Test
  void aClaimWithoutAClassLeavesItToTheTarget() {
    Machines machine =
        Machines.plain().claim("web-root", it -> Tree.remove(it, "spec", "storageClassName"));
    assertThat(RulesTest.judge(machine, AS_IS, TargetFacts.unknown()))
        .extracting(Concern::code)
        .contains("StorageClassUnnamed");
  }

  @Test
  void instanceTypesAreComparedFieldByFieldWhereTheTargetMustHaveThem() {
    UnaryOperator<MigrationPlan.Builder> require =
        plan ->
            plan.settings(Map.of("instancetypes", "require", "instancetypes.mismatch", "warning"));
    TargetFacts facts =
        missing(Kind.PREFERENCE, "demo", "virtio")
            .with(
                Kind.INSTANCETYPE,
                "demo",
                "two-by-four",
                Optional.of(type(Map.of("guest", 8), Map.of("guest", "4Gi"))));
    List<Concern> found = RulesTest.judge(Machines.own("sized"), require, facts);
    assertThat(found)
        .filteredOn(it -> it.code().startsWith("Matcher"))
        .extracting(Concern::code, Concern::severity)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("MatcherDiffers", Severity.WARNING),
            org.assertj.core.groups.Tuple.tuple("MatcherMissing", Severity.WARNING));
    assertThat(found)
        .filteredOn(it -> it.code().equals("MatcherDiffers"))
        .singleElement()
        .extracting(Concern::message)
        .asString()
        .contains("cpu.guest is 2 on the source and 8 there");
    assertThat(RulesTest.judge(Machines.own("sized"), AS_IS, facts))
        .as("expanded, it needs neither")
        .noneMatch(it -> it.code().startsWith("Matcher"));
  }

  @Test
  void contentThatCannotBeFoundIsNoContentToCompare() {
    Machines machine = Machines.own("sized");
    SourceMachine known = machine.build();
    SourceMachine unknown =
        new SourceMachine(
            known.vm(),
            known.vmi(),
            known.claims(),
            known.dataVolumes(),
            known.secrets(),
            known.configMaps(),
            Map.of(),
            known.images(),
            List.of());
    MigrationPlan plan = machine.plan().settings(Map.of("instancetypes", "copy")).build();
    assertThat(
            Migratability.ofMachine(
                unknown,
                plan,
                machine.planned(),
                KubeVirtOptions.of(plan),
                KubeVirts.of("v1.9.0"),
                KubeVirts.of("v1.9.0"),
                TargetFacts.unknown()))
        .extracting(Concern::code)
        .contains("InstancetypeContentUnknown");
  }

  @Test
  void whatIsInTheWayIsNamedUnlessItIsOurs() {
    Machines machine = Machines.own("everything");
    MigrationPlan plan = machine.plan().build();
    GenericKubernetesResource other = Kind.SECRET.blank("demo", "init");
    other.setAdditionalProperty("type", "Opaque");
    GenericKubernetesResource same = Kind.CONFIG_MAP.blank("demo", "settings");
    same.setAdditionalProperty("data", Map.of("mode", "fast"));
    GenericKubernetesResource ours = Kind.DATA_VOLUME.blank("demo", "everything-root");
    ours.getMetadata().setLabels(Labels.of(plan, machine.planned()));
    TargetFacts facts =
        TargetFacts.unknown()
            .with(Kind.SECRET, "demo", "init", Optional.of(other))
            .with(Kind.CONFIG_MAP, "demo", "settings", Optional.of(same))
            .with(Kind.DATA_VOLUME, "demo", "everything-root", Optional.of(ours))
            .with(
                Kind.DATA_VOLUME,
                "demo",
                "everything-data",
                Optional.of(Kind.DATA_VOLUME.blank("demo", "everything-data")))
            .with(
                Kind.VIRTUAL_MACHINE,
                "demo",
                "everything",
                Optional.of(Kind.VIRTUAL_MACHINE.blank("demo", "everything")));
    assertThat(made(machine, facts))
        .extracting(Concern::code, Concern::subject)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("ContentDiffers", "Secret demo/init"),
            org.assertj.core.groups.Tuple.tuple("NameTaken", "DataVolume demo/everything-data"),
            org.assertj.core.groups.Tuple.tuple("NameTaken", "VirtualMachine demo/everything"));
  }

  @Test
  void aClaimThatNobodyMadeForUsIsInTheWayOfItsDataVolume() {
    TargetFacts facts =
        TargetFacts.unknown()
            .with(Kind.PVC, "demo", "web-root", Optional.of(Kind.PVC.blank("demo", "web-root")));
    assertThat(made(Machines.plain(), facts))
        .extracting(Concern::subject)
        .containsExactly("PersistentVolumeClaim demo/web-root");
  }

  @Test
  void anAddressThatAnotherMachineHasIsNamed() {
    Machines onVlan =
        Machines.plain()
            .both(
                spec ->
                    spec.put(
                        "networks",
                        List.of(
                            Map.of("name", "default", "multus", Map.of("networkName", "lan")))));
    GenericKubernetesResource other = Tree.copy(onVlan.build().vm().raw());
    other.getMetadata().setName("other");
    Tree.put(
        other.getAdditionalProperties(),
        List.of(Map.of("name", "default", "macAddress", "02-00-00-00-10-01")),
        "spec",
        "template",
        "spec",
        "domain",
        "devices",
        "interfaces");
    TargetFacts facts = TargetFacts.unknown().with(Kind.VIRTUAL_MACHINE, List.of(other));
    assertThat(made(onVlan, facts))
        .extracting(Concern::code, Concern::severity)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("MacAddressTaken", Severity.CRITICAL));
    assertThat(made(Machines.plain(), facts)).as("on another network it disturbs nobody").isEmpty();
    GenericKubernetesResource itself = Tree.copy(other);
    itself.getMetadata().setName("web");
    assertThat(made(onVlan, TargetFacts.unknown().with(Kind.VIRTUAL_MACHINE, List.of(itself))))
        .isEmpty();
  }

  @Test
  void quotasAndLimitsMustLeaveRoom() {
    assertThat(made(Machines.plain(), quota("requests.storage", "20Gi", "10Gi")))
        .extracting(Concern::code)
        .containsExactly("QuotaExceeded");
    assertThat(made(Machines.plain(), quota("requests.storage", "21Gi", "10Gi"))).isEmpty();
    assertThat(made(Machines.plain(), quota("persistentvolumeclaims", "3", "3")))
        .extracting(Concern::code)
        .containsExactly("QuotaExceeded");
    assertThat(made(Machines.plain(), quota("requests.memory", "1Gi", "512Mi")))
        .extracting(Concern::code)
        .containsExactly("QuotaExceeded");
    assertThat(made(Machines.plain(), quota("requests.cpu", "1", "950m")))
        .as("a tenth of a CPU for each")
        .extracting(Concern::code)
        .containsExactly("QuotaExceeded");
    assertThat(
            made(
                Machines.plain()
                    .both(it -> Tree.put(it, "256Mi", "domain", "resources", "requests", "memory")),
                quota("requests.memory", "1Gi", "512Mi")))
        .as("what it asks for, not what its guest has")
        .isEmpty();
    assertThat(made(Machines.plain(), quota("count/virtualmachines.kubevirt.io", "4", "4")))
        .extracting(Concern::severity)
        .containsExactly(Severity.CRITICAL);
    GenericKubernetesResource range = Kind.LIMIT_RANGE.blank("demo", "small");
    Tree.put(
        range.getAdditionalProperties(),
        new ArrayList<>(
            List.of(Map.of("type", "PersistentVolumeClaim", "max", Map.of("storage", "5Gi")))),
        "spec",
        "limits");
    assertThat(made(Machines.plain(), TargetFacts.unknown().with(Kind.LIMIT_RANGE, List.of(range))))
        .extracting(Concern::code)
        .containsExactly("LimitRangeExceeded");
  }

  @Test
  void whatIsThereAlreadyTakesNoMoreRoom() {
    TargetFacts full = quota("requests.storage", "10Gi", "10Gi");
    assertThat(
            made(
                Machines.plain(),
                full.with(
                    Kind.PVC, "demo", "web-root", Optional.of(Kind.PVC.blank("demo", "web-root")))))
        .extracting(Concern::code)
        .containsExactly("NameTaken");
  }

  @Test
  void whatTheMachineLimitsItselfToIsRoomThatItTakes() {
    Machines limited =
        Machines.plain().both(it -> Tree.put(it, "2Gi", "domain", "resources", "limits", "memory"));
    assertThat(made(limited, quota("limits.memory", "3Gi", "2Gi")))
        .extracting(Concern::code)
        .containsExactly("QuotaExceeded");
    assertThat(made(Machines.plain(), quota("limits.memory", "3Gi", "3Gi"))).isEmpty();
  }

  @Test
  void aQuotaThatIsAboutOtherPodsIsNotForTheReceiver() {
    for (String scope : List.of("BestEffort", "Terminating", "NoSuchScope")) {
      assertThat(made(Machines.plain(), scoped(List.of(scope), List.of()))).as(scope).isEmpty();
    }
    for (String scope : List.of("NotBestEffort", "NotTerminating")) {
      assertThat(made(Machines.plain(), scoped(List.of(scope), List.of()))).as(scope).hasSize(1);
    }
    Machines important = Machines.plain().both(it -> it.put("priorityClassName", "important"));
    for (String values : List.of("important", "other")) {
      List<?> selector =
          List.of(
              Map.of("scopeName", "PriorityClass", "operator", "In", "values", List.of(values)));
      assertThat(made(important, scoped(List.of(), selector)))
          .as(values)
          .hasSize(values.equals("important") ? 1 : 0);
      assertThat(made(Machines.plain(), scoped(List.of(), selector))).isEmpty();
    }
  }

  private static TargetFacts scoped(List<?> scopes, List<?> selector) {
    TargetFacts facts = quota("pods", "1", "1");
    for (GenericKubernetesResource quota : facts.list(Kind.RESOURCE_QUOTA).orElseThrow()) {
      Tree.put(quota.getAdditionalProperties(), scopes, "spec", "scopes");
      Tree.put(
          quota.getAdditionalProperties(), selector, "spec", "scopeSelector", "matchExpressions");
    }
    return facts;
  }

  @Test
  void roomThatIsMissingOnlyWhileVolumesAreFilledIsWarnedOf() {
    GenericKubernetesResource fast = Kind.STORAGE_CLASS.blank("", "fast");
    fast.setAdditionalProperty("provisioner", "csi.example.com");
    TargetFacts tight =
        quota("requests.storage", "21Gi", "10Gi")
            .with(Kind.STORAGE_CLASS, "", "fast", Optional.of(fast));
    assertThat(made(Machines.plain(), tight))
        .extracting(Concern::code, Concern::severity)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("QuotaExceeded", Severity.WARNING));
  }

  private static TargetFacts quota(String resource, String hard, String used) {
    GenericKubernetesResource quota = Kind.RESOURCE_QUOTA.blank("demo", "team");
    Tree.put(quota.getAdditionalProperties(), hard, "status", "hard", resource);
    Tree.put(quota.getAdditionalProperties(), used, "status", "used", resource);
    return TargetFacts.unknown().with(Kind.RESOURCE_QUOTA, List.of(quota));
  }

  private static GenericKubernetesResource type(
      Map<String, Object> cpu, Map<String, Object> memory) {
    GenericKubernetesResource type = Kind.INSTANCETYPE.blank("demo", "two-by-four");
    type.setAdditionalProperty("spec", Map.of("cpu", cpu, "memory", memory));
    return type;
  }

  private static TargetFacts missing(Kind kind, String namespace, String name) {
    return TargetFacts.unknown().with(kind, namespace, name, Optional.empty());
  }

  private static List<Concern> made(Machines machine, TargetFacts facts) {
    MigrationPlan plan = machine.plan().build();
    Blueprint blueprint =
        Blueprints.build(machine.build(), plan, machine.planned(), KubeVirtOptions.of(plan), facts);
    Findings findings = Findings.about(machine.planned().source());
    Migratability.ofBlueprint(
        blueprint,
        plan,
        machine.planned(),
        KubeVirts.of("v1.9.0"),
        facts,
        Neighbours.Room.NONE,
        findings);
    return findings.all();
  }

  private static List<String> critical(
      Machines machine, UnaryOperator<MigrationPlan.Builder> change, TargetFacts facts) {
    return RulesTest.judge(machine, change, facts).stream()
        .filter(Concern::isCritical)
        .map(Concern::code)
        .toList();
  }
}
