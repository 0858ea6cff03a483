package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading and editing a VirtualMachine as KubeVirt's VM controller does. */
final class Vms {
  static final String FINALIZER = "kubevirt.io/virtualMachineControllerFinalize";
  static final String RESTORE_ANNOTATION = "kubevirt.io/restore-run-strategy";
  static final String RECEIVER = "WaitAsReceiver";
  static final String ALWAYS = "Always";
  static final String HALTED = "Halted";
  static final List<String> STRATEGIES =
      List.of(ALWAYS, HALTED, "Manual", "RerunOnFailure", "Once", RECEIVER);

  private static final String REQUESTS = "status.stateChangeRequests";

  private Vms() {}

  /** The run strategy in force: the field, or what the deprecated boolean means. */
  static String strategy(Thing vm) {
    String strategy = vm.text("spec.runStrategy");
    if (!strategy.isEmpty()) {
      return strategy;
    }
    return vm.truth("spec.running") ? ALWAYS : HALTED;
  }

  /** Whether somebody asked, through a subresource, for the VM to be started. */
  static boolean startRequested(Thing vm) {
    return Json.find(vm.maps(REQUESTS), "action", "Start") != null;
  }

  /** Whether somebody asked, through a subresource, for this very VMI to be stopped. */
  static boolean stopRequested(Thing vm, Thing vmi) {
    Map<String, Object> request = Json.find(vm.maps(REQUESTS), "action", "Stop");
    return request != null && vmi.uid().equals(request.get("uid"));
  }

  /** Adds a request to a copy's status. */
  static void request(Thing copy, String action, String uid) {
    List<Map<String, Object>> list = new ArrayList<>(copy.maps(REQUESTS));
    list.add(Json.object("action", action, "uid", uid.isEmpty() ? null : uid));
    copy.set(REQUESTS, list);
  }

  /** Takes the requests of one kind off a copy's status. */
  static void clearRequests(Thing copy, String action) {
    List<Map<String, Object>> list = new ArrayList<>(copy.maps(REQUESTS));
    list.removeIf(request -> action.equals(request.get("action")));
    copy.set(REQUESTS, list.isEmpty() ? null : list);
  }
}
