/** The README's program, and the demo that moves a virtual machine before your eyes. */
@NullMarked
package dev.migrator.examples.quickstart;

import org.jspecify.annotations.NullMarked;
