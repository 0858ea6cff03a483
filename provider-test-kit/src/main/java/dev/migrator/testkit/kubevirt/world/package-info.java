/** What a test may decide about the simulated world: timing, storage, nodes, disturbances. */
@NullMarked
package dev.migrator.testkit.kubevirt.world;

import org.jspecify.annotations.NullMarked;
