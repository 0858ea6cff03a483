package dev.migrator.core;

import dev.migrator.model.VmStatus;
import java.util.List;

/**
 * What became of a status.
 *
 * @param status the next one, under the version of the one that it came from
 * @param events what to tell once it is saved
 * @param worthSaving whether it differs in more than when to look again
 */
record Transition(VmStatus status, List<MigrationEvent> events, boolean worthSaving) {}
