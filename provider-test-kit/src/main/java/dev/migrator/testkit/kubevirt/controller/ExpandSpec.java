package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;

/** The expand-spec subresource: the VM with its instance type and preference applied. */
public final class ExpandSpec {
  private ExpandSpec() {}

  /**
   * Expands a VM; nothing is stored.
   *
   * @throws IllegalArgumentException when what it refers to cannot be found
   */
  public static Thing of(Site site, Thing vm) {
    Thing expanded = vm.copy();
    Thing scratch = Thing.create(Kind.VMI, vm.namespace(), vm.name());
    scratch.set("spec", Thing.copyOf(vm.map("spec.template.spec")));
    VmController.Failure failure = new Instancetypes(site).apply(vm, scratch);
    if (failure != null) {
      throw new IllegalArgumentException(failure.message());
    }
    expanded.set("spec.template.spec", scratch.at("spec"));
    return expanded.set("spec.instancetype", null).set("spec.preference", null);
  }
}
