/**
 * What the simulator's actors are made of: a view of one cluster, its objects, timers, and the
 * wires between clusters.
 */
@NullMarked
package dev.migrator.testkit.kubevirt.machine;

import org.jspecify.annotations.NullMarked;
