/** What the runner costs, beside the least that it could cost. */
@NullMarked
package dev.migrator.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
