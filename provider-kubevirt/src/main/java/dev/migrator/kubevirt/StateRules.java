package dev.migrator.kubevirt;

import dev.migrator.model.Severity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether what the source machine does right now lets it be moved (contract section 5). */
final class StateRules {

  private final SourceMachine source;
  private final VmView vm;
  private final Findings findings;
  private final String subject;

  private StateRules(SourceMachine source, Findings findings) {
    this.source = source;
    this.vm = source.vm();
    this.findings = findings;
    this.subject = source.vm().toString();
  }

  static void check(SourceMachine source, KubeVirtOptions options, Findings findings) {
    StateRules rules = new StateRules(source, findings);
    rules.strategy(options);
    rules.pending();
    source
        .instance()
        .ifPresentOrElse(
            rules::instance,
            () ->
                findings.add(
                    ConcernCode.SOURCE_NOT_RUNNING,
                    rules.subject,
                    "It has no instance; its run strategy is " + source.vm().runStrategy() + "."));
  }

  private void strategy(KubeVirtOptions options) {
    findings.addIf(vm.isDeleting(), ConcernCode.SOURCE_DELETING, subject, "It is being deleted.");
    String strategy = vm.runStrategy();
    boolean restorable =
        options.restoreRunStrategy() != null
            || KubeVirtOptions.RunStrategy.of(strategy).isPresent();
    if (Receiver.WAIT_AS_RECEIVER.equals(strategy)) {
      findings.add(
          ConcernCode.SOURCE_IS_RECEIVER, subject, "It waits as the receiver of another move.");
    } else if (vm.isHalted()) {
      findings.addIf(
          source.instance().isPresent(),
          ConcernCode.SOURCE_NOT_RUNNING,
          subject,
          "Its run strategy is Halted: what still runs is being stopped.");
    } else {
      findings.addIf(
          !restorable,
          ConcernCode.RUN_STRATEGY_UNSUPPORTED,
          subject,
          "Its run strategy is " + strategy + ", with which no guest can arrive.");
    }
  }

  private void pending() {
    Map<String, Object> status = vm.status();
    condition(vm.condition("RestartRequired"), ConcernCode.RESTART_REQUIRED);
    findings.addIf(
        !Tree.maps(status, "volumeRequests").isEmpty(),
        ConcernCode.VOLUME_REQUEST_PENDING,
        subject,
        "Volumes are being attached or detached.");
    findings.addIf(
        !Tree.maps(status, "stateChangeRequests").isEmpty(),
        ConcernCode.STATE_CHANGE_PENDING,
        subject,
        "A start or stop was asked for and is not done.");
    for (String what : List.of("snapshotInProgress", "restoreInProgress")) {
      findings.addIf(
          Tree.has(status, what),
          ConcernCode.SNAPSHOT_IN_PROGRESS,
          subject,
          "Its status says " + what + ".");
    }
    findings.addIf(
        Tree.has(status, "memoryDumpRequest"),
        ConcernCode.MEMORY_DUMP_ATTACHED,
        subject,
        "A memory dump is attached to it.");
  }

  private void instance(VmiView vmi) {
    String instance = vmi.toString();
    findings.addIf(
        vmi.isDeleting(), ConcernCode.SOURCE_DELETING, instance, "The instance is being deleted.");
    boolean paused = vmi.condition("Paused").filter(ConditionView::isTrue).isPresent();
    if (paused) {
      findings.add(ConcernCode.GUEST_PAUSED, instance, "The guest is paused.");
    } else if (!vmi.isRunning() || !vmi.isReady()) {
      String why = vmi.condition("Ready").map(ConditionView::describe).orElse("Ready is not set");
      findings.add(
          ConcernCode.SOURCE_NOT_RUNNING,
          instance,
          "Its phase is '" + vmi.phase() + "'; " + why + ".");
    }
    findings.addIf(
        vmi.isReceiver(),
        ConcernCode.SOURCE_IS_RECEIVER,
        instance,
        "It is the receiver of another move.");
    Tree.text(vmi.status(), "evacuationNodeName")
        .ifPresent(
            node ->
                findings.add(
                    ConcernCode.EVACUATION_IN_PROGRESS,
                    instance,
                    "It is to leave node " + node + "."));
    condition(vmi.condition("HotVCPUChange"), ConcernCode.HOTPLUG_PENDING);
    condition(vmi.condition("HotMemoryChange"), ConcernCode.HOTPLUG_PENDING);
    condition(vmi.condition("VolumesChange"), ConcernCode.VOLUME_MIGRATION_IN_PROGRESS);
    backup(vmi, instance);
    migrations(vmi, instance);
    volumes(vmi, instance);
    migratable(vmi, instance);
  }

