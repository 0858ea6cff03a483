package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is drawn for the target of a machine that refers to everything. */
class BlueprintsTest {

  @Test
  void sharedObjectsGoAlongWithTypeContentAndTheLabelsThatPeopleWrote() {
    Blueprint blueprint = draw(Machines.own("everything"), plan -> plan);
    assertThat(blueprint.shared())
        .extracting(Blueprint::describe)
        .containsExactly(
            "Secret demo/drive",
            "Secret demo/init",
            "Secret demo/network-data",
            "Secret demo/password",
            "Secret demo/pull-kernel",
            "Secret demo/pull-tools",
            "Secret demo/slic-table",
            "Secret demo/ssh-key",
            "ConfigMap demo/answers",
            "ConfigMap demo/maybe",
            "ConfigMap demo/settings");
    GenericKubernetesResource init = blueprint.shared().get(1);
    assertThat(init.getAdditionalProperties())
        .containsEntry("type", "example.com/cloud-init")
        .containsEntry("data", Map.of("userdata", "Y2FuYXJ5LXNlY3JldC12YWx1ZQ=="));
    assertThat(init.getMetadata().getLabels()).containsExactly(Map.entry("team", "blue"));
    assertThat(init.getMetadata().getUid()).isNull();
  }

  @Test
  void volumesAreBlankDataVolumesOrBareClaimsAsOnTheSource() {
    Blueprint blueprint = draw(Machines.own("everything"), plan -> plan);
    assertThat(blueprint.volumes())
        .extracting(Blueprint.Volume::toString)
        .containsExactly(
            "DataVolume demo/everything-root",
            "DataVolume demo/everything-data",
            "PersistentVolumeClaim demo/everything-bare");
    assertThat(blueprint.volumes())
        .extracting(Blueprint.Volume::ownedByMachine)
        .containsExactly(true, false, false);
    Map<String, Object> root = blueprint.volumes().get(0).object().getAdditionalProperties();
    assertThat(Tree.map(root, "spec", "source")).containsOnlyKeys("blank");
    assertThat(Tree.map(root, "spec", "storage"))
        .containsEntry("accessModes", List.of("ReadWriteOnce"))
        .containsEntry("volumeMode", "Filesystem")
        .containsEntry("storageClassName", "fast");
    assertThat(Tree.text(root, "spec", "storage", "resources", "requests", "storage"))
        .as("the capacity, which is more than was asked for")
        .contains("11Gi");
    assertThat(blueprint.volumes().get(1).object().getMetadata().getLabels())
        .containsEntry("tier", "data");
    Map<String, Object> bare = blueprint.volumes().get(2).object().getAdditionalProperties();
    assertThat(Tree.map(bare, "spec"))
        .containsOnlyKeys("accessModes", "volumeMode", "storageClassName", "resources");
  }

  @Test
  void storageIsMappedByClassThenByWildcard() {
    Machines machine =
        Machines.own("everything")
            .claim("everything-data", claim -> Tree.put(claim, "slow", "spec", "storageClassName"));
    Blueprint blueprint =
        draw(
            machine,
            plan ->
                plan.storage(StorageMapping.of("*", "anything"))
                    .storage(new StorageMapping("slow", "block", "ReadWriteMany", "Block")));
    assertThat(storage(blueprint, 0)).containsEntry("storageClassName", "anything");
    assertThat(storage(blueprint, 1))
        .containsEntry("storageClassName", "block")
        .containsEntry("accessModes", List.of("ReadWriteMany"))
        .containsEntry("volumeMode", "Block");
  }

  @Test
  void aBlockDeviceThatBecomesAFileIsMadeLarger() {
    Machines machine =
        Machines.plain().claim("web-root", claim -> Tree.put(claim, "Block", "spec", "volumeMode"));
    Blueprint blueprint =
        draw(
            machine, plan -> plan.storage(new StorageMapping("fast", "files", null, "Filesystem")));
    assertThat(Tree.text(storage(blueprint, 0), "resources", "requests", "storage"))
        .contains("12391Mi");
  }

