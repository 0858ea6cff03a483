package dev.migrator.testkit;

import dev.migrator.model.Completion;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.Itinerary;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import dev.migrator.spi.PhaseOutcome.Delegate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands between runner and migrator: records what is executed and lets it go wrong. */
final class MigratorUnderTest implements Migrator {

  private static final Logger LOGGER = LoggerFactory.getLogger(MigratorUnderTest.class);
  private static final Duration JUMP = Duration.ofDays(1);

  private final Migrator inner;
  private final Run run;
  private final StoreUnderTest store;
  private final Runnable otherRunner;
  private final boolean isOther;
  private boolean closed;

  /**
   * Wraps a migrator.
   *
   * @param inner the migrator
   * @param run what to record in
   * @param store where faults of saving are armed
   * @param otherRunner takes a turn of another runner on the same store; null for that other one
   */
  MigratorUnderTest(Migrator inner, Run run, StoreUnderTest store, @Nullable Runnable otherRunner) {
    this.inner = inner;
    this.run = run;
    this.store = store;
    this.otherRunner = otherRunner == null ? () -> {} : otherRunner;
    this.isOther = otherRunner == null;
  }

  @Override
  public PhaseOutcome begin(MigrationPlan plan) throws Exception {
    return around(FaultPlan.BEGIN, null, () -> inner.begin(plan), () -> {});
  }

  @Override
  public PhaseOutcome executePhase(PhaseContext context) throws Exception {
    if (run.baseline == null) {
      run.baseline = run.subject.snapshot();
    }
    String phase = String.valueOf(context.status().phase());
    return around(phase, context, () -> inner.executePhase(context), () -> late(context));
  }

  @Override
  public PhaseOutcome complete(PhaseContext context, Completion completion) throws Exception {
    return around(
        FaultPlan.COMPLETE,
        context,
        () -> inner.complete(context, completion),
        () -> late(context));
  }

  private PhaseOutcome around(
      String phase, @Nullable PhaseContext context, Callable<PhaseOutcome> action, Late late)
      throws Exception {
    VmRef vm = context == null ? null : context.vm().source();
    int number = run.count(vm, phase);
    FaultPlan.Fault fault = isOther ? null : run.fault(vm, phase, number);
    Callable<PhaseOutcome> recorded = () -> recorded(phase, context, number, action);
    return fault == null ? recorded.call() : disturbed(fault, vm, recorded, late);
  }

  private PhaseOutcome disturbed(
      FaultPlan.Fault fault, @Nullable VmRef vm, Callable<PhaseOutcome> action, Late late)
      throws Exception {
    switch (fault.kind()) {
      case CRASH_BEFORE_SAVE -> {
        return crashed(fault, vm, action.call());
      }
      case CRASH_AFTER_SAVE, SAVE_CONFLICT, SAVE_ANSWER_LOST -> {
        if (vm != null) {
          store.arm(vm, fault);
        }
        return action.call();
      }
      case THROWS -> throw new IOException("Injected by the kit: " + fault);
      case THROWS_AFTERWARDS -> {
        action.call();
        throw new IOException("Injected by the kit: " + fault);
      }
      case DUPLICATE_TURN -> {
        action.call();
        return action.call();
      }
      case TWO_RUNNERS -> {
        PhaseOutcome outcome = action.call();
        otherRunner.run();
        return outcome;
      }
      case STALE_STATUS -> {
        late.execute();
        return action.call();
      }
      case INTERRUPT -> {
        return interrupted(fault, action);
      }
      case OUTAGE -> {
        run.subject.outage(true);
        try {
          return action.call();
        } finally {
          run.subject.outage(false);
        }
      }
      case FAILS -> throw injected(fault);
      case FAILS_AFTERWARDS -> {
        action.call();
        throw injected(fault);
      }
      case CANCEL -> {
        run.cancel(vm);
        return PhaseOutcome.await("kit", Duration.ofSeconds(1), "Cancelled by the kit");
      }
      case CANCEL_AFTER_CRASH -> {
        PhaseOutcome outcome = action.call();
        run.cancel(vm);
        return crashed(fault, vm, outcome);
      }
      case NEVER_SATISFIED -> {
        run.freeze(vm, fault.phase());
        return action.call();
      }
      case CLOCK_JUMP -> {
        run.subject.clock().advance(JUMP);
        return action.call();
      }
    }
    throw new IllegalStateException("Unknown fault " + fault);
  }