  private void backup(VmiView vmi, String instance) {
    boolean running =
        Tree.has(vmi.status(), "changedBlockTracking", "backupStatus")
            && !Tree.isTrue(vmi.status(), "changedBlockTracking", "backupStatus", "completed");
    findings.addIf(running, ConcernCode.BACKUP_IN_PROGRESS, instance, "A backup is running.");
  }

  /**
   * An ended move leaves its state and its volumes on the instance for good, so only halves that
   * still exist say that one is under way.
   */
  private void migrations(VmiView vmi, String instance) {
    source.migrations().stream()
        .filter(half -> !half.isFinal())
        .findFirst()
        .ifPresent(
            half ->
                findings.add(
                    ConcernCode.MIGRATION_IN_FLIGHT,
                    instance,
                    half + " is in phase '" + half.phase() + "'."));
    findings.addIf(
        !vmi.migratedVolumes().isEmpty() && !vmi.migrationState().exists(),
        ConcernCode.VOLUME_MIGRATION_IN_PROGRESS,
        instance,
        "Its volumes are being migrated within the cluster.");
  }

  private void volumes(VmiView vmi, String instance) {
    Set<String> onInstance = names(vmi.spec());
    Set<String> onMachine = names(vm.templateSpec());
    for (String name : onInstance) {
      findings.addIf(
          !onMachine.contains(name),
          ConcernCode.VOLUME_ONLY_ON_INSTANCE,
          instance,
          "Volume " + name + " was attached to the instance only.");
    }
    for (String name : onMachine) {
      findings.addIf(
          !onInstance.contains(name),
          ConcernCode.RESTART_REQUIRED,
          instance,
          "Volume " + name + " of the machine is not attached to the running guest.");
    }
    for (Map<String, Object> utility : Tree.maps(vmi.spec(), "utilityVolumes")) {
      findings.add(
          ConcernCode.UTILITY_VOLUME_ATTACHED,
          instance,
          "Utility volume " + Tree.text(utility, "name").orElse("?") + " is attached.");
    }
  }

  private void migratable(VmiView vmi, String instance) {
    // The reason comes last of all, so it implies that nothing else is in the way; disks are what
    // this kind of move copies.
    vmi.condition("LiveMigratable")
        .filter(ConditionView::isFalse)
        .filter(condition -> !condition.reason().equals("DisksNotLiveMigratable"))
        .ifPresent(
            condition ->
                findings.add(
                    ConcernCode.NOT_LIVE_MIGRATABLE, instance, condition.describe() + "."));
    Optional<ConditionView> storage = vmi.condition("StorageLiveMigratable");
    storage
        .filter(ConditionView::isFalse)
        .ifPresent(
            condition ->
                findings.add(
                    ConcernCode.NOT_STORAGE_MIGRATABLE, instance, condition.describe() + "."));
    findings.addIf(
        storage.isEmpty() && vmi.isRunning(),
        ConcernCode.STORAGE_MIGRATABILITY_UNKNOWN,
        instance,
        "KubeVirt does not say whether its disks can be moved.");
  }

  private void condition(Optional<ConditionView> condition, ConcernCode code) {
    condition
        .filter(ConditionView::isTrue)
        .ifPresent(
            it ->
                findings.add(
                    code, Severity.CRITICAL, subject, "KubeVirt says " + it.describe() + "."));
  }

  private static Set<String> names(Map<String, Object> spec) {
    Set<String> names = new LinkedHashSet<>();
    Tree.maps(spec, "volumes").forEach(it -> Tree.text(it, "name").ifPresent(names::add));
    return names;
  }
}
