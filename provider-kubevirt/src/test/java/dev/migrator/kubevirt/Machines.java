package dev.migrator.kubevirt;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Running machines for tests, made of manifests: the instance is filled in as KubeVirt's webhooks
 * and controllers would (contract 3.3), and everything that it refers to exists.
 */
final class Machines {

  static final String NAMESPACE = "demo";
  static final String UUID = "4678f48e-9e6e-53d3-9c13-dbd66056a5d1";
  static final String SERIAL = "serial-of-the-guest";
  static final String MACHINE_TYPE = "pc-q35-rhel9.6.0";
  static final String DIGEST = "sha256:" + "ab".repeat(32);

  private final GenericKubernetesResource vm;
  private final List<GenericKubernetesResource> others;
  private final GenericKubernetesResource vmi;
  private final Map<String, GenericKubernetesResource> claims = new LinkedHashMap<>();
  private final Map<String, GenericKubernetesResource> dataVolumes = new LinkedHashMap<>();
  private final Map<String, GenericKubernetesResource> secrets = new LinkedHashMap<>();
  private final Map<String, GenericKubernetesResource> configMaps = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> matched = new LinkedHashMap<>();
  private final Map<String, String> images = new LinkedHashMap<>();
  private final List<VmimView> migrations = new ArrayList<>();
  private boolean running = true;

  private Machines(List<GenericKubernetesResource> documents) {
    this.vm = Tree.copy(documents.get(documents.size() - 1));
    this.others = documents.subList(0, documents.size() - 1);
    vm.setApiVersion("kubevirt.io/v1");
    vm.getMetadata().setNamespace(NAMESPACE);
    vm.getMetadata().setUid("uid-of-the-machine");
    if (vm.getMetadata().getName() == null) {
      vm.getMetadata().setName(vm.getMetadata().getGenerateName() + "x7k2p");
      vm.getMetadata().setGenerateName(null);
    }
    this.vmi = instance();
    belongings();
  }

  /** A machine of a manifest, running; one that is halted is started. */
  static Machines running(Manifests.Case manifest) {
    Machines machine = new Machines(Manifests.documents(manifest));
    if (new VmView(machine.vm).isHalted()) {
      machine.spec(spec -> spec.put("runStrategy", "Always"));
    }
    return machine;
  }

  /** The machine of one of our own manifests. */
  static Machines own(String vm) {
    return running(
        Manifests.own().stream().filter(it -> it.vm().equals(vm)).findFirst().orElseThrow());
  }

  /** A small machine that can be moved: one disk, one interface. */
  static Machines plain() {
    return plain("web");
  }

