/** What the programs of a terminal share: how they end, what signals mean to them, who may save. */
@NullMarked
package dev.migrator.examples.terminal;

import org.jspecify.annotations.NullMarked;
