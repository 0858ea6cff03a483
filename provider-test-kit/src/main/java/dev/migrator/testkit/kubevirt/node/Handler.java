package dev.migrator.testkit.kubevirt.node;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * virt-handler and the launchers of all nodes (contract 2.4): boots guests, moves them, ends them.
 */
public final class Handler implements Actor {
  private final Site site;
  private final Wires wires;
  private final HandlerWriter writer;
  private final SourceEnd source;
  private final TargetEnd target;

  /** The handlers of a cluster. */
  public Handler(Site site, Wires wires, HandlerWriter writer) {
    this.site = site;
    this.wires = wires;
    this.writer = writer;
    this.source = new SourceEnd(site, wires);
    this.target = new TargetEnd(site, wires);
  }

  @Override
  public void tick() {
    Set<String> nodes =
        site.world().nodes().stream().map(NodeSpec::name).collect(Collectors.toUnmodifiableSet());
    site.each(
        Kind.VMI,
        vmi -> {
          endMovedLauncher(vmi, nodes);
          Thing copy = vmi.copy();
          String node = turn(copy, nodes);
          if (!node.isEmpty() && !copy.same(vmi)) {
            writer.write(copy, node);
          }
        });
  }

  /** Makes the next move on the copy; answers the node that makes it, or nothing. */
  private String turn(Thing copy, Set<String> nodes) {
    String node = copy.text("status.nodeName");
    String targetNode = copy.label(Vmis.TARGET_NODE_LABEL);
    String phase = Vmis.phase(copy);
    boolean here = nodes.contains(node);
    boolean atSource = Vmis.state(copy, "sourceNode").equals(node);
    if (copy.deleting()) {
      if (here && phase.equals("Running") && !Vmis.isSource(copy)) {
        Vmis.enter(copy, "Succeeded", site.now());
        return node;
      }
      return "";
    }
    if (phase.equals("Failed")
        && Vmis.isDecentralized(copy)
        && Vmis.isSource(copy)
        && atSource
        && !Vmis.isCompleted(copy)) {
      copy.set(Vmis.STATE + ".failed", true).set(Vmis.STATE + ".completed", true);
      return node;
    }
    if (nodes.contains(targetNode)) {
      return target.turn(copy, targetNode) ? targetNode : "";
    }
    if (here && phase.equals("Scheduled") && !Vmis.isReceiver(copy)) {
      Guests.running(site, copy);
      return node;
    }
    if (here && phase.equals("Running") && atSource) {
      return source.turn(copy) ? node : "";
    }
    if (here && phase.equals("Running") && !Vmis.isSource(copy)) {
      return ended(copy) ? node : "";
    }
    return "";
  }

  /** A guest whose launcher has ended, outside of any move, has ended itself. */
  private boolean ended(Thing copy) {
    String last = "";
    for (Thing pod : site.store().all(Kind.POD)) {
      if (pod.label(Vmis.CREATED_BY_LABEL).equals(copy.uid())
          && pod.text("spec.nodeName").equals(copy.text("status.nodeName"))) {
        last = Pods.phase(pod);
        if (last.equals("Running") || last.equals("Pending")) {
          return false;
        }
      }
    }
    if (!last.equals("Succeeded") && !last.equals("Failed")) {
      return false;
    }
    Vmis.enter(copy, last, site.now());
    return true;
  }

  /** The launcher of a guest that runs elsewhere ends by itself. */
  private void endMovedLauncher(Thing vmi, Set<String> nodes) {
    String node = vmi.text("status.nodeName");
    boolean left =
        "Running".equals(Vmis.phase(vmi))
            && nodes.contains(node)
            && Vmis.state(vmi, "sourceNode").equals(node)
            && !Vmis.state(vmi, "targetState.syncAddress").isEmpty()
            && Vmis.state(vmi, "sourceState.virtualMachineInstanceUID").equals(vmi.uid());
    if (!left || site.holds(Switch.SOURCE_POD_STAYS, vmi)) {
      return;
    }
    boolean moved = wires.movedAway(vmi) || (Vmis.isCompleted(vmi) && !Vmis.flag(vmi, "failed"));
    if (moved && site.elapsed(vmi, "launcher-exit", site.world().timing().launcherExit())) {
      Pods.running(site, vmi).forEach(pod -> Pods.end(site, pod, "Succeeded"));
    }
  }
}
