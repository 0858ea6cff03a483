package dev.migrator.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.Progress;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarratorTest {

  private static final VmRef VM = new VmRef("demo", "web");
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final Narrator narrator =
      new Narrator(new PrintStream(screen, true, StandardCharsets.UTF_8), BEGAN, List.of());

  @Test
  void aPhaseStandsWithItsTimeNumberAndStep() {
    narrator.onEvent(new MigrationEvent.Started("p", VM, at(0), List.of("Started", "Copy")));
    narrator.onEvent(new MigrationEvent.PhaseEntered("p", VM, at(5), "Started", "Initialize"));
    narrator.onEvent(new MigrationEvent.PhaseEntered("p", VM, at(1250), "Copy", "Synchronize"));

    assertThat(lines())
        .anyMatch(line -> line.matches(" +0\\.005 s +1/2 +Initialize +Started"))
        .anyMatch(line -> line.matches(" +took 1\\.245 s"))
        .anyMatch(line -> line.matches(" +1\\.250 s +2/2 +Synchronize +Copy"));
  }

  @Test
  void progressIsShownInTensAndAtTheEnd() {
    for (int done = 0; done <= 100; done++) {
      narrator.onEvent(
          new MigrationEvent.Progressed("p", VM, at(done), "Copy", new Progress(done, 100, "%")));
    }

    assertThat(lines()).hasSize(10);
    assertThat(lines().get(9)).endsWith("[########################] 100 %");
  }

  @Test
  void aReasonIsToldOnce() {
    MigrationEvent waits = new MigrationEvent.Waits("p", VM, at(1), "Copy", "copied", "memory");
    narrator.onEvent(waits);
    narrator.onEvent(waits);

    assertThat(lines()).singleElement().asString().endsWith("memory");
  }

  @Test
  void aFailureSaysWhyAndHowItEnds() {
    Failure failure = Failure.once("Copy", "TooSlow", "the copy took too long", at(3));
    narrator.onEvent(new MigrationEvent.Ending("p", VM, at(3), Completion.FAILED, failure));
    narrator.onEvent(new MigrationEvent.Ended("p", VM, at(4), VmState.FAILED, failure, List.of()));

    assertThat(lines())
        .anyMatch(line -> line.endsWith("TooSlow: the copy took too long"))
        .anyMatch(line -> line.endsWith("0.004 s  FAILED"));
  }

  private static Instant at(long millis) {
    return BEGAN.plusMillis(millis);
  }

  private List<String> lines() {
    return screen.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