  @Test
  void volumesOfAClassThatWaitsAreBoundAsTheClassAllows() {
    assertThat(annotations(facts("WaitForFirstConsumer", "csi.example.com")))
        .containsOnlyKeys("cdi.kubevirt.io/storage.usePopulator");
    assertThat(annotations(facts("WaitForFirstConsumer", "kubernetes.io/no-provisioner")))
        .containsOnlyKeys("cdi.kubevirt.io/storage.bind.immediate.requested");
    assertThat(annotations(facts("Immediate", "csi.example.com"))).isEmpty();
    assertThat(annotations(TargetFacts.unknown()))
        .containsOnlyKeys("cdi.kubevirt.io/storage.bind.immediate.requested");
  }

  @Test
  void theReceiverKeepsWhatPeopleWroteAndDropsWhatControllersNoted() {
    GenericKubernetesResource receiver = draw(Machines.own("everything"), plan -> plan).receiver();
    assertThat(receiver.getMetadata().getLabels())
        .containsOnly(
            Map.entry("plan", "gold"),
            Map.entry("app.kubernetes.io/name", "shop"),
            Map.entry("kubevirt.io/vm", "everything"));
    assertThat(receiver.getMetadata().getAnnotations())
        .containsOnly(
            Map.entry("note", "kept"), Map.entry(VmView.RESTORE_RUN_STRATEGY, "RerunOnFailure"));
    Map<String, Object> metadata =
        Tree.map(receiver.getAdditionalProperties(), "spec", "template", "metadata");
    assertThat(Tree.map(metadata, "labels")).containsOnlyKeys("app");
    assertThat(Tree.map(metadata, "annotations"))
        .containsOnly(
            Map.entry("user.example/note", "kept"), Map.entry(Identity.PCI_TOPOLOGY, "v3"));
  }

  @Test
  void fieldsThatNobodyHeardOfArriveAtEveryLevel() {
    Map<String, Object> spec = spec(draw(Machines.own("everything"), plan -> plan));
    assertThat(Tree.at(spec, "futureField")).isEqualTo(Map.of("of", List.of("the", "machine")));
    Map<String, Object> template = Tree.map(spec, "template", "spec");
    assertThat(Tree.at(template, "futureField"))
        .isEqualTo(Map.of("of", List.of("the", "template")));
    assertThat(Tree.at(template, "domain", "futureField"))
        .isEqualTo(Map.of("of", List.of("the", "domain")));
    assertThat(Tree.named(template, "root", "domain", "devices", "disks").orElseThrow())
        .containsEntry("futureField", Map.of("of", List.of("a", "disk")));
    assertThat(Tree.named(template, "data", "volumes").orElseThrow().get("dataVolume"))
        .isEqualTo(
            Map.of("name", "everything-data", "futureField", Map.of("of", List.of("a", "volume"))));
  }

  @Test
  void imagesArePinnedToTheDigestsInUseUnlessThePlanWantsTags() {
    Map<String, Object> template = template(draw(Machines.own("everything"), plan -> plan));
    String disk = "registry.example/tools@" + Machines.DIGEST;
    String kernel = "registry.example/kernel@" + Machines.DIGEST;
    assertThat(Tree.named(template, "image", "volumes").orElseThrow().get("containerDisk"))
        .isEqualTo(Map.of("image", disk, "imagePullSecret", "pull-tools"));
    assertThat(Tree.text(template, "domain", "firmware", "kernelBoot", "container", "image"))
        .contains(kernel);
  }

  @Test
  void theGuestsIdentityIsPinnedFromTheInstance() {
    Map<String, Object> template = template(draw(Machines.own("everything"), plan -> plan));
    Map<String, Object> domain = Tree.map(template, "domain");
    assertThat(Tree.text(domain, "firmware", "uuid")).contains(Machines.UUID);
    assertThat(Tree.text(domain, "firmware", "serial")).contains(Machines.SERIAL);
    assertThat(Tree.text(domain, "firmware", "acpi", "slicNameRef")).contains("slic");
    assertThat(Tree.text(domain, "machine", "type")).contains(Machines.MACHINE_TYPE);
    assertThat(Tree.map(domain, "cpu"))
        .containsEntry("model", "host-model")
        .containsEntry("maxSockets", 4);
    assertThat(Tree.text(template, "architecture")).contains("amd64");
    assertThat(Tree.maps(domain, "devices", "interfaces"))
        .extracting(nic -> nic.get("macAddress"))
        .containsExactly("02:00:00:00:10:01", "02:00:00:00:10:02");
  }

