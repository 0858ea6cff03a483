package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the migration controller does to the VMI and its pods in each phase of a half (2.2). */
final class MigrationSync {
  private static final List<String> SOURCE_SELECTORS =
      List.of("host-model-cpu.node.", "host-model-required-features.node.", "cpu-vendor.node.");

  private final Site site;
  private final TargetPods targetPods;

  MigrationSync(Site site, TargetPods targetPods) {
    this.site = site;
    this.targetPods = targetPods;
  }

  void act(Thing migration, Thing vmi) {
    if (vmi.deleting()) {
      return;
    }
    if (Migrations.receives(migration)) {
      target(migration, vmi);
    } else if (Migrations.sends(migration)) {
      source(migration, vmi);
    }
  }

  private void target(Thing migration, Thing vmi) {
    switch (Migrations.phase(migration)) {
      case "WaitingForSync" -> initialise(migration, vmi);
      case "Pending" -> {
        if (vmi.maps(MigrationBlocks.UTILITY_VOLUMES).isEmpty()) {
          targetPods.create(migration, vmi);
        }
        if (!migration.deleting()) {
          targetPods.expire(migration, vmi);
        }
      }
      case "Scheduling" -> {
        if (!migration.deleting()) {
          targetPods.expire(migration, vmi);
        }
      }
      case "Scheduled" -> handOff(migration, vmi);
      case "PreparingTarget", "TargetReady" -> lost(migration, vmi);
      case "Running" -> {
        requestAbort(migration, vmi);
        noteReady(migration, vmi);
      }
      case "Failed" -> failed(migration, vmi);
      default -> {
        // nothing to do before the first phase and after success
      }
    }
  }

  private void source(Thing migration, Thing vmi) {
    switch (Migrations.phase(migration)) {
      case "Synchronizing" -> introduce(migration, vmi);
      case "Scheduling" -> tellSource(migration, vmi);
      case "Running" -> requestAbort(migration, vmi);
      default -> {
        // the other phases only wait
      }
    }
  }

  private void write(Thing vmi, Thing copy) {
    if (!copy.same(vmi)) {
      site.store().replace(Kind.VMI, copy);
    }
  }

  /** A completed migration's state is replaced by that of the next. */
  private static Thing withFreshState(Thing vmi) {
    Thing copy = vmi.copy();
    if (Vmis.isCompleted(copy)) {
      copy.set(Vmis.STATE, null);
    }
    return copy;
  }

  private void initialise(Thing migration, Thing vmi) {
    String known = Vmis.state(vmi, "targetState.migrationUID");
    if (known.equals(migration.uid()) || (migration.deleting() && !known.isEmpty())) {
      return;
    }
    Thing copy = withFreshState(vmi);
    copy.set(Vmis.STATE + ".targetState.migrationUID", migration.uid());
    write(vmi, copy);
  }

  private void introduce(Thing migration, Thing vmi) {
    if (migration.deleting()
        || Vmis.state(vmi, "sourceState.migrationUID").equals(migration.uid())) {
      return;
    }
    Thing copy = withFreshState(vmi);
    if (!Vmis.state(copy, "migrationUid").isEmpty()) {
      copy.set(Vmis.STATE, null); // left by a half that was taken away by force
    }
    String url = migration.text("spec.sendTo.connectURL");
    copy.set(Vmis.STATE + ".sourceState.migrationUID", migration.uid())
        .set(Vmis.STATE + ".sourceState.virtualMachineInstanceUID", vmi.uid());
    if (site.version().tellsSourceNamespace()) {
      copy.set(Vmis.STATE + ".sourceState.domainNamespace", vmi.namespace());
    }
    if (!url.isEmpty()) {
      copy.set(Vmis.STATE + ".targetState.syncAddress", url);
    }
    write(vmi, copy);
  }

  private void tellSource(Thing migration, Thing vmi) {
    if (migration.deleting() && Vmis.state(vmi, "migrationUid").equals(migration.uid())) {
      return;
    }
    String node = vmi.text("status.nodeName");
    String podName = "";
    for (Thing pod : LauncherPods.of(site, vmi)) {
      if (!LauncherPods.isDown(pod)) {
        podName = pod.name();
      }
    }
    if (!Vmis.state(vmi, "migrationUid").equals(migration.uid())) {
      Thing copy = vmi.copy();
      String state = Vmis.STATE + ".";
      copy.set(state + "migrationUid", migration.uid())
          .set(state + "sourceNode", node)
          .set(state + "sourcePod", podName)
          .set(state + "sourceState.node", node)
          .set(state + "sourceState.pod", podName)
          .set(state + "sourceState.nodeSelectors", selectors(node))
          .set(state + "sourceState.selinuxContext", vmi.text("status.selinuxContext"))
          .set(state + "sourceState.persistentStatePVCName", BackendStorage.claimOf(site, vmi));
      write(vmi, copy);
      return;
    }
    List<Map<String, Object>> volumes = MigratedVolumes.ofSource(site, vmi);
    if (!volumes.isEmpty()) {
      write(vmi, vmi.copy().set(MigratedVolumes.PATH, volumes));
    }
  }

