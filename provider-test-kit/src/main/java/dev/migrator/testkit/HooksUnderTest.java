package dev.migrator.testkit;

import dev.migrator.model.Hook;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.HookStage;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Runs hooks that take ten seconds and succeed; outlives the runners of a run. */
final class HooksUnderTest implements HookRunner {

  private static final Duration TAKES = Duration.ofSeconds(10);

  private final Run run;
  private final Map<String, Instant> started = new HashMap<>();

  HooksUnderTest(Run run) {
    this.run = run;
  }

  @Override
  public PhaseOutcome run(PhaseContext context, HookStage stage, Hook hook) {
    Instant since = started.get(context.vm().source() + " " + stage);
    if (since == null) {
      since = context.now();
      started.put(context.vm().source() + " " + stage, since);
      run.hooks.add(
          new Run.HookStart(
              context.vm().source(), stage, context.status(), run.subject.snapshot()));
    }
    return Duration.between(since, context.now()).compareTo(TAKES) >= 0
        ? PhaseOutcome.advance()
        : PhaseOutcome.await("hook", TAKES, "Hook " + hook.name() + " runs");
  }
}
