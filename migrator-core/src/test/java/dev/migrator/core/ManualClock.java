package dev.migrator.core;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told to go on. */
final class ManualClock extends Clock {

  static final Instant START = Instant.parse("2031-05-04T10:00:00Z");

  private volatile Instant now = START;

  void advance(Duration by) {
    now = now.plus(by);
  }

  void advanceTo(Instant to) {
    if (to.isAfter(now)) {
      now = to;
    }
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
