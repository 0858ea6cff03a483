package dev.migrator.core;

import java.time.Duration;
import java.time.Instant;

/** Words for people. */
final class Texts {

  private Texts() {}

  /** How long it is between two instants, such as {@code 2 min 30 s}. */
  static String duration(Instant from, Instant to) {
    return words(Duration.between(from, to));
  }

  /** How long it is, such as {@code 2 min 30 s}. */
  static String words(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), " h");
    append(text, duration.toMinutesPart(), " min");
    append(text, duration.toSecondsPart(), " s");
    return text.length() == 0 ? duration.toMillis() + " ms" : text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(text.length() == 0 ? "" : " ").append(amount).append(unit);
    }
  }
}