  private Map<String, Object> selectors(String node) {
    Map<String, Object> selectors = new LinkedHashMap<>();
    Thing object = site.store().fetch(Kind.NODE, "", node);
    Map<String, String> labels = object == null ? null : object.meta().getLabels();
    if (labels != null) {
      labels.forEach(
          (key, value) -> {
            if (SOURCE_SELECTORS.stream().anyMatch(key::startsWith)) {
              selectors.put(key, value);
            }
          });
    }
    return selectors;
  }

  private void handOff(Thing migration, Thing vmi) {
    if (Vmis.state(vmi, "migrationUid").equals(migration.uid())) {
      return;
    }
    Thing pod =
        LauncherPods.ofMigration(site, migration).stream()
            .filter(LauncherPods::isReady)
            .findFirst()
            .orElse(null);
    if (pod == null) {
      return;
    }
    String node = pod.text("spec.nodeName");
    Thing copy = vmi.copy().label(Vmis.TARGET_NODE_LABEL, node);
    String state = Vmis.STATE + ".";
    copy.set(state + "migrationUid", migration.uid())
        .set(state + "targetNode", node)
        .set(state + "targetPod", pod.name())
        .set(state + "targetState.node", node)
        .set(state + "targetState.pod", pod.name())
        .set(state + "targetState.virtualMachineInstanceUID", vmi.uid())
        .set(state + "targetState.domainName", vmi.name())
        .set(state + "targetState.domainNamespace", vmi.namespace())
        .set(state + "migrationConfiguration", MigrationConfiguration.of(site, vmi));
    String policy = MigrationConfiguration.policyOf(site, vmi);
    if (!policy.isEmpty()) {
      copy.set(state + "migrationPolicyName", policy);
    }
    for (Thing attachment : AttachmentPods.of(site, pod)) {
      copy.set(state + "targetAttachmentPodUID", attachment.uid())
          .set(state + "targetState.attachmentPodUID", attachment.uid());
    }
    write(vmi, copy);
  }

  private void noteReady(Thing migration, Thing vmi) {
    String ready = Vmis.state(vmi, "targetNodeDomainReadyTimestamp");
    String key = "kubevirt.io/migration-target-ready-timestamp";
    for (Thing pod : LauncherPods.ofMigration(site, migration)) {
      if (!ready.isEmpty() && pod.annotation(key).isEmpty()) {
        site.store().replace(Kind.POD, pod.copy().annotation(key, ready));
      }
    }
  }

  private void requestAbort(Thing migration, Thing vmi) {
    if (migration.deleting()
        && Vmis.state(vmi, "migrationUid").equals(migration.uid())
        && !Vmis.flag(vmi, "abortRequested")
        && !Vmis.isCompleted(vmi)
        && (Migrations.sends(migration) || Vmis.state(vmi, "endTimestamp").isEmpty())) {
      write(vmi, vmi.copy().set(Vmis.STATE + ".abortRequested", true));
    }
  }

  /** Before the copy: a target pod that went down ends the attempt on the VMI too. */
  private void lost(Thing migration, Thing vmi) {
    List<Thing> pods = LauncherPods.ofMigration(site, migration);
    if (pods.stream().allMatch(LauncherPods::isDown)) {
      failed(migration, vmi);
    }
  }

  private void failed(Thing migration, Thing vmi) {
    if (!Vmis.state(vmi, "migrationUid").equals(migration.uid())) {
      targetPods.deleteUnstarted(migration);
      return;
    }
    Thing copy = vmi.copy();
    String state = Vmis.STATE + ".";
    copy.set(state + "failed", true).set(state + "completed", true);
    fill(copy, "endTimestamp", site.now());
    fill(copy, "startTimestamp", site.now());
    if (site.version().namesLostPod()) {
      fill(copy, "failureReason", "Target pod is down");
    }
    if (copy.same(vmi)) {
      return;
    }
    site.store().replace(Kind.VMI, copy);
    site.event(
        vmi,
        "Warning",
        "FailedMigration",
        "VirtualMachineInstance migration uid "
            + migration.uid()
            + " failed. reason: "
            + Vmis.state(copy, "failureReason"));
  }

  private static void fill(Thing copy, String field, String value) {
    if (Vmis.state(copy, field).isEmpty()) {
      copy.set(Vmis.STATE + "." + field, value);
    }
  }

  /** The selectors that make a target pod's node fit the source's. */
  static Map<String, String> required(Thing migration, Thing vmi) {
    Map<String, String> selector = new LinkedHashMap<>();
    Json.map(migration.at("spec.addedNodeSelector"))
        .forEach((key, value) -> selector.put(key, String.valueOf(value)));
    Map<String, Object> source = Json.map(vmi.at(Vmis.STATE + ".sourceState.nodeSelectors"));
    boolean hostModel = "host-model".equals(vmi.text("spec.domain.cpu.model"));
    source.forEach(
        (key, value) -> {
          if (key.startsWith("cpu-vendor.node.")) {
            selector.put(key, String.valueOf(value));
          } else if (hostModel) {
            selector.put(
                key.replace("host-model-cpu.node.", "cpu-model-migration.node.")
                    .replace("host-model-required-features.node.", "cpu-feature.node."),
                String.valueOf(value));
          }
        });
    return selector;
  }
}
