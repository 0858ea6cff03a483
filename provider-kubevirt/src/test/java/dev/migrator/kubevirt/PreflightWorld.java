package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.core.MigrationEvent;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Two embedded clusters on which nobody acts, with KubeVirt's resources, a running machine on the
 * source and everything that it needs on the target: a validation of it finds nothing critical.
 */
final class PreflightWorld implements AutoCloseable {

  static final String NAMESPACE = Machines.NAMESPACE;
  static final String KUBEVIRT = "kubevirt";

  private static final Map<Side, X509Certificate> OWN =
      Map.of(Side.SOURCE, authority().make(), Side.TARGET, authority().make());

  final ManualClock clock = new ManualClock();
  final EmbeddedClusters clusters = EmbeddedClusters.start(clock);
  final List<MigrationEvent> events = new ArrayList<>();

  /** Empties both clusters and puts there what every machine needs. */
  PreflightWorld fresh() {
    clusters.reset();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      clusters.access(side, ShippedRoles.everything(side));
      clusters.createNamespace(NAMESPACE);
      put(side, Kind.NAMESPACE.blank("", KUBEVIRT));
      put(side, KubeVirts.of("v1.9.0").raw());
      put(side, bundle(trusting(side)));
      node(side, "node-1");
      GenericKubernetesResource cdi = Kind.CDI.blank("", "cdi");
      cdi.setAdditionalProperty(
          "status", Map.of("phase", "Deployed", "observedVersion", "v1.63.1"));
      put(side, cdi);
      storage(side, "fast");
      put(side, Kind.PRIORITY_CLASS.blank("", "important"));
      put(side, Kind.SERVICE_ACCOUNT.blank(NAMESPACE, "robot"));
      put(side, Kind.NETWORK_ATTACHMENT.blank(NAMESPACE, "vlan-7"));
    }
    return this;
  }

  /** A bundle as KubeVirt's components trust it. */
  static GenericKubernetesResource bundle(String pem) {
    return with(Kind.CONFIG_MAP.blank(KUBEVIRT, Trust.BUNDLE), Map.of("ca-bundle", pem), "data");
  }

  /** Its own authority, and that of its peer behind it. */
  private static String trusting(Side side) {
    Side peer = side == Side.SOURCE ? Side.TARGET : Side.SOURCE;
    return Certs.pem(OWN.get(side)) + Certs.pem(OWN.get(peer));
  }

  /** An authority of KubeVirt's operator, in its best years. */
  static Certs authority() {
    Certs own = new Certs();
    own.from = ManualClock.START.minus(Duration.ofHours(10));
    own.until = ManualClock.START.plus(Duration.ofDays(6));
    return own;
  }

  /** Adds a node that takes every machine of the tests. */
  void node(Side side, String name) {
    GenericKubernetesResource node = Kind.NODE.blank("", name);
    node.getMetadata().setLabels(NodeSpec.plain(name).with("disk", "ssd").labels());
    put(side, node);
  }

  /** Adds a storage class with a driver, and CDI's profile of it. */
  void storage(Side side, String name) {
    GenericKubernetesResource storageClass = Kind.STORAGE_CLASS.blank("", name);
    storageClass.setAdditionalProperty("provisioner", "csi.example.com");
    storageClass.setAdditionalProperty("volumeBindingMode", "Immediate");
    put(side, storageClass);
    GenericKubernetesResource profile = Kind.STORAGE_PROFILE.blank("", name);
    Tree.put(
        profile.getAdditionalProperties(),
        List.of(Map.of("accessModes", List.of("ReadWriteOnce"), "volumeMode", "Filesystem")),
        "status",
        "claimPropertySets");
    put(side, profile);
  }

  /** Puts a machine with all that it refers to on the source. */
  PreflightWorld deploy(Machines machine) {
    SourceMachine source = machine.build();
    source.secrets().values().forEach(it -> put(Side.SOURCE, it));
    source.configMaps().values().forEach(it -> put(Side.SOURCE, it));
    source.dataVolumes().values().forEach(it -> put(Side.SOURCE, it));
    source.claims().values().forEach(this::claim);
    put(Side.SOURCE, source.vm().raw());
    source.instance().ifPresent(vmi -> put(Side.SOURCE, vmi.raw()));
    for (Matcher matcher :
        Stream.of(source.vm().instancetype(), source.vm().preference())
            .flatMap(Optional::stream)
            .toList()) {
      Map<String, Object> spec = source.matched().get(matcher.field());
      if (spec != null) {
        put(Side.SOURCE, content(matcher, spec));
      }
    }
    for (VmimView half : source.migrations()) {
      half.raw().getMetadata().setLabels(Map.of("kubevirt.io/vmi-name", source.ref().name()));
      put(Side.SOURCE, half.raw());
    }
    return this;
  }

  /** Puts a claim on the source; its owner is the DataVolume that is there. */
  void claim(GenericKubernetesResource wanted) {
    GenericKubernetesResource claim = Tree.copy(wanted);
    claim
        .getMetadata()
        .getOwnerReferences()
        .forEach(
            owner ->
                owner.setUid(
                    get(
                            Side.SOURCE,
                            Kind.DATA_VOLUME,
                            claim.getMetadata().getNamespace(),
                            owner.getName())
                        .getMetadata()
                        .getUid()));
    put(Side.SOURCE, claim);
  }

  GenericKubernetesResource get(Side side, Kind kind, String namespace, String name) {
    return new Cluster(side, clusters.actorClient(side)).get(kind, namespace, name).orElseThrow();
  }

  /** What KubeVirt recorded as being in force, else the thing itself. */
  private static GenericKubernetesResource content(Matcher matcher, Map<String, Object> spec) {
    return matcher.revision() == null
        ? with(matcher.kind().blank(NAMESPACE, matcher.name()), spec, "spec")
        : with(Kind.CONTROLLER_REVISION.blank(NAMESPACE, matcher.revision()), spec, "data", "spec");
  }

  /** Creates an object with its status; one that is marked as being deleted stays so. */
  void put(Side side, GenericKubernetesResource wanted) {
    GenericKubernetesResource made = Tree.copy(wanted);
    boolean leaving = made.getMetadata().getDeletionTimestamp() != null;
    if (leaving) {
      made.getMetadata().setDeletionTimestamp(null);
      made.getMetadata().setFinalizers(List.of("example.com/held"));
    }
    Resource<GenericKubernetesResource> place = at(side, made);
    GenericKubernetesResource stored = place.create();
    Object status = wanted.getAdditionalProperties().get("status");
    if (status != null && !stored.getAdditionalProperties().containsKey("status")) {
      stored.setAdditionalProperty("status", status);
      at(side, stored).updateStatus();
    }
    if (leaving) {
      place.delete();
    }
  }

  /** Changes an object and its status. */
  void edit(
      Side side, Kind kind, String namespace, String name, Consumer<Map<String, Object>> change) {
    GenericKubernetesResource found = get(side, kind, namespace, name);
    GenericKubernetesResource changed = Tree.copy(found);
    change.accept(changed.getAdditionalProperties());
    at(side, found).delete();
    changed.getMetadata().setResourceVersion(null);
    changed.getMetadata().setUid(null);
    put(side, changed);
  }

  /** Changes a KubeVirt resource. */
  void kubeVirt(Side side, Consumer<Map<String, Object>> change) {
    edit(side, Kind.KUBEVIRT, KUBEVIRT, KUBEVIRT, change);
  }

  void delete(Side side, Kind kind, String namespace, String name) {
    at(side, kind.blank(namespace, name)).delete();
  }

  /** An object with one value in it. */
  static GenericKubernetesResource with(
      GenericKubernetesResource object, Object value, String... path) {
    Tree.put(object.getAdditionalProperties(), value, path);
    return object;
  }

  /** Validates a plan as hosts do. */
  List<Concern> validate(MigrationPlan plan) {
    try (MigrationRunner runner = runner()) {
      return runner.validate(plan);
    }
  }

  MigrationRunner runner() {
    return MigrationRunner.builder()
        .registry(
            MigratorRegistry.of(
                new KubeVirtProvider((plan, sides, context) -> ClusterView.direct(sides))))
        .store(new InMemoryStatusStore())
        .clock(clock)
        .listener(events::add)
        .connection("east", KubernetesClient.class, clusters.client(Side.SOURCE))
        .connection("west", KubernetesClient.class, clusters.client(Side.TARGET))
        .build();
  }

  private Resource<GenericKubernetesResource> at(Side side, GenericKubernetesResource object) {
    Kind kind = Kind.of(object.getApiVersion(), object.getKind());
    var all = clusters.actorClient(side).genericKubernetesResources(kind.context());
    return kind.namespaced()
        ? all.inNamespace(object.getMetadata().getNamespace()).resource(object)
        : all.resource(object);
  }

  /** A map that can be changed. */
  static Map<String, Object> map(Object... entries) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      made.put(entries[i].toString(), entries[i + 1]);
    }
    return made;
  }

  @Override
  public void close() {
    clusters.close();
  }
}
