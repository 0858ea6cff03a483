package dev.migrator.kubevirt;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads durations as people write them in Kubernetes: {@code 90s}, {@code 1h30m}, {@code PT5M}. */
final class Durations {

  private static final Pattern PART = Pattern.compile("(\\d{1,9})(h|m|s)");
  private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,9}[hms]){1,3}");

  private Durations() {}

  /** The duration, or empty when the text is none or is negative. */
  static Optional<Duration> parse(String text) {
    if (WHOLE.matcher(text).matches()) {
      return Optional.of(
          PART.matcher(text)
              .results()
              .map(part -> of(Long.parseLong(part.group(1)), part.group(2).charAt(0)))
              .reduce(Duration.ZERO, Duration::plus));
    }
    try {
      return Optional.of(Duration.parse(text)).filter(duration -> !duration.isNegative());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Duration of(long amount, char unit) {
    return switch (unit) {
      case 'h' -> Duration.ofHours(amount);
      case 'm' -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }
}