  @Test
  void anInstanceTypeIsExpandedIntoTheMachine() {
    Map<String, Object> spec = spec(draw(Machines.own("sized"), plan -> plan));
    assertThat(spec).doesNotContainKeys("instancetype", "preference");
    Map<String, Object> domain = Tree.map(spec, "template", "spec", "domain");
    assertThat(Tree.map(domain, "cpu")).containsEntry("sockets", 2);
    assertThat(Tree.text(domain, "memory", "guest")).contains("4Gi");
    assertThat(Tree.maps(domain, "devices", "disks").get(0).get("disk"))
        .isEqualTo(Map.of("bus", "virtio"));
  }

  @Test
  void anInstanceTypeThatGoesAlongRulesCpuAndMemoryAndLosesItsRevision() {
    Blueprint blueprint =
        draw(Machines.own("sized"), plan -> plan.settings(Map.of("instancetypes", "copy")));
    assertThat(blueprint.shared())
        .extracting(Blueprint::describe)
        .containsExactly(
            "VirtualMachineInstancetype demo/two-by-four", "VirtualMachinePreference demo/virtio");
    assertThat(
            Tree.text(
                blueprint.shared().get(0).getAdditionalProperties(), "spec", "memory", "guest"))
        .contains("4Gi");
    Map<String, Object> spec = spec(blueprint);
    assertThat(spec.get("instancetype"))
        .isEqualTo(Map.of("kind", "VirtualMachineInstancetype", "name", "two-by-four"));
    Map<String, Object> domain = Tree.map(spec, "template", "spec", "domain");
    assertThat(domain).doesNotContainKeys("cpu", "memory");
    assertThat(Tree.text(domain, "firmware", "uuid")).contains(Machines.UUID);
  }

  @Test
  void anInferredInstanceTypeIsNamedOutright() {
    Machines machine =
        Machines.own("sized")
            .spec(spec -> spec.put("instancetype", Map.of("inferFromVolume", "root")))
            .status(
                status ->
                    status.put(
                        "instancetypeRef",
                        Map.of("name", "u1.small", "kind", "VirtualMachineClusterInstancetype")));
    Map<String, Object> spec =
        spec(draw(machine, plan -> plan.settings(Map.of("instancetypes", "require"))));
    assertThat(spec.get("instancetype"))
        .isEqualTo(Map.of("kind", "VirtualMachineClusterInstancetype", "name", "u1.small"));
  }

  @Test
  void nodeConstraintsGoAlongUnlessThePlanStripsThem() {
    assertThat(template(draw(Machines.own("everything"), plan -> plan)))
        .containsKeys("nodeSelector", "priorityClassName");
    assertThat(
            template(
                draw(
                    Machines.own("everything"),
                    plan -> plan.settings(Map.of("nodeConstraints", "strip")))))
        .doesNotContainKey("nodeSelector")
        .containsKey("priorityClassName");
  }

  @Test
  void theRunStrategyToRestoreIsOneThatAGuestCanArriveWith() {
    assertThat(restored(Machines.own("gated"), plan -> plan)).isEqualTo("Always");
    assertThat(
            restored(
                Machines.own("gated"),
                plan -> plan.settings(Map.of("restoreRunStrategy", "Manual"))))
        .isEqualTo("Manual");
    Machines halted = Machines.plain().spec(spec -> spec.put("runStrategy", "Halted"));
    assertThatThrownBy(() -> restored(halted, plan -> plan))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("Halted");
  }

