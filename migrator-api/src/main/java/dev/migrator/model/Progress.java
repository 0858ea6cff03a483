package dev.migrator.model;

import java.util.Objects;

/**
 * How far something has come.
 *
 * @param completed how much is done; never negative
 * @param total how much there is; at least {@code completed}
 * @param unit what is counted, such as {@code bytes} or {@code phases}
 */
public record Progress(long completed, long total, String unit) {

  public Progress {
    Objects.requireNonNull(unit, "unit");
    if (completed < 0 || total < completed) {
      throw new IllegalArgumentException(
          "Progress " + completed + " of " + total + " " + unit + " is impossible");
    }
  }
}
