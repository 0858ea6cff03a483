/**
 * The actors that stand for KubeVirt's own controllers: operator, admission, VM, VMI, migration and
 * synchronization.
 */
@NullMarked
package dev.migrator.testkit.kubevirt.controller;

import org.jspecify.annotations.NullMarked;
