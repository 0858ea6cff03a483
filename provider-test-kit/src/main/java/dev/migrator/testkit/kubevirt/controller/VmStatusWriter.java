package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.controller.VmController.Failure;
import dev.migrator.testkit.kubevirt.machine.Conditions;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a VM's status: mirrored conditions, printable status, flags (contract 1.1). */
final class VmStatusWriter {
  private static final Set<String> OWN = Set.of("Ready", "Failure", "RestartRequired");

  private final Site site;
  private final PrintableStatus printable;

  VmStatusWriter(Site site) {
    this.site = site;
    this.printable = new PrintableStatus(site);
  }

  void update(Thing vm, @Nullable Thing vmi, @Nullable Failure failure) {
    Thing copy = vm.copy();
    copy.set("status.created", vmi == null ? null : true);
    ready(copy, vmi);
    mirror(copy, vmi);
    failure(copy, failure);
    LiveUpdates.note(copy, vmi, site);
    copy.set("status.desiredGeneration", vm.meta().getGeneration());
    String strategy = Vms.strategy(vm);
    if (vmi != null || strategy.equals(Vms.HALTED) || strategy.equals("Manual")) {
      copy.set("status.observedGeneration", vm.meta().getGeneration());
      copy.set("status.runStrategy", strategy);
    }
    copy.set("status.printableStatus", printable.of(copy, vmi));
    if (!copy.same(vm)) {
      site.store().replaceStatus(Kind.VM, copy);
    }
  }

  private void ready(Thing copy, @Nullable Thing vmi) {
    Map<String, Object> source = vmi == null ? null : Conditions.find(vmi, "Ready");
    if (source == null) {
      Conditions.set(
          copy,
          "Ready",
          "False",
          vmi == null ? "VMINotExists" : "VMIConditionMissing",
          vmi == null ? "VMI does not exist" : "VMI is missing the Ready condition",
          site.now());
    } else {
      Conditions.put(copy, new LinkedHashMap<>(source));
    }
    copy.set("status.ready", "True".equals(Conditions.status(copy, "Ready")) ? true : null);
  }

  private static void mirror(Thing copy, @Nullable Thing vmi) {
    if (vmi == null) {
      return;
    }
    List<Map<String, Object>> theirs = vmi.maps("status.conditions");
    for (Map<String, Object> mine : new ArrayList<>(copy.maps("status.conditions"))) {
      String type = Json.text(mine, "type");
      if (!OWN.contains(type) && Json.find(theirs, "type", type) == null) {
        Conditions.remove(copy, type);
      }
    }
    for (Map<String, Object> condition : theirs) {
      if (!OWN.contains(Json.text(condition, "type"))) {
        Conditions.put(copy, new LinkedHashMap<>(condition));
      }
    }
  }

  private void failure(Thing copy, @Nullable Failure failure) {
    if (failure == null) {
      Conditions.remove(copy, "Failure");
    } else {
      Conditions.set(copy, "Failure", "True", failure.reason(), failure.message(), site.now());
    }
  }
}
