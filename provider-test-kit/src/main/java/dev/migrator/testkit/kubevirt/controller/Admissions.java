package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** virt-api's webhooks, and CDI's: what is filled in and what is refused (contract 3). */
public final class Admissions {
  /** The kinds that are reviewed on creation and on update; Kubernetes' own on creation. */
  public static final List<Kind> REVIEWED =
      List.of(Kind.VM, Kind.VMI, Kind.VMIM, Kind.DATA_VOLUME, Kind.POD, Kind.CLAIM);

  private static final int UNPROCESSABLE = 422;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final Set<String> RESERVED =
      Set.of(
          "kubevirt.io/created-by",
          "kubevirt.io/migrationJobUID",
          "kubevirt.io/nodeName",
          "kubevirt.io/migrationTargetNodeName",
          "kubevirt.io/schedulable",
          "kubevirt.io/install-strategy");

  private final Site site;

  /** Whether it is Kubernetes that reviews the kind, on creation alone. */
  public static boolean ownOf(Kind kind) {
    return kind == Kind.POD || kind == Kind.CLAIM;
  }

  /** The webhooks of a cluster. */
  public Admissions(Site site) {
    this.site = site;
  }

  /**
   * A webhook's answer.
   *
   * @param code HTTP status of a refusal, 0 where the request is allowed
   */
  public record Verdict(int code, String reason, String message) {
    static final Verdict ALLOWED = new Verdict(0, "", "");

    /** Whether the request goes through. */
    public boolean allowed() {
      return code == 0;
    }
  }

  private static Verdict invalid(String message) {
    return new Verdict(UNPROCESSABLE, "Invalid", denied(message));
  }

  private static Verdict bad(String message) {
    return new Verdict(BAD_REQUEST, "BadRequest", denied(message));
  }

  private static String denied(String message) {
    return "admission webhook denied the request: " + message;
  }

  /**
   * Reviews (and completes, in place) an object that is created or, with an old one, updated.
   *
   * @param ofKubeVirt whether one of KubeVirt's own service accounts asks
   */
  public Verdict review(Kind kind, Thing object, @Nullable Thing old, boolean ofKubeVirt) {
    return switch (kind) {
      case VM -> vm(object, old);
      case VMI -> old == null ? newInstance(object) : changedInstance(object, old, ofKubeVirt);
      case POD, CLAIM -> {
        String exceeded = old == null ? Quotas.exceeded(site, kind, object) : "";
        yield exceeded.isEmpty() ? Verdict.ALLOWED : new Verdict(FORBIDDEN, "Forbidden", exceeded);
      }
      case VMIM -> old == null ? newMigration(object) : changedMigration(object, old);
      case DATA_VOLUME -> old == null ? newDataVolume(object) : changedDataVolume(object, old);
      default -> Verdict.ALLOWED;
    };
  }

  private Verdict newInstance(Thing vmi) {
    Presets.apply(site, vmi);
    VmiDefaults.apply(vmi, site.version());
    if (vmi.text("status.phase").isEmpty()) {
      vmi.set("status.phase", "Pending");
    }
    return Verdict.ALLOWED;
  }

  /** Only KubeVirt writes an instance's status; what others write there is taken back silently. */
  private static Verdict changedInstance(Thing vmi, Thing old, boolean ofKubeVirt) {
    if (ofKubeVirt) {
      return Verdict.ALLOWED;
    }
    vmi.set("status", Thing.copyOf(old.at("status")));
    return Objects.equals(vmi.at("spec"), old.at("spec"))
        ? Verdict.ALLOWED
        : invalid("update of VMI object is restricted");
  }

  private Verdict vm(Thing vm, @Nullable Thing old) {
    if (old == null) {
      VmDefaults.apply(vm, site.version(), site.random());
    } else if (vm.deleting() || Objects.equals(vm.at("spec"), old.at("spec"))) {
      return Verdict.ALLOWED;
    }
    if (!vm.has("spec.template.spec")) {
      return invalid("missing virtual machine template.");
    }
    boolean strategy = vm.has("spec.runStrategy");
    boolean running = vm.has("spec.running");
    if (strategy && running) {
      return invalid(
          "Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead");
    }
    if (!strategy && !running) {
      return invalid("One of Running or RunStrategy must be specified");
    }
    if (strategy && !Vms.STRATEGIES.contains(vm.text("spec.runStrategy"))) {
      return invalid("Invalid RunStrategy (" + vm.text("spec.runStrategy") + ")");
    }
    if (Vms.RECEIVER.equals(vm.text("spec.runStrategy")) && !KubeVirts.gate(site)) {
      return invalid(
          "spec.runStrategy: "
              + KubeVirts.GATE
              + " feature gate is not enabled in kubevirt-config");
    }
    for (String label : Json.map(vm.at("spec.template.metadata.labels")).keySet()) {
      if (RESERVED.contains(label)) {
        return invalid(
            "creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited: "
                + label);
      }
    }
    Verdict templates = templates(vm);
    if (!templates.allowed()) {
      return templates;
    }
    String broken = VmRules.broken(site, vm, old);
    return broken.isEmpty() ? conflict(vm) : invalid(broken);
  }

