package dev.migrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Completion;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Await;
import dev.migrator.spi.PhaseOutcome.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Statuses to start from, and the reducer under a short policy; base of its tests. */
abstract class Reducing {

  static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");
  static final VmRef VM = new VmRef("demo", "web");
  static final ObjectRef DISK =
      new ObjectRef(Side.TARGET, "v1", "PersistentVolumeClaim", "demo", "disk", "u");
  static final Duration SECOND = Duration.ofSeconds(1);

  static final RetryPolicy POLICY =
      new RetryPolicy(SECOND, 2, SECOND.multipliedBy(8), 0, 4, Duration.ofMinutes(2));

  final Transitions transitions = new Transitions(POLICY, Duration.ofHours(1));

  /** From phase A one goes to B, and after B there is none. */
  static Route route(VmStatus status) {
    return new Route() {
      @Override
      public Optional<String> next() {
        return "A".equals(status.phase()) ? Optional.of("B") : Optional.empty();
      }

      @Override
      public String step(String phase) {
        return phase + "Step";
      }
    };
  }

  static VmStatus running(String phase) {
    List<StepStatus> steps =
        Steps.enter(
            List.of(StepStatus.pending("AStep"), StepStatus.pending("BStep")),
            phase + "Step",
            NOON);
    return VmStatus.builder("p", "1", VM)
        .version(5)
        .state(VmState.RUNNING)
        .phases(List.of("A", "B"))
        .phase(phase)
        .entered(NOON)
        .steps(steps)
        .build();
  }

  static VmStatus moved(String phase) {
    return running(phase).toBuilder().handedOver(NOON).build();
  }

  VmStatus ending(Completion completion) {
    VmStatus status =
        switch (completion) {
          case SUCCEEDED -> apply(running("B"), PhaseOutcome.advance(), NOON).status();
          case FAILED ->
              apply(running("A"), PhaseOutcome.fail("Broken", "It broke."), NOON).status();
          case CANCELLED -> transitions.cancel(running("A"), NOON).status();
        };
    assertThat(status.state()).isEqualTo(VmState.ENDING);
    return status;
  }

  Transition apply(VmStatus status, PhaseOutcome outcome, Instant now) {
    return transitions.apply(status, outcome, now, route(status));
  }

  VmStatus after(VmStatus status, PhaseOutcome outcome, Instant now) {
    return apply(status, outcome, now).status();
  }

  static Retry retry(String message) {
    return new Retry(message, null, Notes.none());
  }

  static Await wait(String name) {
    return PhaseOutcome.await(name, SECOND.multipliedBy(10), "Waiting for " + name);
  }

  static List<String> states(VmStatus status) {
    return status.steps().stream().map(step -> step.state().name()).toList();
  }
}
