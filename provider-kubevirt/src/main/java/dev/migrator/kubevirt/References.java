package dev.migrator.kubevirt;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a machine refers to, found by one walk over its template: every row of contract
 * 4.1. What cannot be moved at all is found by {@link DeviceRules}, not here.
 *
 * @param all what was found, in the order of the walk
 */
record References(List<Reference> all) {

  static final String HOOK_SIDECARS = "hooks.kubevirt.io/hookSidecars";

  private static final String IGNITION = "kubevirt.io/ignitiondata";

  References {
    all = List.copyOf(all);
  }

  /**
   * Walks over a machine.
   *
   * @param vm the machine
   * @param vmi its instance, or null; it adds the images and networks that KubeVirt or a preference
   *     filled in
   * @return what it refers to
   */
  static References of(VmView vm, @Nullable VmiView vmi) {
    Walk walk = new Walk();
    walk.template(vm.templateSpec());
    walk.annotations(vm.templateAnnotations());
    vm.instancetype()
        .ifPresent(it -> walk.add(ReferenceKind.INSTANCETYPE, it.name(), "instancetype"));
    vm.preference().ifPresent(it -> walk.add(ReferenceKind.PREFERENCE, it.name(), "preference"));
    if (vmi != null) {
      walk.template(vmi.spec());
    }
    return new References(List.copyOf(walk.found));
  }

  /** The references of a kind. */
  List<Reference> of(ReferenceKind kind) {
    return all.stream().filter(each -> each.kind() == kind).toList();
  }

  /** The distinct names of a kind, in the order of the walk. */
  List<String> names(ReferenceKind kind) {
    return of(kind).stream().map(Reference::name).distinct().toList();
  }

  /** Whether every reference to a thing of this name may stay unresolved. */
  boolean isOptional(ReferenceKind kind, String name) {
    return of(kind).stream().filter(each -> each.name().equals(name)).allMatch(Reference::optional);
  }

  private static final class Walk {
    private final Set<Reference> found = new LinkedHashSet<>();

    void add(ReferenceKind kind, String name, String field) {
      found.add(new Reference(kind, name, field, false));
    }

    void template(Map<String, Object> spec) {
      Tree.maps(spec, "volumes").forEach(this::volume);
      Tree.maps(spec, "accessCredentials").forEach(this::credential);
      Tree.maps(spec, "networks").forEach(this::network);
      Map<String, Object> domain = Tree.map(spec, "domain");
      Tree.maps(domain, "devices", "interfaces").forEach(this::nic);
      Map<String, Object> boot = Tree.map(domain, "firmware", "kernelBoot", "container");
      text(ReferenceKind.IMAGE, boot, "domain.firmware.kernelBoot.container", "image");
      text(ReferenceKind.SECRET, boot, "domain.firmware.kernelBoot.container", "imagePullSecret");
      text(ReferenceKind.PRIORITY_CLASS, spec, "", "priorityClassName");
      if (Tree.has(domain, "devices", "downwardMetrics")) {
        add(ReferenceKind.FEATURE_GATE, "DownwardMetrics", "domain.devices.downwardMetrics");
      }
      if (Tree.isTrue(domain, "devices", "autoattachVSOCK")) {
        add(ReferenceKind.FEATURE_GATE, "VSOCK", "domain.devices.autoattachVSOCK");
      }
    }

