/**
 * The actors that stand for nodes: scheduler, kubelet, virt-handler, volumes; they serve real
 * KubeVirt too.
 */
@NullMarked
package dev.migrator.testkit.kubevirt.node;

import org.jspecify.annotations.NullMarked;