  /** A delegated phase dies when the shared runner has executed it, so in its save. */
  private PhaseOutcome crashed(FaultPlan.Fault fault, @Nullable VmRef vm, PhaseOutcome outcome) {
    if (outcome instanceof Delegate && vm != null) {
      store.arm(vm, fault);
      return outcome;
    }
    throw new Crash(fault);
  }

  private PhaseOutcome interrupted(FaultPlan.Fault fault, Callable<PhaseOutcome> action)
      throws Exception {
    Thread.currentThread().interrupt();
    try {
      PhaseOutcome outcome = action.call();
      if (!Thread.currentThread().isInterrupted()) {
        run.misdeeds.add(fault + ": the interrupt was swallowed and an outcome was returned");
      }
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw e;
    } catch (Exception e) {
      if (!Thread.currentThread().isInterrupted()) {
        run.misdeeds.add(fault + ": the interrupt was swallowed and turned into " + e);
      }
      throw e;
    }
  }

  private PhaseOutcome recorded(
      String phase, @Nullable PhaseContext context, int number, Callable<PhaseOutcome> action)
      throws Exception {
    Set<Side> before =
        context == null ? Set.of() : Set.copyOf(run.subject.whereabouts(context.vm()));
    Map<String, String> world = run.recordsWorld ? run.subject.snapshot() : null;
    PhaseOutcome outcome = null;
    Throwable thrown = null;
    try {
      outcome = action.call();
      if (outcome == null) {
        run.misdeeds.add(phase + ": null was returned instead of an outcome");
      }
      return outcome;
    } catch (Exception e) {
      thrown = e;
      throw e;
    } catch (Error e) {
      thrown = e;
      run.misdeeds.add(phase + ": an Error was thrown: " + e);
      throw e;
    } finally {
      run.executions.add(
          new Run.Execution(
              context == null ? null : context.vm().source(),
              phase,
              number,
              context == null ? null : context.status(),
              before,
              outcome,
              thrown,
              world,
              run.subject.clock().instant()));
    }
  }

  /** Executes what a runner that fell asleep an eternity ago still has in hand. */
  private void late(PhaseContext context) {
    VmStatus stale = run.staleStatus(context.vm().source());
    if (stale == null) {
      return;
    }
    try {
      inner.executePhase(new PhaseContext(context.plan(), context.vm(), stale, context.now()));
    } catch (Exception e) {
      LOGGER.atDebug().addKeyValue("phase", stale.phase()).setCause(e).log("Late and in vain");
    }
  }

  private static MigrationException injected(FaultPlan.Fault fault) {
    return MigrationException.permanent("InjectedFailure", "Injected by the kit: " + fault);
  }

  @Override
  public void init() {
    inner.init();
  }

  @Override
  public List<Concern> validate(MigrationPlan plan, PlannedVm vm) {
    return inner.validate(plan, vm);
  }

  @Override
  public Itinerary itinerary(MigrationPlan plan, PlannedVm vm) {
    return inner.itinerary(plan, vm);
  }

  @Override
  public List<StepStatus> pipeline(MigrationPlan plan, PlannedVm vm) {
    return inner.pipeline(plan, vm);
  }

  @Override
  public VmStatus status(MigrationPlan plan, PlannedVm vm) {
    return inner.status(plan, vm);
  }

  @Override
  public VmStatus reset(PhaseContext context, List<StepStatus> pipeline) {
    return inner.reset(context, pipeline);
  }

  @Override
  public String step(PhaseContext context) {
    return inner.step(context);
  }

  @Override
  public Optional<String> next(PhaseContext context) {
    return inner.next(context);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inner.close();
    }
  }

  /** The action of the status saved before, executed late. */
  private interface Late {
    void execute();
  }
}
