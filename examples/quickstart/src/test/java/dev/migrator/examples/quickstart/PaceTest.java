package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Clock STOPPED = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private static final Instant LATER = Instant.EPOCH.plus(Duration.ofHours(1));

  /** Began, wait began, wait ended, end. */
  private static final long[] READINGS = {0, 10, 100, 105};

  @Test
  void turnsAndLateWakeUpsAreTheLibrarys() throws InterruptedException {
    Pace pace = run(40);

    assertThat(pace.total()).isEqualTo(Duration.ofNanos(105));
    assertThat(pace.overhead()).as("10 + (100 - 40) + 5").isEqualTo(Duration.ofNanos(75));
  }

  @Test
  void aWaitInWhichNothingChangedIsTheClusters() throws InterruptedException {
    assertThat(run(Long.MIN_VALUE).overhead()).isEqualTo(Duration.ofNanos(15));
  }

  @Test
  void aChangeBeforeTheWaitDoesNotCountForIt() throws InterruptedException {
    assertThat(run(5).overhead()).isEqualTo(Duration.ofNanos(15));
  }

  private static Pace run(long change) throws InterruptedException {
    Iterator<Long> readings = Arrays.stream(READINGS).boxed().iterator();
    LongSupplier ticker = readings::next;
    Pace pace = new Pace(STOPPED, ticker, () -> change);
    pace.wake();
    pace.await(LATER);
    pace.end();
    return pace;
  }
}
