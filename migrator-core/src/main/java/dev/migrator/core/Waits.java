package dev.migrator.core;

import dev.migrator.model.Progress;
import dev.migrator.model.Waiting;
import dev.migrator.spi.PhaseOutcome.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The arithmetic of waits: since when, how late, when to look again; pure. */
final class Waits {

  private Waits() {}

  /** Whether nothing can make a wait late. */
  static boolean isEndless(Await await) {
    return await.deadline() == null && await.stall() == null;
  }

  /** Goes on with a wait of the same name, or begins one. */
  static Waiting begin(@Nullable Waiting old, Await await, Instant now) {
    if (old == null || !old.name().equals(await.name())) {
      return new Waiting(await.name(), await.reason(), now, await.progress(), now);
    }
    // Progress that cannot be told is no progress, and no step back either.
    Progress progress = await.progress() == null ? old.progress() : await.progress();
    boolean moved = !Objects.equals(progress, old.progress());
    return new Waiting(
        old.name(), await.reason(), old.since(), progress, moved ? now : old.progressed());
  }

  /**
   * Lets no time pass for a wait while nobody can look: it outlasts the outage of an API server,
   * which is bounded by the budget of retries.
   */
  static @Nullable Waiting suspend(@Nullable Waiting old, Duration pause) {
    return old == null
        ? null
        : new Waiting(
            old.name(),
            old.reason(),
            old.since().plus(pause),
            old.progress(),
            old.progressed().plus(pause));
  }

  /** What a person should read when a deadline has passed, or null while none has. */
  static @Nullable String late(Waiting waiting, Await await, Instant now) {
    if (isOver(waiting.since(), await.deadline(), now)) {
      return await.reason()
          + " (waited "
          + Texts.duration(waiting.since(), now)
          + " for '"
          + await.name()
          + "')";
    }
    if (isOver(waiting.progressed(), await.stall(), now)) {
      return await.reason()
          + " (no progress of '"
          + await.name()
          + "' for "
          + Texts.duration(waiting.progressed(), now)
          + ")";
    }
    return null;
  }

  /** When to look again: no later than a deadline passes. */
  static Instant due(Waiting waiting, Await await, Instant now) {
    Instant due = now.plus(await.recheck());
    if (await.deadline() != null) {
      due = earlier(due, waiting.since().plus(await.deadline()));
    }
    if (await.stall() != null) {
      due = earlier(due, waiting.progressed().plus(await.stall()));
    }
    return due;
  }

  private static boolean isOver(Instant since, @Nullable Duration limit, Instant now) {
    return limit != null && Duration.between(since, now).compareTo(limit) >= 0;
  }

  static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
