package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");

  private static RetryPolicy policy(int firstMillis, double factor, double jitter) {
    return new RetryPolicy(
        Duration.ofMillis(firstMillis),
        factor,
        Duration.ofMillis(firstMillis * 50L),
        jitter,
        10,
        Duration.ofMinutes(15));
  }

  @Property
  void aDelayIsNeverNegativeNorAboveTheCap(
      @ForAll @IntRange(min = 1, max = 100_000) int first,
      @ForAll @DoubleRange(min = 1, max = 10) double factor,
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(min = 1) int attempt,
      @ForAll long seed) {
    RetryPolicy policy = policy(first, factor, jitter);

    assertThat(policy.delay(attempt, seed)).isBetween(Duration.ZERO, policy.cap());
  }

  @Property
  void jitterTakesOffNoMoreThanItsPart(
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(min = 1, max = 30) int attempt,
      @ForAll long seed) {
    Duration full = policy(1000, 2, 0).delay(attempt, seed);
    Duration least = Duration.ofNanos((long) (full.toNanos() * (1 - jitter)) - 1);

    assertThat(policy(1000, 2, jitter).delay(attempt, seed)).isBetween(least, full);
  }

  @Property
  void withoutJitterDelaysGrowToTheCapAndStay(@ForAll @IntRange(min = 1, max = 60) int attempt) {
    RetryPolicy policy = policy(1000, 2, 0);

    assertThat(policy.delay(attempt + 1, 0)).isGreaterThanOrEqualTo(policy.delay(attempt, 0));
    assertThat(policy.delay(1, 0)).isEqualTo(policy.first());
    assertThat(policy.delay(60, 0)).isEqualTo(policy.cap());
  }

  @Property
  void theSameSeedGivesTheSameDelay(@ForAll @IntRange(min = 1) int attempt, @ForAll long seed) {
    assertThat(policy(1000, 2, 0.5).delay(attempt, seed))
        .isEqualTo(policy(1000, 2, 0.5).delay(attempt, seed));
  }

  @Test
  void machinesThatFailTogetherDoNotComeBackTogether() {
    RetryPolicy policy = policy(1000, 2, 0.5);

    long distinct =
        java.util.stream.LongStream.range(0, 200)
            .mapToObj(seed -> policy.delay(1, seed))
            .distinct()
            .count();

    assertThat(distinct).isGreaterThan(190);
  }

  @Test
  void theBudgetIsSpentByTimeOrByTries() {
    RetryPolicy policy = policy(1000, 2, 0);

    assertThat(policy.isSpent(9, NOON, NOON)).isFalse();
    assertThat(policy.isSpent(10, NOON, NOON)).isTrue();
    assertThat(policy.isSpent(1, NOON, NOON.plus(Duration.ofMinutes(15)).minusNanos(1))).isFalse();
    assertThat(policy.isSpent(1, NOON, NOON.plus(Duration.ofMinutes(15)))).isTrue();
  }

  @Test
  void theDefaultRidesThroughAnOutageOfMinutes() {
    RetryPolicy policy = RetryPolicy.defaults();

    Instant now = NOON;
    int failures = 0;
    while (!policy.isSpent(++failures, NOON, now)) {
      now = now.plus(policy.delay(failures, 42));
    }

    assertThat(Duration.between(NOON, now)).isGreaterThanOrEqualTo(Duration.ofMinutes(15));
    assertThat(failures).as("tries, each a load on the server").isLessThan(80);
  }

  @Test
  void anImpossiblePolicyIsAnError() {
    Duration s = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new RetryPolicy(Duration.ZERO, 2, s, 0, 1, s))
        .hasMessageContaining("first");
    assertThatThrownBy(() -> new RetryPolicy(s, 2, Duration.ofMillis(1), 0, 1, s))
        .hasMessageContaining("cap");
    assertThatThrownBy(() -> new RetryPolicy(s, 0.5, s, 0, 1, s)).hasMessageContaining("factor");
    assertThatThrownBy(() -> new RetryPolicy(s, Double.NaN, s, 0, 1, s))
        .hasMessageContaining("factor");
    assertThatThrownBy(() -> new RetryPolicy(s, 2, s, 1.1, 1, s)).hasMessageContaining("jitter");
    assertThatThrownBy(() -> RetryPolicy.defaults().attempts(0)).hasMessageContaining("attempts");
    assertThatThrownBy(() -> RetryPolicy.defaults().total(Duration.ZERO))
        .hasMessageContaining("total");
    assertThatThrownBy(() -> Limits.of(0)).hasMessageContaining("At least one");
  }
}
