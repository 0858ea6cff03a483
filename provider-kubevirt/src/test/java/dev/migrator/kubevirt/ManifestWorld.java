package dev.migrator.kubevirt;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.testkit.kubevirt.world.ClusterWorld;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.World;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rig in which the machine of a manifest runs: it is created as its publisher would, after all
 * that it refers to, and started.
 */
final class ManifestWorld {

  private static final String NAMESPACE = MigrationRig.NAMESPACE;

  /** For drives without a disc. */
  private static final String CDROM = "DeclarativeHotplugVolumes";

  private final MigrationRig rig;
  private final Machines machine;
  private final List<GenericKubernetesResource> documents;
  private final GenericKubernetesResource vm;

  private ManifestWorld(MigrationRig rig, Manifests.Case manifest) {
    this.rig = rig;
    this.machine = Machines.running(manifest);
    this.documents = Manifests.documents(manifest);
    this.vm = moved(machine.build().vm().raw());
  }

  /** Two clusters with the nodes that the machines of the table ask for. */
  static MigrationRig rig() {
    World world = new World();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      ClusterWorld cluster = side == Side.SOURCE ? world.source() : world.target();
      cluster.nodes(cluster.nodes().stream().map(ManifestWorld::able).toArray(NodeSpec[]::new));
    }
    MigrationRig rig = new MigrationRig(world, builder -> {});
    gates(rig, Side.SOURCE, "HostDisk", "DownwardMetrics", "Sidecar", CDROM);
    gates(rig, Side.TARGET, CDROM);
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      var nodes = rig.clusters.actorClient(side).nodes();
      nodes
          .list()
          .getItems()
          .forEach(
              node -> {
                node.getStatus().getAllocatable().put("hugepages-2Mi", new Quantity("64Gi"));
                nodes.resource(node).updateStatus();
              });
    }
    return rig;
  }

  /** KubeVirt lets no machine in that needs a gate which is off. */
  private static void gates(MigrationRig rig, Side side, String... more) {
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(Kind.KUBEVIRT.context())
        .inNamespace("kubevirt")
        .withName("kubevirt")
        .edit(
            found -> {
              Map<String, Object> configuration =
                  Tree.ensure(found.getAdditionalProperties(), "spec", "configuration");
              List<String> gates =
                  new ArrayList<>(
                      Tree.texts(configuration, "developerConfiguration", "featureGates"));
              gates.addAll(List.of(more));
              Tree.put(configuration, gates, "developerConfiguration", "featureGates");
              return found;
            });
    rig.simulator.settle();
  }

  private static NodeSpec able(NodeSpec plain) {
    NodeSpec node = plain.with("disk", "ssd").with("kubevirt.io/cpumanager", "true");
    for (String machine : List.of("rhel8.2.0", "rhel9.2.0", "rhel9.4.0")) {
      node = node.with("machine-type.node.kubevirt.io/pc-q35-" + machine, "true");
    }
    return node;
  }

  /**
   * Boots a manifest's machine on the source.
   *
   * @return the machine, which the rig's plan now names
   */
  static VmRef boot(MigrationRig rig, Manifests.Case manifest) {
    return new ManifestWorld(rig, manifest).boot();
  }

  private VmRef boot() {
    rig.clusters.createNamespace(NAMESPACE);
    belongings();
    surroundings();
    types();
    images();
    admissible();
    create(Side.SOURCE, vm);
    VmRef ref = new VmRef(NAMESPACE, vm.getMetadata().getName());
    var guest = rig.simulator.guest(Side.SOURCE, ref.namespace(), ref.name());
    String strategy = new VmView(vm).runStrategy();
    if (strategy.equals("Manual")) {
      guest.start();
    }
    rig.simulator.runUntil(
        ref + " runs",
        () -> guest.isReady() || strategy.equals("WaitAsReceiver") && !guest.phase().isEmpty());
    rig.replaceVm(PlannedVm.of(ref));
    rig.clusters.requests(Side.SOURCE).clear();
    rig.clusters.requests(Side.TARGET).clear();
    return ref;
  }

  /** What goes along with the machine; its own DataVolumes are made by KubeVirt. */
  private void belongings() {
    SourceMachine source = machine.build();
    source.secrets().values().forEach(each -> create(Side.SOURCE, moved(each)));
    source.configMaps().values().forEach(each -> create(Side.SOURCE, moved(each)));
    Set<String> templates = new TreeSet<>();
    for (Map<String, Object> template : Tree.maps(source.vm().spec(), "dataVolumeTemplates")) {
      Tree.text(template, "metadata", "name").ifPresent(templates::add);
      stored(Tree.map(template, "spec"));
    }
    source
        .dataVolumes()
        .forEach(
            (name, volume) -> {
              if (!templates.contains(name)) {
                create(Side.SOURCE, volume(volume));
              }
            });
    source
        .claims()
        .forEach(
            (name, claim) -> {
              if (!templates.contains(name) && !source.dataVolumes().containsKey(name)) {
                create(Side.SOURCE, claim(claim));
              }
            });
    for (Map<String, Object> template : Tree.maps(new VmView(vm).spec(), "dataVolumeTemplates")) {
      stored(Tree.ensure(template, "spec"));
    }
  }

  /** What must be there on the target as well, and stays where it is. */
  private void surroundings() {
    References references = machine.build().references();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      for (String network : references.names(ReferenceKind.NETWORK)) {
        int slash = network.indexOf('/');
        String namespace = slash < 0 ? NAMESPACE : network.substring(0, slash);
        rig.clusters.createNamespace(namespace);
        GenericKubernetesResource made =
            Kind.NETWORK_ATTACHMENT.blank(namespace, network.substring(slash + 1));
        made.setAdditionalProperty("spec", Map.of("config", "{\"type\":\"bridge\"}"));
        create(side, made);
      }
      for (String account : references.names(ReferenceKind.SERVICE_ACCOUNT)) {
        create(side, Kind.SERVICE_ACCOUNT.blank(NAMESPACE, account));
      }
      for (String priority : references.names(ReferenceKind.PRIORITY_CLASS)) {
        GenericKubernetesResource made = Kind.PRIORITY_CLASS.blank("", priority);
        made.setAdditionalProperty("value", 1000);
        create(side, made);
      }
    }
  }

  /** A tag stands for one image here and for another one there. */
  private void images() {
    for (String image : machine.build().references().names(ReferenceKind.IMAGE)) {
      rig.world.source().digest(image, "sha256:" + Hash.of("source", image));
      rig.world.target().digest(image, "sha256:" + Hash.of("target", image));
    }
  }

  /**
   * Instance type and preference: those of the file stand in it, those of a cluster are made up.
   */
  private void types() {
    documents.stream()
        .filter(it -> Kind.INSTANCETYPE.matches(it) || Kind.PREFERENCE.matches(it))
        .forEach(it -> create(Side.SOURCE, moved(it)));
    Map<String, Object> spec = Tree.map(vm.getAdditionalProperties(), "spec");
    for (String field : List.of(Matcher.INSTANCETYPE, Matcher.PREFERENCE)) {
      if (Tree.has(spec, field, "inferFromVolume")) {
        // The webhook looks it up and writes down what it has found.
        spec.put(field, new LinkedHashMap<>(Map.of("name", "inferred")));
      }
      Tree.text(spec, field, "revisionName").ifPresent(name -> revision(field, name));
    }
    VmView view = new VmView(vm);
    view.instancetype()
        .filter(it -> !it.isNamespaced())
        .ifPresent(
            it ->
                ofCluster(it, Map.of("cpu", Map.of("guest", 2), "memory", Map.of("guest", "4Gi"))));
    view.preference()
        .filter(it -> !it.isNamespaced())
        .ifPresent(it -> ofCluster(it, Map.of("devices", Map.of("preferredDiskBus", "virtio"))));
  }

  private void ofCluster(Matcher matcher, Map<String, Object> spec) {
    GenericKubernetesResource made = matcher.kind().blank("", matcher.name());
    made.setAdditionalProperty("spec", spec);
    create(Side.SOURCE, made);
  }

  private void revision(String field, String name) {
    GenericKubernetesResource made = Kind.CONTROLLER_REVISION.blank(NAMESPACE, name);
    made.setAdditionalProperty("data", Map.of("spec", machine.build().matched().get(field)));
    made.setAdditionalProperty("revision", 1);
    create(Side.SOURCE, made);
  }

  /** Without what KubeVirt's webhook refuses; publishers do not always try what they publish. */
  private void admissible() {
    Map<String, Object> spec = Tree.map(vm.getAdditionalProperties(), "spec");
    Tree.remove(spec, "template", "metadata", "labels", "kubevirt.io/nodeName");
    if (spec.containsKey(Matcher.INSTANCETYPE)) {
      Tree.remove(spec, "template", "spec", "domain", "memory");
    }
  }

  private static GenericKubernetesResource volume(GenericKubernetesResource given) {
    GenericKubernetesResource made = moved(given);
    Map<String, Object> spec = Tree.ensure(made.getAdditionalProperties(), "spec");
    if (!spec.containsKey("storage") && !spec.containsKey("pvc")) {
      Tree.put(spec, "1Gi", "storage", "resources", "requests", "storage");
    }
    spec.putIfAbsent("source", new LinkedHashMap<>(Map.of("blank", Map.of())));
    stored(spec);
    return made;
  }

  private static GenericKubernetesResource claim(GenericKubernetesResource given) {
    GenericKubernetesResource made = moved(given);
    Tree.put(made.getAdditionalProperties(), "local", "spec", "storageClassName");
    made.getAdditionalProperties().remove("status");
    made.getMetadata().setUid(null);
    return made;
  }

  /** The simulated cluster has one storage class, and a clone is as large as its original. */
  private static void stored(Map<String, Object> spec) {
    for (String form : List.of("storage", "pvc")) {
      if (spec.get(form) instanceof Map<?, ?> wish) {
        Tree.put(spec, "local", form, "storageClassName");
        if (!Tree.has(wish, "resources", "requests", "storage")) {
          Tree.put(spec, "1Gi", form, "resources", "requests", "storage");
        }
      }
    }
  }

  private static GenericKubernetesResource moved(GenericKubernetesResource original) {
    GenericKubernetesResource copy = Tree.copy(original);
    copy.getMetadata().setNamespace(NAMESPACE);
    copy.getMetadata().setUid(null);
    return copy;
  }

  private void create(Side side, GenericKubernetesResource object) {
    Kind kind = Kind.of(object.getApiVersion(), object.getKind());
    object.setApiVersion(kind.apiVersion());
    var kinds = rig.clusters.actorClient(side).genericKubernetesResources(kind.context());
    if (kind.namespaced()) {
      kinds.inNamespace(object.getMetadata().getNamespace()).resource(object).create();
    } else {
      kinds.resource(object).create();
    }
  }
}
