package dev.migrator.testkit.kubevirt.machine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What takes time in the simulated world: an actor asks whether a delay, counted from the first
 * time it asked, has passed.
 *
 * <p>Nothing is scheduled; {@link #nextDue} tells the driver of the simulator when asking again is
 * worthwhile. Not thread-safe.
 */
public final class Timers {
  private final Clock clock;
  private final Map<String, Instant> begun = new HashMap<>();
  private final Map<String, Instant> pending = new HashMap<>();

  /** Timers by that clock. */
  public Timers(Clock clock) {
    this.clock = clock;
  }

  /** The present instant of the simulated world. */
  public Instant now() {
    return clock.instant();
  }

  /** Whether the delay has passed since this key was first asked for. */
  public boolean elapsed(String key, Duration delay) {
    Instant due = begun(key).plus(delay);
    if (due.isAfter(now())) {
      pending.put(key, due);
      return false;
    }
    pending.remove(key);
    return true;
  }

  /** When this key was first asked for: now, if that was never. */
  public Instant begun(String key) {
    return begun.computeIfAbsent(key, unused -> now());
  }

  /** Starts the key's count anew at the next question. */
  public void forget(String key) {
    begun.remove(key);
    pending.remove(key);
  }

  /** Forgets all that was counted for an object that is gone (keys that begin with its uid). */
  public void forgetAll(String prefix) {
    begun.keySet().removeIf(key -> key.startsWith(prefix));
    pending.keySet().removeIf(key -> key.startsWith(prefix));
  }

  /** Called before every settling: only delays that are asked for again stay pending. */
  public void beginSettling() {
    pending.clear();
  }

  /** The earliest instant at which a delay that somebody waits for has passed. */
  public Optional<Instant> nextDue() {
    return pending.values().stream().min(Instant::compareTo);
  }
}
