package dev.migrator.core;

import dev.migrator.model.VmStatus;
import java.util.List;

/**
 * What became of a status.
 *
 * @param status the next one, under the version of the one that it came from
 * @param events what to tell once it is saved
 * @param news what in it is new
 */
record Transition(VmStatus status, List<MigrationEvent> events, News news) {

  /** How much there is to save. */
  enum News {
    /** Nothing but when to look again: not saved. */
    NONE,
    /** How a wait goes, for people: saved once a second at most, as nothing depends on it. */
    WORDS,
    /** What a restart has to know: saved before anything else is done. */
    STATE
  }
}
