/** The step runner: advances the machines of a plan, one saved status after the other. */
@NullMarked
package dev.migrator.core;

import org.jspecify.annotations.NullMarked;
