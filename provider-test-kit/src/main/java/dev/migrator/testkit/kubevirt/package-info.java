/** Two clusters and KubeVirt as actors, each of which can be left out for the real one. */
@NullMarked
package dev.migrator.testkit.kubevirt;

import org.jspecify.annotations.NullMarked;
