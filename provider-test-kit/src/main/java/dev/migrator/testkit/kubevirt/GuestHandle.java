package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One VM on one side, as the person in front of it, its node and its subresources see it: starts,
 * stops and restarts it, lets its guest end or its pods die.
 *
 * <p>Each method writes once to the API and returns; settle the simulator to see what follows.
 */
public final class GuestHandle {
  private final Site site;
  private final String namespace;
  private final String name;

  GuestHandle(Site site, String namespace, String name) {
    this.site = site;
    this.namespace = namespace;
    this.name = name;
  }

  private Thing vm() {
    Thing vm = site.store().fetch(Kind.VM, namespace, name);
    if (vm == null) {
      throw new IllegalStateException("There is no VM " + namespace + "/" + name);
    }
    return vm;
  }

  private @Nullable Thing vmi() {
    return site.store().fetch(Kind.VMI, namespace, name);
  }

  /** The VMI's phase, empty where there is none. */
  public String phase() {
    Thing vmi = vmi();
    return vmi == null ? "" : Vmis.phase(vmi);
  }

  /** Whether the VMI is Running and Ready. */
  public boolean isReady() {
    Thing vmi = vmi();
    return vmi != null
        && "Running".equals(Vmis.phase(vmi))
        && "True".equals(Conditions.status(vmi, "Ready"));
  }

  /** The start subresource. */
  public void start() {
    request(List.of(Json.object("action", "Start")));
  }

  /** The stop subresource: as KubeVirt does, Halted for Always, a request for Manual. */
  public void stop() {
    Thing vm = vm();
    Thing vmi = vmi();
    if ("Manual".equals(vm.text("spec.runStrategy")) && vmi != null) {
      request(List.of(Json.object("action", "Stop", "uid", vmi.uid())));
    } else if (!"WaitAsReceiver".equals(vm.text("spec.runStrategy"))) {
      site.store()
          .replace(Kind.VM, vm.copy().set("spec.running", null).set("spec.runStrategy", "Halted"));
    }
  }

  /** The restart subresource. */
  public void restart() {
    Thing vmi = vmi();
    if (vmi != null) {
      request(
          List.of(Json.object("action", "Stop", "uid", vmi.uid()), Json.object("action", "Start")));
    }
  }

  private void request(List<Map<String, Object>> requests) {
    Thing copy = vm().copy();
    List<Map<String, Object>> list = new ArrayList<>(copy.maps("status.stateChangeRequests"));
    list.addAll(requests);
    site.store().replaceStatus(Kind.VM, copy.set("status.stateChangeRequests", list));
  }

  /** The pause subresource: the guest stands still. */
  public void pause() {
    paused(true);
  }

  /** The unpause subresource. */
  public void unpause() {
    paused(false);
  }

  private void paused(boolean on) {
    Thing vmi = vmi();
    if (vmi == null) {
      throw new IllegalStateException("There is no instance of " + namespace + "/" + name);
    }
    Thing copy = vmi.copy();
    if (on) {
      Conditions.set(copy, "Paused", "True", "PausedByUser", "VMI was paused by user", site.now());
    } else {
      Conditions.remove(copy, "Paused");
    }
    site.store().replace(Kind.VMI, copy);
  }

  /** The guest shuts itself down: its launcher exits well. */
  public void shutDown() {
    end("Succeeded");
  }

  /** The guest crashes: its launcher exits badly and stays as Failed. */
  public void crash() {
    end("Failed");
  }

  private void end(String phase) {
    for (Thing pod : launchers()) {
      if ("Running".equals(pod.text("status.phase"))) {
        Thing copy = pod.copy();
        copy.set("status.phase", phase)
            .set(
                "status.conditions",
                List.of(Json.object("type", "Ready", "status", "False", "reason", "PodCompleted")));
        site.store().replaceStatus(Kind.POD, copy);
      }
    }
  }

  /** Deletes the VM's launcher pods, as a drained node does. */
  public void killPods() {
    launchers().forEach(pod -> site.store().delete(Kind.POD, pod));
  }

  /** The phases of the VM's launcher pods, in order of name. */
  public List<String> podPhases() {
    return launchers().stream().map(pod -> pod.text("status.phase")).toList();
  }

  private List<Thing> launchers() {
    return site.store().fetchAll(Kind.POD, namespace).stream()
        .filter(pod -> name.equals(pod.label("vm.kubevirt.io/name")))
        .toList();
  }
}
