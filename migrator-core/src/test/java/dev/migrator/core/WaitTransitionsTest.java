package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.Transition.News;
import dev.migrator.model.Completion;
import dev.migrator.model.Progress;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Await;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitTransitionsTest extends Reducing {

  @Test
  void aWaitShowsItsReasonAndWhenToLookAgain() {
    Transition transition =
        apply(running("A"), wait("disk").progress(new Progress(1, 4, "GiB")), NOON);

    VmStatus status = transition.status();
    assertThat(status.due()).isEqualTo(NOON.plusSeconds(10));
    assertThat(status.waiting().reason()).isEqualTo("Waiting for disk");
    assertThat(status.steps().get(0).message()).isEqualTo("Waiting for disk");
    assertThat(status.steps().get(0).progress()).isEqualTo(new Progress(1, 4, "GiB"));
    assertThat(transition.events())
        .containsExactly(
            new MigrationEvent.Waits("p", VM, NOON, "A", "disk", "Waiting for disk"),
            new MigrationEvent.Progressed("p", VM, NOON, "A", new Progress(1, 4, "GiB")));
  }

  @Test
  void anUnchangedWaitIsNoNewsAndNotWorthASave() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    Transition again = apply(waiting, wait("disk"), NOON.plusSeconds(10));

    assertThat(again.news()).isEqualTo(News.NONE);
    assertThat(again.events()).isEmpty();
    assertThat(again.status().due()).isEqualTo(NOON.plusSeconds(20));
  }

  @Test
  void aWaitInOtherWordsIsNewsButNotANewWait() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);
    Await other = PhaseOutcome.await("disk", SECOND, "Still waiting");

    Transition again = apply(waiting, other, NOON.plusSeconds(10));

    assertThat(again.news()).isEqualTo(News.WORDS);
    assertThat(again.events()).hasSize(1);
    assertThat(again.status().waiting().since()).isEqualTo(NOON);
  }

  @Test
  void aWaitByAnotherNameStartsTheTimeAnew() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    VmStatus other =
        after(waiting, wait("network").atMost(SECOND.multipliedBy(30)), NOON.plusSeconds(60));

    assertThat(other.state()).isEqualTo(VmState.RUNNING);
    assertThat(other.waiting().since()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void passingTheDeadlineFailsWithTheReasonAndHowLongItTook() {
    Await await = wait("disk").atMost(SECOND.multipliedBy(90));
    VmStatus waiting = after(running("A"), await, NOON);

    assertThat(after(waiting, await, NOON.plusSeconds(90).minusNanos(1)).state())
        .isEqualTo(VmState.RUNNING);

    VmStatus late = after(waiting, await, NOON.plusSeconds(90));
    assertThat(late.state()).isEqualTo(VmState.ENDING);
    assertThat(late.completion()).isEqualTo(Completion.FAILED);
    assertThat(late.failure().code()).isEqualTo("DeadlineExceeded");
    assertThat(late.failure().message())
        .isEqualTo("Waiting for disk (waited 1 min 30 s for 'disk')");
  }

  @Test
  void oneLooksAgainExactlyWhenADeadlinePasses() {
    VmStatus status = after(running("A"), wait("disk").atMost(SECOND.multipliedBy(3)), NOON);
    assertThat(status.due()).isEqualTo(NOON.plusSeconds(3));

    assertThat(after(running("A"), wait("d").stalledAfter(SECOND.multipliedBy(2)), NOON).due())
        .isEqualTo(NOON.plusSeconds(2));
  }

  @Test
  void progressPutsTheNoProgressDeadlineOffButNotTheOther() {
    Await await =
        wait("disk").stalledAfter(SECOND.multipliedBy(30)).atMost(SECOND.multipliedBy(60));
    VmStatus status = after(running("A"), await.progress(new Progress(1, 9, "GiB")), NOON);
    status = after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(20));

    VmStatus moving =
        after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(49));
    assertThat(moving.state()).isEqualTo(VmState.RUNNING);

    VmStatus stalled =
        after(status, await.progress(new Progress(2, 9, "GiB")), NOON.plusSeconds(50));
    assertThat(stalled.failure().code()).isEqualTo("DeadlineExceeded");
    assertThat(stalled.failure().message()).contains("no progress of 'disk' for 30 s");

    VmStatus late = after(status, await.progress(new Progress(3, 9, "GiB")), NOON.plusSeconds(60));
    assertThat(late.failure().message()).contains("waited 1 min for 'disk'");
  }

  @Test
  void progressThatCannotBeToldIsNoProgress() {
    Await await = wait("disk").stalledAfter(SECOND.multipliedBy(30));
    VmStatus status = after(running("A"), await.progress(new Progress(1, 9, "GiB")), NOON);

    status = after(status, await, NOON.plusSeconds(20));
    assertThat(status.waiting().progress()).isEqualTo(new Progress(1, 9, "GiB"));

    assertThat(after(status, await, NOON.plusSeconds(30)).completion())
        .isEqualTo(Completion.FAILED);
  }

  @Test
  void aLateWaitThatPreservesNeedsAttention() {
    Await await = wait("disk").atMost(SECOND).preserveWhenLate();
    VmStatus waiting = after(running("A"), await, NOON);

    assertThat(after(waiting, await, NOON.plusSeconds(1)).state())
        .isEqualTo(VmState.NEEDS_ATTENTION);
  }

  @Test
  void aRecordIsSavedAndDoesNotDisturbTheWait() {
    VmStatus waiting = after(running("A"), wait("disk"), NOON);

    Transition recorded =
        apply(waiting, PhaseOutcome.recorded(Notes.none().fact("k", "v")), NOON.plusSeconds(5));

    assertThat(recorded.news()).isEqualTo(News.STATE);
    assertThat(recorded.status().due()).isNull();
    assertThat(recorded.status().waiting()).isEqualTo(waiting.waiting());
  }

  @Test
  void whileNobodyCanLookADeadlineNeitherComesNearerNorStartsAnew() {
    Await await = wait("disk").atMost(SECOND.multipliedBy(60));
    VmStatus status = after(running("A"), await, NOON);
    status = after(status, retry("Connection refused"), NOON.plusSeconds(30));
    Instant again = status.due();
    assertThat(again).isAfter(NOON.plusSeconds(30));

    assertThat(after(status, await, again.plusSeconds(30).minusNanos(1)).state())
        .isEqualTo(VmState.RUNNING);
    assertThat(after(status, await, again.plusSeconds(30)).failure().code())
        .isEqualTo("DeadlineExceeded");
  }
}
