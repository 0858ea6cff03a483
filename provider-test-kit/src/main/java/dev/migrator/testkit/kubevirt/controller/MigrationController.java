package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Phases;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KubeVirt's migration controller: the phases of a half (contract 2.2), its failures (2.9). */
public final class MigrationController implements Actor {
  private static final int KEPT_FINAL = 5;

  private final Site site;
  private final MigrationSync sync;
  private final MigrationVerdict verdict;

  /** The migration controller of a cluster. */
  public MigrationController(Site site) {
    this.site = site;
    TargetPods targetPods = new TargetPods(site);
    this.sync = new MigrationSync(site, targetPods);
    this.verdict = new MigrationVerdict(site, targetPods);
  }

  @Override
  public void tick() {
    site.each(Kind.VMIM, this::reconcile);
  }

  private void reconcile(Thing known) {
    Thing vmi = Migrations.vmi(site, known);
    if (vmi == null) {
      if (!known.deleting()) {
        site.store().delete(Kind.VMIM, known);
      }
      return; // never looked at again: finalizers stay (contract 2.11)
    }
    Thing migration = adopted(known);
    sync.act(migration, vmi);
    Thing fresh = site.store().find(Kind.VMIM, migration.namespace(), migration.name());
    Thing now = Migrations.vmi(site, migration);
    if (fresh == null || now == null) {
      return;
    }
    Thing reached = Migrations.isFinal(fresh) ? fresh : advance(fresh, now);
    if (Migrations.isFinal(reached)) {
      sync.act(reached, now);
      Thing left = Migrations.vmi(site, reached);
      finish(reached, left == null ? now : left);
    }
  }

  /** Does what the migration's mutator does, where no webhook has. */
  private Thing adopted(Thing migration) {
    boolean marked = !migration.label(Migrations.VMI_LABEL).isEmpty();
    if (marked || !Migrations.phase(migration).isEmpty() || migration.deleting()) {
      return migration;
    }
    return site.store()
        .replace(
            Kind.VMIM,
            migration
                .copy()
                .label(Migrations.VMI_LABEL, migration.text("spec.vmiName"))
                .finalizer(Migrations.JOB_FINALIZER, true));
  }

  private Thing advance(Thing migration, Thing vmi) {
    Thing copy = migration.copy();
    String before = Migrations.phase(migration);
    String after = verdict.next(copy, vmi, LauncherPods.ofMigration(site, migration));
    if (!after.equals(before)) {
      copy.set("status.phase", after);
      Phases.note(copy, after, site.now());
    }
    mirrorBlocked(copy, vmi);
    copy.set("status.synchronizationAddresses", addresses());
    return copy.same(migration) ? migration : site.store().replaceStatus(Kind.VMIM, copy);
  }

  private @Nullable Object addresses() {
    for (Thing kubevirt : site.store().all(Kind.KUBEVIRT)) {
      return Thing.copyOf(kubevirt.at("status.synchronizationAddresses"));
    }
    return null;
  }

  /** The VMI's synchronization condition, under the migration's own name for it. */
  private static void mirrorBlocked(Thing copy, Thing vmi) {
    Map<String, Object> condition = Conditions.find(vmi, Vmis.SYNC_CONDITION);
    boolean mine = Migrations.isDecentralized(copy) && Migrations.known(copy, vmi);
    if (condition == null || !mine) {
      Conditions.remove(copy, Migrations.BLOCKED_CONDITION);
    } else {
      Conditions.put(
          copy,
          Json.object(
              "type", Migrations.BLOCKED_CONDITION,
              "status", "True",
              "reason", condition.get("reason"),
              "message", condition.get("message"),
              "lastProbeTime", condition.get("lastTransitionTime")));
    }
  }

  private void finish(Thing migration, Thing vmi) {
    Thing copy = migration.copy();
    if (Vmis.state(vmi, "migrationUid").equals(migration.uid())
        && !migration.has("status.migrationState.migrationUid")) {
      copy.set("status.migrationState", Thing.copyOf(vmi.at(Vmis.STATE)));
    }
    mirrorBlocked(copy, vmi);
    if (!copy.same(migration)) {
      migration = site.store().replaceStatus(Kind.VMIM, copy);
    }
    if (migration.hasFinalizer(Migrations.JOB_FINALIZER)) {
      site.store().replace(Kind.VMIM, migration.copy().finalizer(Migrations.JOB_FINALIZER, false));
    }
    collect(migration);
  }

  /** Keeps no more than five final migrations of a VMI. */
  private void collect(Thing migration) {
    List<Thing> ended =
        Migrations.all(site).stream()
            .filter(
                each ->
                    Migrations.isFinal(each)
                        && !each.deleting()
                        && each.namespace().equals(migration.namespace())
                        && each.text("spec.vmiName").equals(migration.text("spec.vmiName")))
            .sorted(Comparator.comparing(each -> each.meta().getCreationTimestamp()))
            .toList();
    for (int i = 0; i < ended.size() - KEPT_FINAL; i++) {
      site.store().delete(Kind.VMIM, ended.get(i));
    }
  }
}
