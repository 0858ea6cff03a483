package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kubernetes' scheduler for launcher pods: node selectors and claims, nothing more. */
public final class Scheduler implements Actor {
  private final Site site;
  private boolean throughBinding;

  /** The scheduler of a cluster. */
  public Scheduler(Site site) {
    this.site = site;
  }

  @Override
  public void tick() {
    site.each(
        Kind.POD,
        pod -> {
          if (Pods.isServed(pod) && pod.text("spec.nodeName").isEmpty() && !pod.deleting()) {
            place(pod);
          }
        });
  }

  private void place(Thing pod) {
    String obstacle = obstacle(pod);
    List<NodeSpec> fitting = fitting(pod);
    if (obstacle.isEmpty() && fitting.isEmpty()) {
      int nodes = site.world().nodes().size();
      obstacle =
          "0/%d nodes are available: %d node(s) didn't match Pod's node affinity/selector."
              .formatted(nodes, nodes);
    }
    fitting = fitting.stream().filter(node -> room(node) >= memory(pod)).toList();
    if (obstacle.isEmpty() && fitting.isEmpty()) {
      int nodes = site.world().nodes().size();
      obstacle = "0/%d nodes are available: %d Insufficient memory.".formatted(nodes, nodes);
    }
    if (!obstacle.isEmpty()) {
      Thing copy = pod.copy();
      Map<String, Object> said = Conditions.find(copy, "PodScheduled");
      if (said != null && !obstacle.equals(said.get("message"))) {
        Conditions.remove(copy, "PodScheduled"); // unlike KubeVirt's, its words follow the facts
      }
      Conditions.set(copy, "PodScheduled", "False", "Unschedulable", obstacle, site.now());
      if (!copy.same(pod)) {
        site.store().replaceStatus(Kind.POD, copy);
        site.event(pod, "Warning", "FailedScheduling", obstacle);
      }
      return;
    }
    bind(pod, fitting.get(site.random().nextInt(fitting.size())).name());
  }

  private String obstacle(Thing pod) {
    if (site.world().holds(Switch.POD_UNSCHEDULABLE, pod.namespace(), Pods.vm(pod))) {
      return "0/2 nodes are available: 2 Insufficient memory.";
    }
    for (Map<String, Object> volume : pod.maps("spec.volumes")) {
      String name = Json.text(volume, "persistentVolumeClaim.claimName");
      if (name.isEmpty()) {
        continue;
      }
      Thing claim = site.store().find(Kind.CLAIM, pod.namespace(), name);
      if (claim == null) {
        return "0/2 nodes are available: persistentvolumeclaim \"" + name + "\" not found.";
      }
      boolean later = site.world().storageOf(claim.text("spec.storageClassName")).firstConsumer();
      if (!later && !"Bound".equals(claim.text("status.phase"))) {
        return "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
      }
    }
    return "";
  }

  private long room(NodeSpec node) {
    long room = Sizes.bytes(node.memory());
    for (Thing pod : site.store().all(Kind.POD)) {
      String phase = Pods.phase(pod);
      boolean over = phase.equals("Succeeded") || phase.equals("Failed");
      if (!over && pod.text("spec.nodeName").equals(node.name())) {
        room -= memory(pod);
      }
    }
    return room;
  }

  private static long memory(Thing pod) {
    long sum = 0;
    for (Map<String, Object> container : pod.maps("spec.containers")) {
      sum += Sizes.bytes(Json.text(container, "resources.requests.memory"));
    }
    return sum;
  }

  private List<NodeSpec> fitting(Thing pod) {
    List<NodeSpec> fitting = new ArrayList<>();
    for (NodeSpec node : site.world().nodes()) {
      boolean matches = true;
      for (Map.Entry<String, Object> wanted : pod.map("spec.nodeSelector").entrySet()) {
        matches &= String.valueOf(wanted.getValue()).equals(node.labels().get(wanted.getKey()));
      }
      if (matches) {
        fitting.add(node);
      }
    }
    return fitting;
  }

  private void bind(Thing pod, String node) {
    if (!throughBinding) {
      try {
        site.store().replace(Kind.POD, pod.copy().set("spec.nodeName", node));
        return;
      } catch (DeniedException e) {
        throughBinding = true; // a real API server lets only a Binding choose the node
      }
    }
    Binding binding =
        new BindingBuilder()
            .withNewMetadata()
            .withName(pod.name())
            .withNamespace(pod.namespace())
            .endMetadata()
            .withNewTarget()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(node)
            .endTarget()
            .build();
    site.store().client().bindings().inNamespace(pod.namespace()).resource(binding).create();
    site.store().refetch(Kind.POD, pod);
  }
}
