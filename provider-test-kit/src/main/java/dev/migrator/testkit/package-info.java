/** The test kit: what a provider author needs to prove a provider. */
@NullMarked
package dev.migrator.testkit;

import org.jspecify.annotations.NullMarked;
