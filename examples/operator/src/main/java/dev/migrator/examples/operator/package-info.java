/** The runner inside a Java Operator SDK reconciler: turn, write the status, come back later. */
@NullMarked
package dev.migrator.examples.operator;

import org.jspecify.annotations.NullMarked;
