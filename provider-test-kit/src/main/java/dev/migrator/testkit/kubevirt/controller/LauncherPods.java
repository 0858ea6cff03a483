package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The virt-launcher pods of VMIs: made, found, judged. */
final class LauncherPods {
  static final String LAUNCHER = "virt-launcher";

  private static final long OVERHEAD = 200L << 20;
  private static final int CPU_SHARE = 100; // KubeVirt's cpuAllocationRatio of 10

  private LauncherPods() {}

  /** A new launcher pod of a VMI, not yet created; for a migration where one is given. */
  static Thing render(Site site, Thing vmi, String migrationUid, Map<String, String> selector) {
    Thing pod =
        Thing.create(Kind.POD, vmi.namespace(), site.generated("virt-launcher-" + vmi.name() + "-"))
            .ownedBy(vmi);
    pod.meta().setGenerateName("virt-launcher-" + vmi.name() + "-");
    labels(vmi).forEach(pod::label);
    pod.label("kubevirt.io", LAUNCHER)
        .label(Vmis.CREATED_BY_LABEL, vmi.uid())
        .label("vm.kubevirt.io/name", vmi.name())
        .annotation("kubevirt.io/domain", vmi.name())
        .annotation("kubevirt.io/migrationTransportUnix", "true");
    if (!migrationUid.isEmpty()) {
      pod.label(Vmis.MIGRATION_LABEL, migrationUid).annotation(Vmis.TARGET_ANNOTATION, "true");
    }
    Map<String, Object> nodes = new LinkedHashMap<>();
    nodes.put("kubernetes.io/arch", "amd64");
    nodes.put("kubevirt.io/schedulable", "true");
    nodes.putAll(selector);
    nodes.putAll(vmi.map("spec.nodeSelector"));
    String image = "registry.invalid/kubevirt/virt-launcher:" + site.version().tag();
    String hostname = vmi.text("spec.hostname");
    List<Map<String, Object>> containers = new ArrayList<>();
    containers.add(Json.object("name", "compute", "image", image, "resources", resources(vmi)));
    containerDisks(vmi, containers);
    pod.set("spec.containers", containers)
        .set("spec.volumes", volumes(vmi))
        .set("spec.nodeSelector", nodes)
        .set("spec.hostname", hostname.isEmpty() ? vmi.name() : hostname)
        .set("spec.restartPolicy", "Never")
        .set("spec.automountServiceAccountToken", false)
        .set("spec.enableServiceLinks", false)
        .set("spec.priorityClassName", emptyToNull(vmi.text("spec.priorityClassName")))
        .set("spec.serviceAccountName", emptyToNull(serviceAccount(vmi)))
        .set("status.phase", "Pending");
    networks(vmi, pod);
    return pod;
  }

  /** What the guest takes, and what its launcher takes itself. */
  private static Map<String, Object> resources(Thing vmi) {
    long memory = Quantity.getAmountInBytes(quantity(VmiDefaults.memory(vmi))).longValue();
    int cpus = 1;
    for (String field : List.of("sockets", "cores", "threads")) {
      String text = vmi.text("spec.domain.cpu." + field);
      cpus *= text.isEmpty() ? 1 : Integer.parseInt(text);
    }
    return Json.object(
        "requests",
        Json.object("memory", String.valueOf(memory + OVERHEAD), "cpu", cpus * CPU_SHARE + "m"));
  }

  private static Quantity quantity(String text) {
    return Quantity.parse(text.isEmpty() ? "0" : text);
  }

