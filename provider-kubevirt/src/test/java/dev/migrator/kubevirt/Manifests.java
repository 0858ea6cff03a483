package dev.migrator.kubevirt;

import static dev.migrator.kubevirt.ConcernCode.BINDING_NOT_MIGRATABLE;
import static dev.migrator.kubevirt.ConcernCode.CONTAINER_PATH;
import static dev.migrator.kubevirt.ConcernCode.EPHEMERAL_DISK;
import static dev.migrator.kubevirt.ConcernCode.FEATURE_NOT_ENABLED;
import static dev.migrator.kubevirt.ConcernCode.GPU;
import static dev.migrator.kubevirt.ConcernCode.HOST_DEVICE;
import static dev.migrator.kubevirt.ConcernCode.HOST_DISK;
import static dev.migrator.kubevirt.ConcernCode.LUN_DISK;
import static dev.migrator.kubevirt.ConcernCode.MEMORY_DUMP_ATTACHED;
import static dev.migrator.kubevirt.ConcernCode.NETWORK_BINDING_MISSING;
import static dev.migrator.kubevirt.ConcernCode.RESOURCE_CLAIM;
import static dev.migrator.kubevirt.ConcernCode.SHAREABLE_DISK;
import static dev.migrator.kubevirt.ConcernCode.SOURCE_IS_RECEIVER;
import static dev.migrator.kubevirt.ConcernCode.UNKNOWN_VOLUME_TYPE;
import static dev.migrator.kubevirt.ConcernCode.VIRTIOFS;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Machines that people publish, and some of our own, each with the verdict that the contract gives
 * it: the one table that unit and integration tests share.
 *
 * <p>The verdict is for a machine that runs, on a plain KubeVirt v1.9 with the gate on and nothing
 * else turned on or registered. A machine that is published as halted is started first.
 */
final class Manifests {

  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  private Manifests() {}

  /**
   * One machine of one file.
   *
   * @param file the file
   * @param vm the machine's name; as long as it has only a {@code generateName}, that
   * @param refused the critical codes; empty when it migrates
   */
  record Case(String file, String vm, Set<ConcernCode> refused) {

    boolean migrates() {
      return refused.isEmpty();
    }

    @Override
    public String toString() {
      return file + " " + vm + (migrates() ? " migrates" : " is refused: " + refused);
    }
  }

  private static final List<Case> PUBLISHED =
      List.of(
          of("accesscredentials-password.yaml", "test-vm-with-access-credentials"),
          of("bmc-cdrom-only-eviction.yaml", "test-vm"),
          of("configdrive-secretref-lun.yaml", "testvmi-cloudinitconfigdrive", LUN_DISK),
          of("containerdisk-halted.yaml", "vm-cirros"),
          of("crosscluster-source-mac.yaml", "vm-1"),
          of("crosscluster-target-wait-as-receiver.yaml", "vm-1", SOURCE_IS_RECEIVER),
          of("downwardmetrics.yaml", "vmi-fedora", FEATURE_NOT_ENABLED),
          of("dra-gpu-resourceclaims.yaml", "vmi-dra-pgpu", GPU, RESOURCE_CLAIM),
          of("dv-and-dvtemplate.yaml", "test-vm-with-dv-and-dvtemplate"),
          of("efi-nosecureboot-claim-of-dvtemplate.yaml", "cirros-test"),
          of("gpu-vgpu-windows.yaml", "win10vm1", GPU),
          of("hostdisk.yaml", "vmi-host-disk", HOST_DISK),
          of("hotplug-cdrom-datavolume.yaml", "testvm"),
          of("infer-from-volume.yaml", "cirros"),
          of("instancetype-namespaced-windows.yaml", "vm-windows-clarge-windows"),
          of("liveness-probe-http.yaml", "example-http-liveness-probe"),
          of("lun-reservation-shareable.yaml", "fedora-vm1", LUN_DISK, SHAREABLE_DISK),
          of("lun-reservation-shareable.yaml", "fedora-vm2", LUN_DISK, SHAREABLE_DISK),
          of("masquerade-ports.yaml", "vmi-masquerade"),
          of("memory-hotplug.yaml", "vm-alpine"),
          of("multi-pvc-disks.yaml", "vm-alpine-multipvc"),
          of("multus-mac-ssh-gitops.yaml", "fedora-vm1"),
          of("multus-mac-ssh-gitops.yaml", "fedora-vm2"),
          of("network-binding-macvtap.yaml", "vm-net-binding-macvtap", NETWORK_BINDING_MISSING),
          of("numa-hugepages-dedicated.yaml", "numavm"),
          of("once-secondary-disks.yaml", "secondary-disks"),
          of("pod-bridge-migration-annotation.yaml", "fedora"),
          of("pvc-clone-rhel-template.yaml", "rheltinyvm"),
          of("shareable-disk.yaml", "vm-block-1", SHAREABLE_DISK),
          of("shareable-disk.yaml", "vm-block-2", SHAREABLE_DISK),
          of(
              "sidecar-hook-configmap.yaml",
              "vm-cirros-with-sidecar-hook-configmap",
              FEATURE_NOT_ENABLED),
          of("sysprep-tekton-generatename.yaml", "windows-efi-"),
          of("todolist-efi-mac-configdrive.yaml", "fedora-todolist"),
          of("udn-binding-l2bridge.yaml", "httpd-vm-1", NETWORK_BINDING_MISSING),
          of("udn-binding-l2bridge.yaml", "httpd-vm-2", NETWORK_BINDING_MISSING),
          of("update-volumes-migration.yaml", "vm-dv"),
          of("usb-hostdevices.yaml", "vmi-usb", HOST_DEVICE),
          of("virtiofs-configmap.yaml", "vmi-fedora", VIRTIOFS),
          of("virtiofs-pvc.yaml", "hostpath", VIRTIOFS),
          of("volumes-configmap-secret-serviceaccount.yaml", "test-vm-with-different-volume-types"),
          of("windows11-persistent-tpm-full.yaml", "vm-windows-11"));

