/** Moves toy machines, each a ConfigMap, from one cluster to another while they are stopped. */
@NullMarked
package dev.migrator.examples.toybox;

import org.jspecify.annotations.NullMarked;