  @Test
  void aMachineUnderAnotherNameKeepsItsHostName() {
    Machines machine = Machines.plain();
    PlannedVm renamed = machine.planned().to(new VmRef("prod", "shop"));
    Blueprint blueprint = draw(machine, renamed, plan -> plan);
    assertThat(blueprint.target()).isEqualTo(new VmRef("prod", "shop"));
    assertThat(template(blueprint)).containsEntry("hostname", "web");
    assertThat(blueprint.volumes())
        .extracting(it -> it.toString())
        .containsExactly("DataVolume prod/web-root");
  }

  @Test
  void withinOneNamespaceTheVolumesMakeRoomForTheSources() {
    Machines machine = Machines.plain();
    PlannedVm renamed = machine.planned().to(new VmRef("demo", "shop"));
    MigrationPlan plan =
        MigrationPlan.builder(
                "plan",
                dev.migrator.model.Endpoint.of("kubevirt", "one"),
                dev.migrator.model.Endpoint.of("kubevirt", "one"))
            .vm(renamed)
            .build();
    Blueprint blueprint =
        Blueprints.build(
            machine.build(), plan, renamed, KubeVirtOptions.of(plan), TargetFacts.unknown());
    String claim = blueprint.volumes().get(0).claim();
    assertThat(claim).startsWith("web-root-").isNotEqualTo("web-root");
    assertThat(Tree.maps(template(blueprint), "volumes").get(0).get("dataVolume"))
        .isEqualTo(Map.of("name", claim));
  }

  @Test
  void drawingChangesNothingOfTheSource() {
    SourceMachine source = Machines.own("everything").build();
    String before = Fingerprint.canonical(source.vm().raw().getAdditionalProperties());
    String fingerprint = Fingerprint.of(source).text();
    MigrationPlan plan = Machines.own("everything").plan().build();
    Blueprints.build(
        source, plan, plan.vms().get(0), KubeVirtOptions.of(plan), TargetFacts.unknown());
    assertThat(Fingerprint.canonical(source.vm().raw().getAdditionalProperties()))
        .isEqualTo(before);
    assertThat(Fingerprint.of(source).text()).isEqualTo(fingerprint);
  }

  private static Map<String, String> annotations(TargetFacts facts) {
    Machines machine = Machines.plain();
    MigrationPlan plan = machine.plan().build();
    return Blueprints.build(
            machine.build(), plan, machine.planned(), KubeVirtOptions.of(plan), facts)
        .volumes()
        .get(0)
        .object()
        .getMetadata()
        .getAnnotations();
  }

  private static TargetFacts facts(String bindingMode, String provisioner) {
    GenericKubernetesResource found = Kind.STORAGE_CLASS.blank("", "fast");
    found.setAdditionalProperty("volumeBindingMode", bindingMode);
    found.setAdditionalProperty("provisioner", provisioner);
    return TargetFacts.unknown().with(Kind.STORAGE_CLASS, "", "fast", Optional.of(found));
  }

  private static String restored(Machines machine, UnaryOperator<MigrationPlan.Builder> change) {
    return draw(machine, change)
        .receiver()
        .getMetadata()
        .getAnnotations()
        .get(VmView.RESTORE_RUN_STRATEGY);
  }

  private static Map<String, Object> storage(Blueprint blueprint, int volume) {
    return Tree.map(
        blueprint.volumes().get(volume).object().getAdditionalProperties(), "spec", "storage");
  }

  private static Map<String, Object> spec(Blueprint blueprint) {
    return Tree.map(blueprint.receiver().getAdditionalProperties(), "spec");
  }

  private static Map<String, Object> template(Blueprint blueprint) {
    return Tree.map(spec(blueprint), "template", "spec");
  }

  private static Blueprint draw(Machines machine, UnaryOperator<MigrationPlan.Builder> change) {
    return draw(machine, machine.planned(), change);
  }

  private static Blueprint draw(
      Machines machine, PlannedVm vm, UnaryOperator<MigrationPlan.Builder> change) {
    MigrationPlan plan = change.apply(machine.plan()).build();
    return Blueprints.build(
        machine.build(), plan, vm, KubeVirtOptions.of(plan), TargetFacts.unknown());
  }
}
