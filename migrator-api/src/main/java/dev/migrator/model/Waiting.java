package dev.migrator.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a phase waits for, and since when; kept in the status so that no restart loses a deadline.
 *
 * @param name what is waited for, as a stable identifier; another name starts the time anew
 * @param reason a sentence for people
 * @param since when the wait by this name began, put off by as long as nobody could look because a
 *     cluster did not answer; so it may lie ahead until the next try
 * @param progress how far it has come, or null
 * @param progressed when the progress changed last
 */
public record Waiting(
    String name, String reason, Instant since, @Nullable Progress progress, Instant progressed) {

  public Waiting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(progressed, "progressed");
  }
}
