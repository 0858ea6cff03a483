package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Denials;
import dev.migrator.testkit.kubevirt.machine.DeniedException;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.machine.Vmis;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** KubeVirt's VMI controller: a VMI's phase before virt-handler takes over, its pods, its end. */
public final class VmiController implements Actor {
  private final Site site;
  private final VmiPodStatus podStatus;
  private final Denials denials;

  /** The VMI controller of a cluster. */
  public VmiController(Site site) {
    this.site = site;
    this.podStatus = new VmiPodStatus(site);
    this.denials = new Denials(site);
  }

  @Override
  public void tick() {
    site.each(Kind.VMI, this::reconcile);
  }

  private void reconcile(Thing vmi) {
    Thing copy = vmi.copy();
    if (vmi.deleting() || Vmis.isFinal(vmi)) {
      end(vmi);
    }
    List<Thing> pods = LauncherPods.of(site, vmi);
    Thing pod = current(pods);
    boolean leaves = vmi.deleting() && pods.isEmpty() && VmController.leavesAtOnce(vmi);
    if (leaves) {
      if (halvesLeft(vmi, true)) {
        return;
      }
      release(vmi, copy);
    } else {
      if (!vmi.deleting()) {
        create(vmi, pods);
      }
      advance(copy, pod);
      podStatus.show(copy, pod, pods);
      if (Vmis.isFinal(vmi) && pods.isEmpty() && !halvesLeft(vmi, false)) {
        copy.finalizer(site.version().podsFinalizer(), false);
      }
    }
    if (!copy.same(vmi)) {
      site.store().replace(Kind.VMI, copy);
      labelPod(copy, pod);
    }
  }

  private void advance(Thing copy, @Nullable Thing pod) {
    switch (Vmis.phase(copy)) {
      case "", "Pending" -> pending(copy, pod);
      case "WaitingForSync" -> waiting(copy, pod);
      case "Scheduling" -> scheduling(copy, pod);
      case "Scheduled" -> scheduled(copy, pod);
      case "Running" -> running(copy, pod);
      default -> {
        // Succeeded and Failed are final; Unknown is virt-handler's
      }
    }
  }

  /** A VMI that ends loses its pods. */
  private void end(Thing vmi) {
    List<Thing> pods = LauncherPods.of(site, vmi);
    boolean running = "Running".equals(Vmis.phase(vmi)) && !Vmis.isSource(vmi);
    if (running && pods.stream().anyMatch(pod -> !LauncherPods.isDown(pod))) {
      return; // virt-handler shuts the guest down first
    }
    for (Thing pod : pods) {
      AttachmentPods.of(site, pod).stream()
          .filter(attachment -> !attachment.deleting())
          .forEach(attachment -> site.store().delete(Kind.POD, attachment));
      if (!pod.deleting() && (vmi.deleting() || !LauncherPods.ended(pod))) {
        site.store().delete(Kind.POD, pod);
      }
    }
  }

  /** Real controllers have cleaned up a final half before its VMI is gone; so have these. */
  private boolean halvesLeft(Thing vmi, boolean onlyFinal) {
    for (Thing half : Migrations.all(site)) {
      if (half.namespace().equals(vmi.namespace())
          && half.text("spec.vmiName").equals(vmi.name())
          && (!onlyFinal || Migrations.isFinal(half))
          && half.meta().getFinalizers() != null
          && !half.meta().getFinalizers().isEmpty()
          && Migrations.known(half, vmi)) {
        return true;
      }
    }
    return false;
  }

  /** Nothing of it runs any more: it may go. */
  private void release(Thing vmi, Thing copy) {
    copy.finalizer(site.version().podsFinalizer(), false);
    if ("WaitingForSync".equals(Vmis.phase(vmi))) {
      copy.finalizer(Vmis.VM_FINALIZER, false);
    }
  }

  /** The launcher of a VMI that boots. */
  private void create(Thing vmi, List<Thing> pods) {
    if ("Running".equals(Vmis.phase(vmi))) {
      pods.forEach(pod -> AttachmentPods.ensure(site, vmi, pod, ""));
    }
    boolean boots = "Pending".equals(Vmis.phase(vmi)) || Vmis.phase(vmi).isEmpty();
    if (!boots
        || Vmis.isReceiver(vmi)
        || !pods.isEmpty()
        || !claimsReady(vmi)
        || denials.waits(vmi)) {
      return;
    }
    Thing pod = LauncherPods.render(site, vmi, "", Map.of());
    try {
      BackendStorage.ensure(site, vmi);
      site.store().create(Kind.POD, pod);
      site.event(vmi, "Normal", "SuccessfulCreate", "Created virtual machine pod " + pod.name());
    } catch (DeniedException e) {
      denials.note(vmi, e);
      site.event(vmi, "Warning", "FailedCreate", "Error creating pod: " + e.getMessage());
    }
  }

