package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A VM for tests, with what it refers to: described here, created and booted by {@link #boot}.
 *
 * <p>Without further words it has no disk, one core, 128 MiB, one masqueraded interface with a
 * fixed address, and the run strategy Always.
 */
public final class SampleVm {
  private final String namespace;
  private final String name;
  private final List<Thing> objects = new ArrayList<>();
  private final List<Kind> kinds = new ArrayList<>();
  private final List<Map<String, Object>> disks = new ArrayList<>();
  private final List<Map<String, Object>> volumes = new ArrayList<>();
  private final List<Map<String, Object>> interfaces = new ArrayList<>();
  private final List<Map<String, Object>> networks = new ArrayList<>();
  private final Map<String, Object> further = new LinkedHashMap<>();
  private String strategy = "Always";
  private boolean typed;
  private boolean tpm;
  private String storageClass = "local";

  private SampleVm(String namespace, String name) {
    this.namespace = namespace;
    this.name = name;
    networks.add(Json.object("name", "default", "pod", Json.object()));
    interfaces.add(
        Json.object(
            "name", "default", "masquerade", Json.object(), "macAddress", "02:11:22:33:44:55"));
  }

  /** Begins a sample. */
  public static SampleVm of(String namespace, String name) {
    return new SampleVm(namespace, name);
  }

  /** The VM's namespace. */
  public String namespace() {
    return namespace;
  }

  /** The VM's name. */
  public String name() {
    return name;
  }

  /** The run strategy; {@code running} stands for the deprecated {@code spec.running: true}. */
  public SampleVm strategy(String chosen) {
    this.strategy = chosen;
    return this;
  }

  /** The storage class of the disks that follow (default "local"). */
  public SampleVm storageClass(String chosen) {
    this.storageClass = chosen;
    return this;
  }

  /** A disk on a bare ReadWriteOnce claim. */
  public SampleVm disk(String disk, String size) {
    return disk(disk, size, "ReadWriteOnce");
  }

  /** A disk on a bare claim, named {@code vm-disk}. */
  public SampleVm disk(String disk, String size, String accessMode) {
    String claimName = name + "-" + disk;
    Thing claim = Thing.create(Kind.CLAIM, namespace, claimName);
    claim
        .set("spec.accessModes", List.of(accessMode))
        .set("spec.volumeMode", "Filesystem")
        .set("spec.storageClassName", storageClass)
        .set("spec.resources", Json.object("requests", Json.object("storage", size)));
    add(Kind.CLAIM, claim);
    return volume(disk, Json.object("persistentVolumeClaim", Json.object("claimName", claimName)));
  }

  /** A disk on a bare claim, named {@code vm-disk}, that is attached while the guest runs. */
  public SampleVm hotplugged(String disk, String size) {
    disk(disk, size);
    Json.map(volumes.get(volumes.size() - 1).get("persistentVolumeClaim"))
        .put("hotpluggable", true);
    return this;
  }

  /** A TPM whose state is kept. */
  public SampleVm tpm() {
    this.tpm = true;
    return this;
  }

  /** A disk on a blank DataVolume, named {@code vm-disk}. */
  public SampleVm dataVolume(String disk, String size) {
    String dataVolume = name + "-" + disk;
    Thing volume = Thing.create(Kind.DATA_VOLUME, namespace, dataVolume);
    volume
        .set("spec.source", Json.object("blank", Json.object()))
        .set(
            "spec.storage",
            Json.object(
                "accessModes",
                List.of("ReadWriteOnce"),
                "storageClassName",
                storageClass,
                "resources",
                Json.object("requests", Json.object("storage", size))));
    add(Kind.DATA_VOLUME, volume);
    return volume(disk, Json.object("dataVolume", Json.object("name", dataVolume)));
  }

  /** A cloud-init disk whose user data comes from a new Secret of that name. */
  public SampleVm cloudInit(String secret, String userData) {
    Thing object = Thing.create(Kind.SECRET, namespace, secret);
    object
        .set("type", "Opaque")
        .set(
            "data",
            Json.object(
                "userdata",
                Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8))));
    add(Kind.SECRET, object);
    return volume(
        "cloudinit",
        Json.object("cloudInitNoCloud", Json.object("secretRef", Json.object("name", secret))));
  }

  /** A disk made from a new ConfigMap of that name. */
  public SampleVm configMap(String configMap, String text) {
    Thing object = Thing.create(Kind.CONFIG_MAP, namespace, configMap);
    add(Kind.CONFIG_MAP, object.set("data", Json.object("text", text)));
    return volume(configMap, Json.object("configMap", Json.object("name", configMap)));
  }

  /** A volume with its disk, as KubeVirt spells it. */
  public SampleVm volume(String disk, Map<String, Object> source) {
    Map<String, Object> volume = Json.object("name", disk);
    volume.putAll(source);
    volumes.add(volume);
    disks.add(Json.object("name", disk, "disk", Json.object("bus", "virtio")));
    return this;
  }

  /**
   * Takes CPU and memory from a new namespaced instance type, and the machine from a preference.
   */
  public SampleVm instancetype(String type, String preference) {
    this.typed = true;
    Thing instancetype = Thing.create(Kind.INSTANCETYPE, namespace, type);
    add(
        Kind.INSTANCETYPE,
        instancetype
            .set("spec.cpu", Json.object("guest", 2))
            .set("spec.memory", Json.object("guest", "256Mi")));
    Thing preferred = Thing.create(Kind.PREFERENCE, namespace, preference);
    add(
        Kind.PREFERENCE,
        preferred
            .set("spec.machine", Json.object("preferredMachineType", "q35"))
            .set("spec.devices", Json.object("preferredDiskBus", "virtio")));
    further.put("instancetype", Json.object("kind", "VirtualMachineInstancetype", "name", type));
    further.put("preference", Json.object("kind", "VirtualMachinePreference", "name", preference));
    return this;
  }

  /** A second interface on a new NetworkAttachmentDefinition of that name. */
  public SampleVm network(String network, String mac) {
    Thing definition = Thing.create(Kind.NETWORK, namespace, network);
    add(Kind.NETWORK, definition.set("spec.config", "{\"type\":\"bridge\"}"));
    networks.add(Json.object("name", network, "multus", Json.object("networkName", network)));
    interfaces.add(Json.object("name", network, "bridge", Json.object(), "macAddress", mac));
    return this;
  }

  /** The VM's firmware UUID: the same for the same name. */
  public String uuid() {
    return UUID.nameUUIDFromBytes((namespace + "/" + name).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  /** The VirtualMachine alone, as it would be created. */
  public GenericKubernetesResource manifest() {
    Map<String, Object> domain =
        Json.object(
            "firmware", Json.object("uuid", uuid(), "serial", "serial-" + name),
            "devices",
                Json.object("disks", Thing.copyOf(disks), "interfaces", Thing.copyOf(interfaces)));
    if (tpm) {
      Json.map(domain.get("devices")).put("tpm", Json.object("persistent", true));
    }
    if (!typed) {
      domain.put("cpu", Json.object("cores", 1));
      domain.put("memory", Json.object("guest", "128Mi"));
    }
    Thing vm = Thing.create(Kind.VM, namespace, name).label("app", name);
    further.forEach((key, value) -> vm.set("spec." + key, Thing.copyOf(value)));
    if ("running".equals(strategy)) {
      vm.set("spec.running", true);
    } else {
      vm.set("spec.runStrategy", strategy);
    }
    vm.set("spec.template.metadata.labels", Json.object("app", name));
    vm.set(
        "spec.template.spec",
        Json.object(
            "domain",
            domain,
            "networks",
            Thing.copyOf(networks),
            "volumes",
            Thing.copyOf(volumes),
            "terminationGracePeriodSeconds",
            0));
    return vm.raw();
  }

  private void add(Kind kind, Thing object) {
    kinds.add(kind);
    objects.add(object);
  }

  /** Creates the VM and all that it refers to on a side; it is not waited for. */
  public void create(Clusters clusters, Side side) {
    createReferences(clusters, side);
    clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.VM.context())
        .inNamespace(namespace)
        .resource(manifest())
        .create();
  }

  /** Creates all that the VM refers to on a side, but not the VM. */
  public void createReferences(Clusters clusters, Side side) {
    clusters.createNamespace(namespace);
    KubernetesClient client = clusters.actorClient(side);
    for (int i = 0; i < objects.size(); i++) {
      client
          .genericKubernetesResources(kinds.get(i).context())
          .inNamespace(namespace)
          .resource(objects.get(i).copy().raw())
          .create();
    }
  }

  /** Creates the VM on the source and waits until its guest runs. */
  public SampleVm boot(KubeVirtSimulator simulator) {
    create(simulator.clusters(), Side.SOURCE);
    if ("Manual".equals(strategy)) {
      simulator.guest(Side.SOURCE, namespace, name).start();
    }
    simulator.runUntil(
        "VM " + namespace + "/" + name + " runs on the source",
        () -> simulator.guest(Side.SOURCE, namespace, name).isReady());
    return this;
  }
}
