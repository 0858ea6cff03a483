package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kubelets of all nodes, for launcher pods: they start, they wait for what is missing, end. */
public final class Kubelet implements Actor {
  private static final int POD_ADDRESSES = 250;

  private final Site site;
  private final Map<String, String> addresses = new HashMap<>();

  /** The kubelets of a cluster. */
  public Kubelet(Site site) {
    this.site = site;
  }

  @Override
  public void tick() {
    site.each(
        Kind.POD,
        pod -> {
          if (Pods.isServed(pod) && !pod.text("spec.nodeName").isEmpty()) {
            look(pod);
          }
        });
  }

  private void look(Thing pod) {
    String phase = Pods.phase(pod);
    if (pod.deleting()) {
      if (holds(Switch.POD_STUCK, pod)) {
        return;
      }
      if ("Running".equals(phase)) {
        Pods.end(site, pod, "Succeeded");
      }
      site.store().delete(Kind.POD, pod, 0);
    } else if (phase.isEmpty() || "Pending".equals(phase)) {
      start(pod);
    }
  }

  private boolean holds(Switch which, Thing pod) {
    return site.world().holds(which, pod.namespace(), Pods.vm(pod));
  }

  private void start(Thing pod) {
    if (holds(Switch.IMAGE_MISSING, pod)) {
      pulling(pod);
      return;
    }
    if (holds(Switch.POD_PENDING, pod)
        || unmounted(pod)
        || !site.elapsed(pod, "ready", site.world().timing().podReady())) {
      return;
    }
    String address = address(pod);
    Thing copy = PodNetworks.announced(site, pod, address).copy();
    String now = site.now();
    List<Map<String, Object>> conditions = new ArrayList<>();
    for (String type :
        List.of(
            "PodReadyToStartContainers",
            "Initialized",
            "ContainersReady",
            "Ready",
            "PodScheduled")) {
      conditions.add(Json.object("type", type, "status", "True", "lastTransitionTime", now));
    }
    copy.set("status.phase", "Running")
        .set("status.hostIP", nodeAddress(site, pod.text("spec.nodeName")))
        .set("status.podIP", address)
        .set("status.podIPs", List.of(Json.object("ip", address)))
        .set("status.startTime", now)
        .set("status.conditions", conditions)
        .set("status.containerStatuses", containers(pod.maps("spec.containers"), now))
        .set("status.initContainerStatuses", initContainers(pod, now));
    site.store().replaceStatus(Kind.POD, copy);
  }

  private @Nullable List<Map<String, Object>> initContainers(Thing pod, String now) {
    List<Map<String, Object>> all = pod.maps("spec.initContainers");
    if (all.isEmpty()) {
      return null;
    }
    List<Map<String, Object>> statuses = containers(all, now);
    for (int i = 0; i < all.size(); i++) {
      if (!"Always".equals(all.get(i).get("restartPolicy"))) { // a sidecar goes on running
        Map<String, Object> ended =
            Json.object("exitCode", 0, "reason", "Completed", "startedAt", now, "finishedAt", now);
        statuses.get(i).put("started", false);
        statuses.get(i).put("state", Json.object("terminated", ended));
      }
    }
    return statuses;
  }

  private List<Map<String, Object>> containers(List<Map<String, Object>> all, String now) {
    List<Map<String, Object>> statuses = new ArrayList<>();
    for (Map<String, Object> container : all) {
      String image = Json.text(container, "image");
      statuses.add(
          Json.object(
              "name",
              container.get("name"),
              "image",
              image,
              "imageID",
              image.replaceFirst("[:@][^/]*$", "") + "@" + site.world().digestOf(image),
              "ready",
              true,
              "started",
              true,
              "restartCount",
              0,
              "state",
              Json.object("running", Json.object("startedAt", now))));
    }
    return statuses;
  }

  private void pulling(Thing pod) {
    if (!pod.maps("status.containerStatuses").isEmpty()) {
      return;
    }
    List<Map<String, Object>> statuses =
        Pods.notReady(pod, "waiting", Json.object("reason", "ErrImagePull"));
    site.store().replaceStatus(Kind.POD, pod.copy().set("status.containerStatuses", statuses));
    site.event(pod, "Warning", "Failed", "Error: ErrImagePull");
  }

  /** A Secret, ConfigMap or network that is not there keeps the pod in ContainerCreating. */
  private boolean unmounted(Thing pod) {
    for (Map<String, Object> volume : pod.maps("spec.volumes")) {
      if (missing(pod, volume, Kind.SECRET, "secret.secretName")
          || missing(pod, volume, Kind.CONFIG_MAP, "configMap.name")) {
        return true;
      }
      String claim = Json.text(volume, "persistentVolumeClaim.claimName");
      Thing known = claim.isEmpty() ? null : site.store().find(Kind.CLAIM, pod.namespace(), claim);
      if (!claim.isEmpty() && (known == null || !"Bound".equals(known.text("status.phase")))) {
        return true;
      }
    }
    return accountMissing(pod) || PodNetworks.missing(site, pod);
  }

  private boolean accountMissing(Thing pod) {
    String name = pod.text("spec.serviceAccountName");
    if (name.isEmpty()
        || name.equals("default")
        || site.store().fetch(Kind.SERVICE_ACCOUNT, pod.namespace(), name) != null) {
      return false;
    }
    site.event(pod, "Warning", "FailedMount", "serviceaccount \"" + name + "\" not found");
    return true;
  }

  private boolean missing(Thing pod, Map<String, Object> volume, Kind kind, String path) {
    String name = Json.text(volume, path);
    String optional = Json.text(volume, path.substring(0, path.indexOf('.')) + ".optional");
    if (name.isEmpty()
        || Boolean.parseBoolean(optional)
        || site.store().fetch(kind, pod.namespace(), name) != null) {
      return false;
    }
    site.event(
        pod,
        "Warning",
        "FailedMount",
        "MountVolume.SetUp failed for volume \"%s\" : %s \"%s\" not found"
            .formatted(
                Json.text(volume, "name"), kind == Kind.SECRET ? "secret" : "configmap", name));
    return true;
  }

  private String address(Thing pod) {
    String network = site.world().network();
    String base = network.substring(0, network.lastIndexOf('.') + 1);
    int third = Integer.parseInt(network.substring(network.lastIndexOf('.') + 1));
    return addresses.computeIfAbsent(
        pod.uid(), unused -> base + (third + 10) + "." + (addresses.size() % POD_ADDRESSES + 1));
  }

  /** The address of a node: the cluster's network and the node's place in it. */
  static String nodeAddress(Site site, String node) {
    List<String> names = site.world().nodes().stream().map(NodeSpec::name).toList();
    return site.world().network() + "." + (101 + Math.max(0, names.indexOf(node)));
  }
}