  private boolean claimsReady(Thing vmi) {
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String claim = Vmis.claimOf(volume);
      if (claim.isEmpty()) {
        continue;
      }
      if (site.store().find(Kind.CLAIM, vmi.namespace(), claim) == null) {
        Thing copy = vmi.copy();
        missing(copy, claim);
        if (!copy.same(vmi)) {
          site.store().replace(Kind.VMI, copy);
        }
        return false;
      }
      Thing data = site.store().find(Kind.DATA_VOLUME, vmi.namespace(), claim);
      String phase = data == null ? "Succeeded" : data.text("status.phase");
      if (!List.of("Succeeded", "PendingPopulation", "WaitForFirstConsumer").contains(phase)) {
        return false;
      }
    }
    return true;
  }

  private void missing(Thing copy, String claim) {
    Conditions.set(
        copy,
        "Synchronized",
        "False",
        "FailedPvcNotFound",
        "PVC " + copy.namespace() + "/" + claim + " does not exist, waiting for it to appear",
        site.now());
  }

  /** The pod that matters: a receiver's youngest, as an ended one may lie beside it. */
  private static @Nullable Thing current(List<Thing> pods) {
    Thing best = null;
    for (Thing pod : pods) {
      boolean better = best == null || (LauncherPods.isDown(best) && !LauncherPods.isDown(pod));
      if (better) {
        best = pod;
      }
    }
    return best;
  }

  private void pending(Thing copy, @Nullable Thing pod) {
    if (copy.deleting()) {
      if (pod == null) {
        Vmis.enter(copy, "Failed", site.now());
      }
    } else if (Vmis.isReceiver(copy)) {
      if (copy.label(Vmis.TARGET_NODE_LABEL).isEmpty()) {
        Vmis.enter(copy, anyVolumeFailed(copy) ? "Failed" : "WaitingForSync", site.now());
        showMissing(copy);
      }
    } else if (pod != null) {
      Conditions.remove(copy, "Synchronized");
      Vmis.enter(copy, "Scheduling", site.now());
    }
  }

  private boolean anyVolumeFailed(Thing vmi) {
    for (Map<String, Object> volume : vmi.maps("spec.volumes")) {
      String name = Json.text(volume, "dataVolume.name");
      Thing data =
          name.isEmpty() ? null : site.store().find(Kind.DATA_VOLUME, vmi.namespace(), name);
      if (data != null && "Failed".equals(data.text("status.phase"))) {
        return true;
      }
    }
    return false;
  }

  private void showMissing(Thing copy) {
    String missing = "";
    for (Map<String, Object> volume : copy.maps("spec.volumes")) {
      String claim = Vmis.claimOf(volume);
      if (!claim.isEmpty() && site.store().find(Kind.CLAIM, copy.namespace(), claim) == null) {
        missing = claim;
      }
    }
    if (missing.isEmpty()) {
      Conditions.remove(copy, "Synchronized");
    } else {
      missing(copy, missing);
    }
  }

  private void waiting(Thing copy, @Nullable Thing pod) {
    showMissing(copy);
    if (pod != null && !LauncherPods.isDown(pod) && !Vmis.flag(copy, "failed")) {
      Vmis.enter(copy, "Scheduling", site.now());
    }
  }

  private void scheduling(Thing copy, @Nullable Thing pod) {
    if (pod == null || LauncherPods.isDown(pod) || Vmis.flag(copy, "failed")) {
      lostBeforeRunning(copy, site.version().receiverSurvivesEarlyLoss());
    } else if (LauncherPods.isReady(pod)) {
      podStatus.started(copy, pod);
      Vmis.enter(copy, "Scheduled", site.now());
    }
  }

  private void scheduled(Thing copy, @Nullable Thing pod) {
    boolean fine = pod != null && !LauncherPods.isDown(pod) && !Vmis.flag(copy, "failed");
    boolean patient =
        pod != null && Vmis.isReceiver(copy) && !site.version().receiverWaitsAgainAtOnce();
    if (fine || patient) {
      return;
    }
    if (Vmis.isReceiver(copy)) {
      if (copy.has(Vmis.STATE) && !copy.deleting()) {
        copy.set(Vmis.STATE + ".failed", true).set(Vmis.STATE + ".completed", true);
        if (Vmis.state(copy, "endTimestamp").isEmpty()) {
          copy.set(Vmis.STATE + ".endTimestamp", site.now());
        }
      }
    }
    lostBeforeRunning(copy, true);
  }

  private void lostBeforeRunning(Thing copy, boolean waitsAgain) {
    boolean again = Vmis.isReceiver(copy) && waitsAgain;
    Vmis.enter(copy, again ? "WaitingForSync" : "Failed", site.now());
  }

  private void running(Thing copy, @Nullable Thing pod) {
    if (pod == null) {
      Vmis.enter(copy, "Failed", site.now());
    } else if ("Succeeded".equals(pod.text("status.phase"))
        && Vmis.isDecentralized(copy)
        && Vmis.isCompleted(copy)) {
      Vmis.enter(copy, "Succeeded", site.now());
    }
  }

  private void labelPod(Thing vmi, @Nullable Thing pod) {
    String node = vmi.label(Vmis.NODE_LABEL);
    if (pod == null || node.isEmpty() || !pod.label(Vmis.NODE_LABEL).isEmpty()) {
      return;
    }
    Thing fresh = site.store().find(Kind.POD, pod.namespace(), pod.name());
    if (fresh != null && "Scheduled".equals(Vmis.phase(vmi))) {
      site.store().replace(Kind.POD, fresh.copy().label(Vmis.NODE_LABEL, node));
    }
  }
}
