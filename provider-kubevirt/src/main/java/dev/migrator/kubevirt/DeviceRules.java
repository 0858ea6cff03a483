package dev.migrator.kubevirt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts of a machine that cannot be moved between clusters (contract 4.1 and 5). */
final class DeviceRules {

  private static final String ALLOW_POD_BRIDGE =
      "kubevirt.io/allow-pod-bridge-network-live-migration";

  /** Each type of volume that can be moved, in whatever way. */
  private static final Set<String> MOVABLE =
      Set.of(
          "secret",
          "configMap",
          "cloudInitNoCloud",
          "cloudInitConfigDrive",
          "sysprep",
          "containerDisk",
          "serviceAccount",
          "downwardAPI",
          "downwardMetrics",
          "persistentVolumeClaim",
          "dataVolume",
          "emptyDisk");

  /** Each type of volume that cannot. */
  private static final Map<String, ConcernCode> IMMOVABLE =
      Map.of(
          "ephemeral", ConcernCode.EPHEMERAL_DISK,
          "hostDisk", ConcernCode.HOST_DISK,
          "memoryDump", ConcernCode.MEMORY_DUMP_ATTACHED,
          "containerPath", ConcernCode.CONTAINER_PATH);

  private final Findings findings;
  private final boolean podBridgeAllowed;

  private DeviceRules(SourceMachine source, Findings findings) {
    this.findings = findings;
    this.podBridgeAllowed =
        source.vm().templateAnnotations().containsKey(ALLOW_POD_BRIDGE)
            || source
                .instance()
                .filter(vmi -> vmi.annotations().containsKey(ALLOW_POD_BRIDGE))
                .isPresent();
  }

  /** Looks at the machine, and at its instance, where a preference may have added devices. */
  static void check(SourceMachine source, Findings findings) {
    DeviceRules rules = new DeviceRules(source, findings);
    rules.spec(source.vm().templateSpec());
    source.instance().ifPresent(vmi -> rules.spec(vmi.spec()));
  }

  private void spec(Map<String, Object> spec) {
    Map<String, Object> devices = Tree.map(spec, "domain", "devices");
    Tree.maps(devices, "disks").forEach(this::disk);
    Tree.maps(spec, "volumes").forEach(this::volume);
    each(devices, "filesystems", ConcernCode.VIRTIOFS, "It is served by virtiofs.");
    each(devices, "gpus", ConcernCode.GPU, "It is a device of the source's node.");
    each(devices, "hostDevices", ConcernCode.HOST_DEVICE, "It is a device of the source's node.");
    each(spec, "resourceClaims", ConcernCode.RESOURCE_CLAIM, "It is allocated on its node.");
    Tree.maps(devices, "interfaces").stream()
        .filter(nic -> Tree.has(nic, "sriov"))
        .forEach(
            nic ->
                findings.add(
                    ConcernCode.SRIOV_INTERFACE,
                    "interface " + name(nic),
                    "It is a device of the node: the guest loses it and gets another one."));
    for (Map<String, Object> network : Tree.maps(spec, "networks")) {
      findings.addIf(
          Tree.has(network, "resourceClaim"),
          ConcernCode.RESOURCE_CLAIM,
          "network " + name(network),
          "It is a device that is allocated on its node.");
      if (Tree.has(network, "pod")) {
        Tree.named(devices, name(network), "interfaces").ifPresent(this::podInterface);
      }
    }
  }

  private void disk(Map<String, Object> disk) {
    String subject = "disk " + name(disk);
    findings.addIf(
        Tree.isTrue(disk, "shareable"),
        ConcernCode.SHAREABLE_DISK,
        subject,
        "Other machines may write to it while it is copied; KubeVirt does not look.");
    findings.addIf(
        Tree.has(disk, "lun"),
        ConcernCode.LUN_DISK,
        subject,
        "It is a LUN, whose reservations and commands are not carried over; KubeVirt does not look.");
  }

  private void volume(Map<String, Object> volume) {
    String subject = "volume " + name(volume);
    IMMOVABLE.forEach(
        (type, code) ->
            findings.addIf(
                Tree.has(volume, type),
                code,
                subject,
                "A volume of type " + type + " stays behind."));
    List<String> types = volume.keySet().stream().filter(key -> !key.equals("name")).toList();
    boolean known =
        types.stream().anyMatch(type -> MOVABLE.contains(type) || IMMOVABLE.containsKey(type));
    findings.addIf(
        !known && !types.isEmpty(),
        ConcernCode.UNKNOWN_VOLUME_TYPE,
        subject,
        "Its type " + String.join(", ", types) + " is not known.");
  }

  private void podInterface(Map<String, Object> nic) {
    Optional<String> binding =
        List.of("bridge", "slirp", "macvtap").stream()
            .filter(type -> Tree.has(nic, type))
            .filter(type -> !(type.equals("bridge") && podBridgeAllowed))
            .findFirst();
    binding.ifPresent(
        type ->
            findings.add(
                ConcernCode.BINDING_NOT_MIGRATABLE,
                "interface " + name(nic),
                "It is joined to the pod network by " + type + "."));
  }

  private void each(Map<String, Object> parent, String list, ConcernCode code, String message) {
    for (Map<String, Object> element : Tree.maps(parent, list)) {
      findings.add(code, list + "[" + name(element) + "]", message);
    }
  }

  private static String name(Map<String, Object> element) {
    return Tree.text(element, "name").orElse("?");
  }
}