  private static final List<Case> OWN =
      List.of(
          of("everything.yaml", "everything"),
          of("image-only.yaml", "image-only"),
          of("sized-by-type.yaml", "sized"),
          of("state-of-tpm.yaml", "trusted"),
          of("gated.yaml", "gated", FEATURE_NOT_ENABLED, NETWORK_BINDING_MISSING),
          of(
              "refused-devices.yaml",
              "refused-devices",
              SHAREABLE_DISK,
              LUN_DISK,
              HOST_DISK,
              EPHEMERAL_DISK,
              CONTAINER_PATH,
              MEMORY_DUMP_ATTACHED,
              UNKNOWN_VOLUME_TYPE,
              VIRTIOFS,
              GPU,
              HOST_DEVICE,
              RESOURCE_CLAIM,
              BINDING_NOT_MIGRATABLE));

  /** The published machines: there only where their folder is. */
  static List<Case> published() {
    return PUBLISHED;
  }

  /** Our own machines, which are always there. */
  static List<Case> own() {
    return OWN;
  }

  /**
   * The folder of published machines: {@code ../shared/k8s/manifests} beside the project, or {@code
   * manifests} in the folder that system property {@code migrator.shared} names.
   */
  static Optional<Path> folder() {
    String given = System.getProperty("migrator.shared");
    Path shared = given == null ? Path.of("..", "..", "shared", "k8s") : Path.of(given);
    return Optional.of(shared.resolve("manifests")).filter(Files::isDirectory);
  }

  /** The documents of a case, the machine last; other machines of the same file left out. */
  static List<GenericKubernetesResource> documents(Case manifest) {
    List<GenericKubernetesResource> documents = parse(text(manifest));
    GenericKubernetesResource machine =
        documents.stream()
            .filter(it -> it.getKind().equals("VirtualMachine"))
            .filter(it -> manifest.vm().equals(name(it)))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("No VM " + manifest));
    List<GenericKubernetesResource> all = new ArrayList<>(documents);
    all.removeIf(it -> it.getKind().equals("VirtualMachine"));
    all.add(machine);
    return all;
  }

  /** The documents of a text. */
  static List<GenericKubernetesResource> parse(String text) {
    return Arrays.stream(text.split("(?m)^---\\s*$"))
        .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
        .map(document -> YAML.unmarshal(document, GenericKubernetesResource.class))
        .toList();
  }

  /** The machine's name, or the beginning that the server completes. */
  static String name(GenericKubernetesResource machine) {
    String name = machine.getMetadata().getName();
    return name == null ? machine.getMetadata().getGenerateName() : name;
  }

  private static String text(Case manifest) {
    try {
      if (OWN.contains(manifest)) {
        try (InputStream in = Manifests.class.getResourceAsStream("/machines/" + manifest.file())) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
      return Files.readString(folder().orElseThrow().resolve(manifest.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case of(String file, String vm, ConcernCode... refused) {
    return new Case(file, vm, Set.of(refused));
  }
}