    private void volume(Map<String, Object> volume) {
      String at = "volumes[" + Tree.text(volume, "name").orElse("?") + "]";
      named(ReferenceKind.SECRET, volume, at, "secret", "secretName");
      named(ReferenceKind.CONFIG_MAP, volume, at, "configMap", "name");
      for (String cloudInit : List.of("cloudInitNoCloud", "cloudInitConfigDrive")) {
        text(ReferenceKind.SECRET, volume, at, cloudInit, "secretRef", "name");
        text(ReferenceKind.SECRET, volume, at, cloudInit, "networkDataSecretRef", "name");
      }
      text(ReferenceKind.SECRET, volume, at, "sysprep", "secret", "name");
      text(ReferenceKind.CONFIG_MAP, volume, at, "sysprep", "configMap", "name");
      text(ReferenceKind.IMAGE, volume, at, "containerDisk", "image");
      text(ReferenceKind.SECRET, volume, at, "containerDisk", "imagePullSecret");
      text(ReferenceKind.SERVICE_ACCOUNT, volume, at, "serviceAccount", "serviceAccountName");
      text(ReferenceKind.CLAIM, volume, at, "persistentVolumeClaim", "claimName");
      text(ReferenceKind.DATA_VOLUME, volume, at, "dataVolume", "name");
      if (Tree.has(volume, "downwardMetrics")) {
        add(ReferenceKind.FEATURE_GATE, "DownwardMetrics", at + ".downwardMetrics");
      }
    }

    private void credential(Map<String, Object> credential) {
      for (String type : List.of("sshPublicKey", "userPassword")) {
        text(
            ReferenceKind.SECRET,
            credential,
            "accessCredentials",
            type,
            "source",
            "secret",
            "secretName");
      }
    }

    private void network(Map<String, Object> network) {
      String at = "networks[" + Tree.text(network, "name").orElse("?") + "]";
      text(ReferenceKind.NETWORK, network, at, "multus", "networkName");
      if (Tree.has(network, "pod")) {
        add(ReferenceKind.POD_NETWORK, "pod", at + ".pod");
      }
    }

    private void nic(Map<String, Object> nic) {
      String at = "domain.devices.interfaces[" + Tree.text(nic, "name").orElse("?") + "]";
      text(ReferenceKind.NETWORK_BINDING, nic, at, "binding", "name");
    }

    void annotations(Map<String, String> annotations) {
      Optional.ofNullable(annotations.get(HOOK_SIDECARS)).ifPresent(this::sidecars);
      if (annotations.containsKey(IGNITION)) {
        add(ReferenceKind.FEATURE_GATE, "ExperimentalIgnitionSupport", IGNITION);
      }
    }

    /** The annotation holds a JSON list; what cannot be read is left to KubeVirt's admission. */
    private void sidecars(String json) {
      add(ReferenceKind.FEATURE_GATE, "Sidecar", HOOK_SIDECARS);
      for (Map<String, Object> sidecar : Sidecars.parse(json)) {
        text(ReferenceKind.CONFIG_MAP, sidecar, HOOK_SIDECARS, "configMap", "name");
        text(ReferenceKind.IMAGE, sidecar, HOOK_SIDECARS, "image");
        text(ReferenceKind.CLAIM, sidecar, HOOK_SIDECARS, "pvc", "name");
      }
    }

    /** A volume's reference that can be marked optional beside it. */
    private void named(
        ReferenceKind kind, Map<String, Object> volume, String at, String source, String key) {
      Tree.text(volume, source, key)
          .ifPresent(
              name ->
                  found.add(
                      new Reference(
                          kind,
                          name,
                          at + "." + source + "." + key,
                          Tree.isTrue(volume, source, "optional"))));
    }

    private void text(ReferenceKind kind, Map<String, Object> node, String at, String... path) {
      String field = (at.isEmpty() ? "" : at + ".") + String.join(".", path);
      Tree.text(node, path).ifPresent(name -> add(kind, name, field));
    }
  }

  /** Reads the JSON inside the sidecar annotation. */
  private static final class Sidecars {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private Sidecars() {}

    static List<Map<String, Object>> parse(String json) {
      try {
        List<?> read = Objects.requireNonNullElse(JSON.unmarshal(json, List.class), List.of());
        return Tree.maps(Map.of("list", new ArrayList<>(read)), "list");
      } catch (RuntimeException e) {
        return List.of();
      }
    }
  }
}