  private static Verdict templates(Thing vm) {
    for (Map<String, Object> template : vm.maps("spec.dataVolumeTemplates")) {
      String name = Json.text(template, "metadata.name");
      boolean referenced = false;
      for (Map<String, Object> volume : vm.maps("spec.template.spec.volumes")) {
        referenced |= name.equals(Vmis.claimOf(volume));
      }
      if (!referenced) {
        return invalid(
            "DataVolumeTemplate entry spec.dataVolumeTemplate must be referenced in the VMI template's 'volumes' list");
      }
      String namespace = Json.text(template, "metadata.namespace");
      if (!namespace.isEmpty() && !namespace.equals(vm.namespace())) {
        return invalid(
            "Embedded DataVolume namespace "
                + namespace
                + " differs from VM namespace "
                + vm.namespace());
      }
      Map<String, Object> spec = Json.map(template.get("spec"));
      if (spec.containsKey("pvc") == spec.containsKey("storage")) {
        return invalid("Missing or duplicate DataVolume PVC/Storage spec");
      }
    }
    return Verdict.ALLOWED;
  }

  /** An instance type that is found must not be contradicted; one that is not found passes. */
  private Verdict conflict(Thing vm) {
    if (!vm.has("spec.instancetype")) {
      return Verdict.ALLOWED;
    }
    boolean namespaced =
        vm.text("spec.instancetype.kind")
            .toLowerCase(Locale.ROOT)
            .equals("virtualmachineinstancetype");
    String name = vm.text("spec.instancetype.name");
    Thing found =
        namespaced
            ? site.store().fetch(Kind.INSTANCETYPE, vm.namespace(), name)
            : site.store().fetch(Kind.CLUSTER_INSTANCETYPE, "", name);
    if (found == null) {
      return Verdict.ALLOWED;
    }
    for (String field : List.of("cpu.cores", "cpu.sockets", "cpu.threads", "memory.guest")) {
      String path = "spec.template.spec.domain." + field;
      if (vm.has(path)) {
        return invalid("VM field(s) " + path + " conflicts with selected instance type");
      }
    }
    return Verdict.ALLOWED;
  }

  private Verdict newMigration(Thing migration) {
    String name = migration.text("spec.vmiName");
    if (name.isEmpty()) {
      return bad("vmiName is missing");
    }
    if (migration.has("spec.priority")) {
      return bad("priority can only be set by virt-controller");
    }
    Thing vmi = site.store().fetch(Kind.VMI, migration.namespace(), name);
    if (vmi == null) {
      return bad("the VMI \"%s/%s\" does not exist".formatted(migration.namespace(), name));
    }
    if (Vmis.isFinal(vmi)) {
      return bad("Cannot migrate VMI in finalized state.");
    }
    boolean decentralized = Migrations.isDecentralized(migration);
    Verdict migratable = migratable(vmi, decentralized);
    if (!migratable.allowed()) {
      return migratable;
    }
    for (Thing other : site.store().fetchAll(Kind.VMIM, migration.namespace())) {
      if (name.equals(other.text("spec.vmiName")) && !Migrations.isFinal(other)) {
        return bad(
            "in-flight migration detected. Active migration job (%s) is currently already in progress for VMI %s."
                .formatted(other.uid(), name));
      }
    }
    boolean halves = migration.has("spec.sendTo") || migration.has("spec.receive");
    if (halves && !KubeVirts.gate(site)) {
      return bad(KubeVirts.GATE + " feature gate is not enabled in kubevirt-config");
    }
    if (migration.has("spec.sendTo")
        && migration.has("spec.receive")
        && !migration
            .text("spec.sendTo.migrationID")
            .equals(migration.text("spec.receive.migrationID"))) {
      return bad("migrationID of sendTo and receive differ");
    }
    migration.label(Migrations.VMI_LABEL, name).finalizer(Migrations.JOB_FINALIZER, true);
    return Verdict.ALLOWED;
  }

  private static Verdict migratable(Thing vmi, boolean decentralized) {
    Map<String, Object> condition =
        Json.find(vmi.maps("status.conditions"), "type", "LiveMigratable");
    if (condition == null || !"False".equals(condition.get("status"))) {
      return Verdict.ALLOWED;
    }
    String reason = Json.text(condition, "reason");
    return decentralized && reason.equals("DisksNotLiveMigratable")
        ? Verdict.ALLOWED
        : bad(
            "Cannot migrate VMI, Reason: %s, Message: %s"
                .formatted(reason, Json.text(condition, "message")));
  }

  private static Verdict changedMigration(Thing migration, Thing old) {
    if (!Objects.equals(migration.at("spec"), old.at("spec"))) {
      return invalid("update of Migration object's spec is restricted");
    }
    boolean renamed =
        !migration.label(Migrations.VMI_LABEL).equals(old.label(Migrations.VMI_LABEL));
    return renamed && !old.label(Migrations.VMI_LABEL).isEmpty() && !Migrations.isFinal(old)
        ? invalid("selector label of an in-flight migration can't be modified")
        : Verdict.ALLOWED;
  }

  private static Verdict newDataVolume(Thing volume) {
    return volume.has("spec.pvc") == volume.has("spec.storage")
        ? invalid("Exactly one of spec.pvc and spec.storage is required")
        : Verdict.ALLOWED;
  }

  private static Verdict changedDataVolume(Thing volume, Thing old) {
    return Objects.equals(volume.at("spec"), old.at("spec"))
        ? Verdict.ALLOWED
        : invalid("Cannot update DataVolume Spec");
  }
}
