package dev.migrator.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class ManualClockTest {

  private final ManualClock clock = new ManualClock();

  @Test
  void itStandsStillUntilItIsMoved() {
    assertThat(clock.instant()).isEqualTo(ManualClock.START).isEqualTo(clock.instant());
    assertThat(clock.advance(Duration.ofSeconds(90))).isEqualTo(clock.instant());
    assertThat(clock.instant()).isEqualTo(ManualClock.START.plusSeconds(90));
  }

  @Test
  void itNeverGoesBack() {
    clock.advance(Duration.ofMinutes(1));

    assertThat(clock.advanceTo(ManualClock.START)).isEqualTo(ManualClock.START.plusSeconds(60));
    assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofNanos(-1)));
  }

  @Test
  void anotherZoneIsTheSameClock() {
    Clock tokyo = clock.withZone(ZoneId.of("Asia/Tokyo"));
    clock.advanceTo(ManualClock.START.plusSeconds(5));

    assertThat(tokyo.instant()).isEqualTo(clock.instant());
    assertThat(tokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
  }
}
