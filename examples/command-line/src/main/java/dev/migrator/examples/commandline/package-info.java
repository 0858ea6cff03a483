/**
 * Moves virtual machines by plans in YAML files, from a terminal: validate, run, status, cancel.
 */
@NullMarked
package dev.migrator.examples.commandline;

import org.jspecify.annotations.NullMarked;
