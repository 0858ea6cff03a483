package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.Transition.News;
import dev.migrator.model.Completion;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Advance;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Delegate;
import dev.migrator.spi.PhaseOutcome.Fail;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransitionsTest extends Reducing {

  @Test
  void everyKindOfOutcomeIsHandled() throws Exception {
    Map<Class<?>, PhaseOutcome> examples =
        Map.of(
            Advance.class, PhaseOutcome.advance(),
            Await.class, wait("w"),
            Retry.class, retry("m"),
            Fail.class, PhaseOutcome.fail("C", "m"),
            Delegate.class, PhaseOutcome.delegate());

    assertThat(examples.keySet())
        .as("a new kind of outcome needs an example here and a branch in Transitions")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(PhaseOutcome.class.getPermittedSubclasses()));
    for (PhaseOutcome outcome : examples.values()) {
      assertThat(apply(running("A"), outcome, NOON).status()).as("%s", outcome).isNotNull();
    }
  }

  @Test
  void theVersionIsTheStoresToCount() {
    assertThat(after(running("A"), PhaseOutcome.advance(), NOON).version()).isEqualTo(5);
  }

  @Test
  void advancingEntersTheNextPhaseAndItsStep() {
    VmStatus before =
        after(running("A"), wait("w").with(Notes.none().fact("k", "v")), NOON.plusSeconds(1));

    Transition transition = apply(before, PhaseOutcome.advance(), NOON.plusSeconds(3));

    VmStatus status = transition.status();
    assertThat(status.phase()).isEqualTo("B");
    assertThat(status.entered()).isEqualTo(NOON.plusSeconds(3));
    assertThat(status.due()).isNull();
    assertThat(status.waiting()).isNull();
    assertThat(status.fact("k")).contains("v");
    assertThat(states(status)).containsExactly("COMPLETED", "RUNNING");
    assertThat(status.steps().get(0).ended()).isEqualTo(NOON.plusSeconds(3));
    assertThat(transition.events())
        .containsExactly(
            new MigrationEvent.PhaseEntered("p", VM, NOON.plusSeconds(3), "B", "BStep"));
  }

  @Test
  void successIsReachedThroughTheLastPhaseAndTheEnding() {
    Transition last = apply(running("B"), PhaseOutcome.advance(), NOON);

    assertThat(last.status().state()).isEqualTo(VmState.ENDING);
    assertThat(last.status().completion()).isEqualTo(Completion.SUCCEEDED);
    assertThat(last.status().isHandedOver())
        .as("who is through has the guest on the target")
        .isTrue();

    Transition done = apply(last.status(), PhaseOutcome.advance(), NOON);

    assertThat(done.status().state()).isEqualTo(VmState.SUCCEEDED);
    assertThat(done.status().failure()).isNull();
    assertThat(states(done.status())).containsExactly("COMPLETED", "COMPLETED");
    assertThat(done.events())
        .containsExactly(
            new MigrationEvent.Ended("p", VM, NOON, VmState.SUCCEEDED, null, List.of()));
  }

  @Test
  void notesAreWrittenDownWithEveryOutcome() {
    Notes notes = new Notes(Map.of("k", "v"), List.of(DISK), List.of(), true, List.of("careful"));

    for (PhaseOutcome outcome :
        List.of(
            PhaseOutcome.advance(),
            wait("w"),
            retry("m"),
            PhaseOutcome.fail("C", "m"),
            PhaseOutcome.preserve("C", "m"))) {
      Transition transition = apply(running("A"), outcome.with(notes), NOON);

      assertThat(transition.news()).as("%s", outcome).isEqualTo(News.STATE);
      assertThat(transition.status().fact("k")).contains("v");
      assertThat(transition.status().ledger()).containsExactly(DISK);
      assertThat(transition.status().handedOver()).isEqualTo(NOON);
      assertThat(transition.status().warnings()).contains("careful");
      assertThat(transition.events())
          .contains(
              new MigrationEvent.HandedOver("p", VM, NOON),
              new MigrationEvent.Warned("p", VM, NOON, "careful"));
    }
  }

  @Test
  void anObjectThatIsGoneIsStruckFromTheLedger() {
    VmStatus made = after(running("A"), wait("w").with(Notes.none().created(DISK)), NOON);

    assertThat(after(made, wait("w").with(Notes.none().removed(DISK)), NOON).ledger()).isEmpty();
  }

  @Test
  void stepsOfSeveralPhasesRunOn() {
    List<StepStatus> steps =
        Steps.enter(List.of(StepStatus.pending("S"), StepStatus.pending("T")), "S", NOON);
    steps = Steps.tell(steps, "busy", null);

    steps = Steps.enter(steps, "S", NOON.plusSeconds(5));

    assertThat(steps.get(0))
        .isEqualTo(new StepStatus("S", StepState.RUNNING, null, "", NOON, null));
    assertThat(Steps.tell(steps, "", null)).as("no news, no copy").isSameAs(steps);
  }
}