  /** As {@link #plain()}, under another name. */
  static Machines plain(String name) {
    return new Machines(
        Manifests.parse(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            metadata:
              name: web
            spec:
              runStrategy: Always
              template:
                spec:
                  domain:
                    devices:
                      disks:
                        - name: root
                          disk: {bus: virtio}
                      interfaces:
                        - name: default
                          masquerade: {}
                    memory:
                      guest: 1Gi
                  networks:
                    - name: default
                      pod: {}
                  volumes:
                    - name: root
                      dataVolume:
                        name: web-root
            """
                .replace("web", name)));
  }

  /** Changes the machine's spec. */
  Machines spec(Consumer<Map<String, Object>> change) {
    change.accept(Tree.ensure(vm.getAdditionalProperties(), "spec"));
    return this;
  }

  /** Changes the template's spec and the instance's spec alike. */
  Machines both(Consumer<Map<String, Object>> change) {
    change.accept(Tree.ensure(vm.getAdditionalProperties(), "spec", "template", "spec"));
    change.accept(Tree.ensure(vmi.getAdditionalProperties(), "spec"));
    return this;
  }

  /** Changes the machine's status. */
  Machines status(Consumer<Map<String, Object>> change) {
    change.accept(Tree.ensure(vm.getAdditionalProperties(), "status"));
    return this;
  }

  /** Changes the instance's spec. */
  Machines instanceSpec(Consumer<Map<String, Object>> change) {
    change.accept(Tree.ensure(vmi.getAdditionalProperties(), "spec"));
    return this;
  }

  /** Changes the instance's status. */
  Machines instanceStatus(Consumer<Map<String, Object>> change) {
    change.accept(Tree.ensure(vmi.getAdditionalProperties(), "status"));
    return this;
  }

  /** Sets a condition of the instance, or takes it away. */
  Machines condition(String type, String status, String reason) {
    return instanceStatus(map -> setCondition(map, type, status, reason));
  }

  static void setCondition(Map<String, Object> status, String type, String value, String reason) {
    List<Object> conditions = new ArrayList<>(Tree.maps(status, "conditions"));
    conditions.removeIf(it -> type.equals(Tree.at(it, "type")));
    if (value != null) {
      Map<String, Object> condition = new LinkedHashMap<>();
      condition.put("type", type);
      condition.put("status", value);
      condition.put("reason", reason);
      condition.put("message", "because of " + reason);
      conditions.add(condition);
    }
    status.put("conditions", conditions);
  }

  Machines instance(Consumer<GenericKubernetesResource> change) {
    change.accept(vmi);
    return this;
  }

  Machines machine(Consumer<GenericKubernetesResource> change) {
    change.accept(vm);
    return this;
  }

  Machines stopped() {
    running = false;
    return this;
  }

  Machines without(ReferenceKind kind, String name) {
    switch (kind) {
      case SECRET -> secrets.remove(name);
      case CONFIG_MAP -> configMaps.remove(name);
      case CLAIM -> claims.remove(name);
      case DATA_VOLUME -> dataVolumes.remove(name);
      default -> throw new IllegalArgumentException(kind.toString());
    }
    return this;
  }

  Machines claim(String name, Consumer<Map<String, Object>> change) {
    change.accept(claims.get(name).getAdditionalProperties());
    return this;
  }

  Machines secret(String name, Consumer<Map<String, Object>> change) {
    change.accept(secrets.get(name).getAdditionalProperties());
    return this;
  }

  Machines matched(String field, Map<String, Object> content) {
    matched.put(field, content);
    return this;
  }

  Machines migration(String phase) {
    GenericKubernetesResource half = Kind.MIGRATION.blank(NAMESPACE, "other");
    half.setAdditionalProperty("status", Map.of("phase", phase));
    migrations.add(new VmimView(half));
    return this;
  }

  Machines withoutImages() {
    images.clear();
    return this;
  }

  SourceMachine build() {
    return new SourceMachine(
        new VmView(vm),
        running ? new VmiView(vmi) : null,
        claims,
        dataVolumes,
        secrets,
        configMaps,
        matched,
        images,
        migrations);
  }

  /** A plan that moves the machine under its own name. */
  MigrationPlan.Builder plan() {
    return MigrationPlan.builder(
            "plan", Endpoint.of("kubevirt", "east"), Endpoint.of("kubevirt", "west"))
        .type(MigrationType.LIVE)
        .vm(NAMESPACE, vm.getMetadata().getName());
  }

  PlannedVm planned() {
    return PlannedVm.of(new VmRef(NAMESPACE, vm.getMetadata().getName()));
  }

  private GenericKubernetesResource instance() {
    GenericKubernetesResource made = Kind.INSTANCE.blank(NAMESPACE, vm.getMetadata().getName());
    made.getMetadata().setUid("uid-of-the-instance");
    Map<String, String> annotations = new HashMap<>(new VmView(vm).templateAnnotations());
    annotations.put(Identity.PCI_TOPOLOGY, "v3");
    annotations.put("kubevirt.io/vm-generation", "1");
    made.getMetadata().setAnnotations(annotations);
    Map<String, Object> spec = Tree.copy(new VmView(vm).templateSpec());
    Webhooks.complete(spec);
    sized(spec);
    made.setAdditionalProperty("spec", spec);
    made.setAdditionalProperty("status", running(spec));
    return made;
  }

  /** What instance type and preference give, for those that stand in the manifest. */
  private void sized(Map<String, Object> spec) {
    for (GenericKubernetesResource other : others) {
      Map<String, Object> given = Tree.map(other.getAdditionalProperties(), "spec");
      if (Kind.INSTANCETYPE.matches(other)) {
        matched.put(Matcher.INSTANCETYPE, given);
        Tree.text(given, "cpu", "guest")
            .ifPresent(it -> Tree.put(spec, Integer.valueOf(it), "domain", "cpu", "sockets"));
        Tree.text(given, "memory", "guest")
            .ifPresent(it -> Tree.put(spec, it, "domain", "memory", "guest"));
      } else if (Kind.PREFERENCE.matches(other)) {
        matched.put(Matcher.PREFERENCE, given);
        Tree.text(given, "devices", "preferredDiskBus")
            .ifPresent(
                bus ->
                    Tree.maps(spec, "domain", "devices", "disks")
                        .forEach(disk -> Webhooks.absent(disk, bus, "disk", "bus")));
      }
    }
  }

  private static Map<String, Object> running(Map<String, Object> spec) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("phase", "Running");
    status.put("nodeName", "node-1");
    status.put("machine", new LinkedHashMap<>(Map.of("type", machineType(spec))));
    setCondition(status, "Ready", "True", "");
    setCondition(status, "LiveMigratable", "False", "DisksNotLiveMigratable");
    setCondition(status, "StorageLiveMigratable", "True", "");
    List<Object> interfaces = new ArrayList<>();
    int next = 1;
    for (Map<String, Object> nic : Tree.maps(spec, "domain", "devices", "interfaces")) {
      String mac = Tree.text(nic, "macAddress").orElse("02:00:00:00:10:0" + next++);
      interfaces.add(new LinkedHashMap<>(Map.of("name", Tree.at(nic, "name"), "mac", mac)));
    }
    status.put("interfaces", interfaces);
    return status;
  }

  private static String machineType(Map<String, Object> spec) {
    String written = Tree.text(spec, "domain", "machine", "type").orElse("q35");
    return written.equals("q35") ? MACHINE_TYPE : written;
  }

  private void belongings() {
    References references = References.of(new VmView(vm), new VmiView(vmi));
    references.names(ReferenceKind.SECRET).forEach(name -> secrets.put(name, secret(name)));
    references
        .names(ReferenceKind.CONFIG_MAP)
        .forEach(name -> configMaps.put(name, given(Kind.CONFIG_MAP, name)));
    for (String name : references.names(ReferenceKind.DATA_VOLUME)) {
      dataVolumes.put(name, given(Kind.DATA_VOLUME, name));
      claims.put(name, claim(name, true));
    }
    references
        .names(ReferenceKind.CLAIM)
        .forEach(name -> claims.putIfAbsent(name, claim(name, false)));
    Images.written(new VmiView(vmi).spec())
        .forEach(
            (volume, image) -> images.put(volume, image.replaceAll(":[^:/]*$", "") + "@" + DIGEST));
  }

  private GenericKubernetesResource secret(String name) {
    GenericKubernetesResource secret = given(Kind.SECRET, name);
    secret.getAdditionalProperties().putIfAbsent("type", "Opaque");
    secret
        .getAdditionalProperties()
        .putIfAbsent("data", new LinkedHashMap<>(Map.of("key", "Y2FuYXJ5LXNlY3JldC12YWx1ZQ==")));
    return secret;
  }

  private GenericKubernetesResource claim(String name, boolean ofDataVolume) {
    GenericKubernetesResource claim = given(Kind.PVC, name);
    claim.getMetadata().setUid("uid-of-" + name);
    Map<String, Object> properties = claim.getAdditionalProperties();
    Webhooks.absent(properties, "ReadWriteOnce", "spec", "accessModes");
    if (Tree.at(properties, "spec", "accessModes") instanceof String mode) {
      Tree.put(properties, list(mode), "spec", "accessModes");
    }
    Webhooks.absent(properties, "Filesystem", "spec", "volumeMode");
    Webhooks.absent(properties, "fast", "spec", "storageClassName");
    Webhooks.absent(properties, "10Gi", "spec", "resources", "requests", "storage");
    Webhooks.absent(properties, "11Gi", "status", "capacity", "storage");
    if (ofDataVolume) {
      claim
          .getMetadata()
          .setOwnerReferences(
              list(
                  new OwnerReferenceBuilder()
                      .withApiVersion("cdi.kubevirt.io/v1beta1")
                      .withKind("DataVolume")
                      .withName(name)
                      .withUid("uid-of-dv-" + name)
                      .withController(true)
                      .build()));
    }
    return claim;
  }

  private GenericKubernetesResource given(Kind kind, String name) {
    GenericKubernetesResource found =
        others.stream()
            .filter(kind::matches)
            .filter(it -> name.equals(it.getMetadata().getName()))
            .findFirst()
            .map(Tree::copy)
            .orElseGet(() -> kind.blank(NAMESPACE, name));
    found.getMetadata().setNamespace(NAMESPACE);
    return found;
  }

  private static <T> List<T> list(T element) {
    return new ArrayList<>(List.of(element));
  }
}
