package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Severity;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A migrator may repeat what a cluster said, and a cluster may say anything. */
class LegibleTest {

  private static final String EVIL =
      "\u001b[2J\u0000line\r\nLOG forged\u202e\u2028" + "x".repeat(1_000_000);

  static Stream<PhaseOutcome> outcomes() {
    return Stream.of(
        PhaseOutcome.await("w", Duration.ofMinutes(1), EVIL),
        PhaseOutcome.retry(EVIL),
        PhaseOutcome.fail("Evil", EVIL),
        PhaseOutcome.preserve("Evil", EVIL),
        PhaseOutcome.advance(Notes.none().warning(EVIL)));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void whatAPhaseSaysIsMadeLegibleBeforeItIsKept(PhaseOutcome outcome) {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> outcome));

    bench.turn();

    assertLegible(bench);
  }

  @Test
  void whatIsThrownIsMadeLegible() {
    Bench bench =
        new Bench(
            ScriptedMigrator.doing(
                c -> {
                  throw MigrationException.permanent("Evil", EVIL);
                }));
    bench.turn();

    assertLegible(bench);
  }

  @Test
  void concernsAreMadeLegible() {
    Bench bench = new Bench(ScriptedMigrator.doing(c -> PhaseOutcome.advance()));
    bench.migrator.concerns =
        vm -> List.of(new Concern("Evil", Severity.CRITICAL, vm, EVIL, EVIL, "None."));

    bench.turn();

    assertLegible(bench);
    assertThat(bench.runner.validate(bench.plan).toString()).doesNotContain("\n", "\u001b");
  }

  @Test
  void whatIsLegibleIsLeftAlone() {
    PhaseOutcome outcome = PhaseOutcome.retry("Größe 3 GiB: ist zu klein – \uD83D\uDE00.");

    assertThat(Legible.of(outcome)).isSameAs(outcome);
  }

  private static void assertLegible(Bench bench) {
    VmStatus status = bench.status();
    assertThat(status.toString()).contains("LOG forged").hasSizeLessThan(8 * Legible.LONGEST);
    assertThat(status + bench.events.toString())
        .doesNotContain("\n", "\r", "\u0000", "\u001b", "\u202e", "\u2028");
  }
}
