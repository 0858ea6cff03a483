/**
 * The facts of a migration: what is to be moved, where one virtual machine stands, what was found.
 *
 * <p>Records and enums only; nothing in here does I/O, knows a clock or refers to {@code
 * dev.migrator.spi}. Every type is immutable and safe to share between threads. No component ever
 * holds the value of a secret.
 */
@NullMarked
package dev.migrator.model;

import org.jspecify.annotations.NullMarked;