  private static String serviceAccount(Thing vmi) {
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String name = Json.text(volume, "serviceAccount.serviceAccountName");
      if (!name.isEmpty()) {
        return name;
      }
    }
    return "";
  }

  private static Map<String, String> labels(Thing vmi) {
    Map<String, String> labels = vmi.meta().getLabels();
    Map<String, String> copied = new LinkedHashMap<>(labels == null ? Map.of() : labels);
    copied.remove(Vmis.NODE_LABEL);
    copied.remove(Vmis.TARGET_NODE_LABEL);
    return copied;
  }

  private static @org.jspecify.annotations.Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void containerDisks(Thing vmi, List<Map<String, Object>> containers) {
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String image = Json.text(volume, "containerDisk.image");
      if (!image.isEmpty()) {
        containers.add(Json.object("name", "volume" + Json.text(volume, "name"), "image", image));
      }
    }
    String kernel = vmi.text("spec.domain.firmware.kernelBoot.container.image");
    if (!kernel.isEmpty()) {
      containers.add(Json.object("name", "kernel-boot", "image", kernel));
    }
  }

  private static List<Map<String, Object>> volumes(Thing vmi) {
    List<Map<String, Object>> volumes = new ArrayList<>();
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String name = Json.text(volume, "name");
      String claim = Vmis.claimOf(volume);
      if (!claim.isEmpty() && !Vmis.hotplugged(vmi).contains(volume)) {
        volumes.add(
            Json.object("name", name, "persistentVolumeClaim", Json.object("claimName", claim)));
      }
      mount(volumes, volume, name, "secret", "secret.secretName", "secretName");
      mount(volumes, volume, name, "configMap", "configMap.name", "name");
      mount(volumes, volume, name, "secret", "sysprep.secret.name", "secretName");
      mount(volumes, volume, name, "configMap", "sysprep.configMap.name", "name");
      for (String kind : List.of("cloudInitNoCloud", "cloudInitConfigDrive")) {
        mount(volumes, volume, name + "-udata", "secret", kind + ".secretRef.name", "secretName");
        mount(
            volumes,
            volume,
            name + "-ndata",
            "secret",
            kind + ".networkDataSecretRef.name",
            "secretName");
      }
    }
    int index = 0;
    for (Map<String, Object> credential : vmi.maps("spec.accessCredentials")) {
      for (String kind : List.of("sshPublicKey", "userPassword")) {
        mount(
            volumes,
            credential,
            "credential-" + index++,
            "secret",
            kind + ".source.secret.secretName",
            "secretName");
      }
    }
    return volumes;
  }

  private static void mount(
      List<Map<String, Object>> volumes,
      Map<String, Object> from,
      String name,
      String kind,
      String path,
      String field) {
    String referred = Json.text(from, path);
    if (!referred.isEmpty()) {
      Object optional = Json.at(from, path.substring(0, path.indexOf('.')) + ".optional");
      volumes.add(
          Json.object("name", name, kind, Json.object(field, referred, "optional", optional)));
    }
  }

  private static void networks(Thing vmi, Thing pod) {
    List<String> names = new ArrayList<>();
    for (Map<String, Object> network : vmi.maps("spec.networks")) {
      String name = Json.text(network, "multus.networkName");
      if (!name.isEmpty()) {
        names.add(name.contains("/") ? name : vmi.namespace() + "/" + name);
      }
    }
    if (!names.isEmpty()) {
      pod.annotation("k8s.v1.cni.cncf.io/networks", String.join(",", names));
    }
  }

  /** The launcher pods that were made for a VMI, in order of name. */
  static List<Thing> of(Site site, Thing vmi) {
    return labelled(site, vmi.namespace(), Vmis.CREATED_BY_LABEL, vmi.uid());
  }

  /** The target pods of a migration. */
  static List<Thing> ofMigration(Site site, Thing migration) {
    return labelled(site, migration.namespace(), Vmis.MIGRATION_LABEL, migration.uid());
  }

  private static List<Thing> labelled(Site site, String namespace, String label, String value) {
    return site.store().all(Kind.POD).stream()
        .filter(
            pod ->
                pod.namespace().equals(namespace)
                    && pod.label("kubevirt.io").equals(LAUNCHER)
                    && pod.label(label).equals(value))
        .toList();
  }

  /** Succeeded, Failed or about to be deleted. */
  static boolean isDown(Thing pod) {
    return pod.deleting() || ended(pod);
  }

  /** Succeeded or Failed. */
  static boolean ended(Thing pod) {
    String phase = pod.text("status.phase");
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  /** Runs, and its containers are ready. */
  static boolean isReady(Thing pod) {
    return "Running".equals(pod.text("status.phase"))
        && !pod.deleting()
        && "True".equals(Conditions.status(pod, "Ready"));
  }
}
