package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reading a VirtualMachineInstanceMigration as KubeVirt's controllers do. */
final class Migrations {
  static final String JOB_FINALIZER = "kubevirt.io/migrationJobFinalize";
  static final String SYNC_FINALIZER = "synchronization.kubevirt.io/migrationFinalizer";
  static final String VMI_LABEL = "kubevirt.io/vmi-name";
  static final String ABORT_CONDITION = "migrationAbortRequested";
  static final String BLOCKED_CONDITION = "decentralizedMigrationBlocked";

  private static final Set<String> HANDED_OFF = Set.of("PreparingTarget", "TargetReady", "Running");
  private static final Set<String> UNDER_WAY =
      Set.of("Scheduling", "Scheduled", "PreparingTarget", "TargetReady", "Running");

  private Migrations() {}

  static String phase(Thing migration) {
    return migration.text("status.phase");
  }

  static boolean isFinal(Thing migration) {
    String phase = phase(migration);
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  static boolean sends(Thing migration) {
    return migration.has("spec.sendTo") && !migration.has("spec.receive");
  }

  static boolean receives(Thing migration) {
    return migration.has("spec.receive") && !migration.has("spec.sendTo");
  }

  static boolean isDecentralized(Thing migration) {
    return sends(migration) || receives(migration);
  }

  static String id(Thing migration) {
    String id = migration.text("spec.receive.migrationID");
    return id.isEmpty() ? migration.text("spec.sendTo.migrationID") : id;
  }

  /** Past the point where only the migration itself, not its deletion, can end it. */
  static boolean isHandedOff(Thing migration) {
    return HANDED_OFF.contains(phase(migration));
  }

  /** Counts against the limits: past Pending, not final. */
  static boolean isUnderWay(Thing migration) {
    return UNDER_WAY.contains(phase(migration));
  }

  /** Whether the VMI is the one that this half has met, not another of its name. */
  static boolean known(Thing migration, Thing vmi) {
    String field = sends(migration) ? "sourceState" : "targetState";
    return Vmis.state(vmi, field + ".migrationUID").equals(migration.uid());
  }

  static @Nullable Thing vmi(Site site, Thing migration) {
    return site.store().find(Kind.VMI, migration.namespace(), migration.text("spec.vmiName"));
  }

  static List<Thing> all(Site site) {
    return site.store().all(Kind.VMIM);
  }
}
