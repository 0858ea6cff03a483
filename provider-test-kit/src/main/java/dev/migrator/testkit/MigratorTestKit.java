package dev.migrator.testkit;

import dev.migrator.core.Limits;
import dev.migrator.core.MigrationRunner;
import dev.migrator.core.MigratorRegistry;
import dev.migrator.core.RetryPolicy;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a provider's plan to its end in virtual time, with faults, and records what happens.
 *
 * <pre>{@code
 * MigrationResults results =
 *     MigratorTestKit.of(new SimulatedWorld())
 *         .faults(FaultPlan.none().at("CreateDisk", CRASH_BEFORE_SAVE))
 *         .run();
 *
 * assertThat(results).vm("demo", "vm-0").hasSucceeded();
 * assertThat(results).looselyInOrder(phaseEntered("CreateDisk"), handedOver());
 * }</pre>
 *
 * <p>Nothing sleeps: when every machine waits, the clock jumps to the instant at which the runner
 * asked to come back. The same subject, plan and faults give the same run. Not safe for use by
 * several threads; good for one run.
 */
public final class MigratorTestKit {

  /** How long it takes until another process is up. */
  private static final Duration RESTART = Duration.ofSeconds(1);

  private final Subject subject;
  private MigrationPlan plan;
  private FaultPlan faults = FaultPlan.none();
  private RetryPolicy policy = RetryPolicy.defaults();
  private Duration patience = Duration.ofSeconds(30);
  private int looks = 20_000;
  private boolean restarts;
  private boolean validates = true;
  private boolean recordsWorld;
  private boolean keepsSubject;
  private boolean siblings;
  private final Set<Class<? extends Error>> crashes = new HashSet<>(Set.of(Crash.class));

  private MigratorTestKit(Subject subject) {
    this.subject = subject;
    this.plan = subject.plan();
  }

  /**
   * Begins a run.
   *
   * @param subject the provider and its world, fresh; the kit closes it
   * @return the kit, with the subject's plan and without a fault
   */
  public static MigratorTestKit of(Subject subject) {
    return new MigratorTestKit(subject);
  }

  /** Changes the subject's plan. */
  public MigratorTestKit plan(UnaryOperator<MigrationPlan> change) {
    plan = change.apply(plan);
    return this;
  }

  /** Sets what goes wrong. */
  public MigratorTestKit faults(FaultPlan faults) {
    this.faults = Objects.requireNonNull(faults, "faults");
    return this;
  }

  /** Sets how tries are spaced; by default as a runner does. */
  public MigratorTestKit retryPolicy(RetryPolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** Throws the runner and its migrator away after every save, and makes new ones. */
  public MigratorTestKit restartingAfterEverySave() {
    restarts = true;
    return this;
  }

  /** Skips the validation of machines before their first phase. */
  public MigratorTestKit withoutValidation() {
    validates = false;
    return this;
  }

  /**
   * Counts a further error as the death of the process: when it is thrown out of a turn, the runner
   * is thrown away and another one goes on.
   */
  public MigratorTestKit crashOn(Class<? extends Error> death) {
    crashes.add(death);
    return this;
  }

  /**
   * Sets how long a turn may take by the wall clock before it counts as blocked; 30 s by default.
   */
  public MigratorTestKit patience(Duration patience) {
    this.patience = Objects.requireNonNull(patience, "patience");
    return this;
  }

  /** Sets after how many turns a run counts as endless; 20,000 by default. */
  public MigratorTestKit looks(int looks) {
    this.looks = looks;
    return this;
  }

  /**
   * Runs all machines of the plan until each is final, then closes the subject.
   *
   * @return what happened
   * @throws AssertionError when the run blocks, does not end, or throws; it carries the event log
   *     and the statuses
   */
  public MigrationResults run() {
    Run run = new Run(subject, plan, faults, recordsWorld);
    try {
      return Patience.call(patience, () -> run.turns, () -> new Loop(run).toTheEnd());
    } catch (AssertionError e) {
      throw MigrationResults.of(run, Map.of(), Map.of()).explain(e);
    } finally {
      if (!keepsSubject) {
        subject.close();
      }
    }
  }

  /** Records the whole world at every execution, which costs a snapshot each. */
  MigratorTestKit recordingTheWorld() {
    recordsWorld = true;
    return this;
  }

  /** Makes, prepares and closes a further migrator beside each. */
  MigratorTestKit closingSiblings() {
    siblings = true;
    return this;
  }

  /** Leaves the subject open for whoever made it. */
  MigratorTestKit keepingTheSubject() {
    keepsSubject = true;
    return this;
  }

  /** The runners of one run, one after the other. */
  private final class Loop {
    private final Run run;
    private final StoreUnderTest store;
    private final HooksUnderTest hooks;
    private final List<MigratorUnderTest> made = new ArrayList<>();
    private MigrationRunner runner;

    Loop(Run run) {
      this.run = run;
      this.store = new StoreUnderTest(run, restarts);
      this.hooks = new HooksUnderTest(run);
      this.runner = runner(this::otherRunner);
    }

    MigrationResults toTheEnd() {
      try {
        run.settle();
        for (int look = 0; look < looks; look++) {
          run.turns = look;
          if (isOver()) {
            return MigrationResults.of(run, run.subject.snapshot(), whereabouts());
          }
        }
        throw new AssertionError("Not all machines are final after " + looks + " turns");
      } finally {
        made.forEach(MigratorUnderTest::close);
      }
    }

    private boolean isOver() {
      Optional<Instant> next;
      try {
        next = runner.turn(run.plan);
      } catch (Error e) {
        if (crashes.stream().noneMatch(death -> death.isInstance(e))) {
          throw new AssertionError("A turn threw " + e, e);
        }
        runner = runner(this::otherRunner);
        run.subject.clock().advance(RESTART);
        run.settle();
        return false;
      }
      // An interrupt that a fault injected ends with the turn that it interrupted.
      Thread.interrupted();
      run.settle();
      if (next.isEmpty()) {
        return true;
      }
      if (restarts) {
        runner = runner(this::otherRunner);
      }
      run.jump(next.get());
      run.settle();
      return false;
    }

    private void otherRunner() {
      try {
        runner(null).turn(run.plan);
      } catch (Crash e) {
        // With restarts after every save the other one dies as well; its save counts.
        run.settle();
      }
    }

    private MigrationRunner runner(@Nullable Runnable other) {
      return MigrationRunner.builder()
          .registry(
              MigratorRegistry.of(
                  new ProviderUnderTest(
                      run.subject.provider(),
                      migrator -> {
                        MigratorUnderTest wrapped =
                            new MigratorUnderTest(migrator, run, store, other);
                        made.add(wrapped);
                        return wrapped;
                      },
                      siblings)))
          .store(store)
          .clock(run.subject.clock())
          .retryPolicy(policy)
          .limits(Limits.none())
          .hooks(hooks)
          .sharedFlows(run.subject.sharedFlows())
          .listener(run.events::add)
          .validate(validates)
          .connections(run.subject::connection)
          .build();
    }

    private Map<VmRef, Set<Side>> whereabouts() {
      Map<VmRef, Set<Side>> all = new LinkedHashMap<>();
      for (PlannedVm vm : run.plan.vms()) {
        all.put(vm.source(), Set.copyOf(run.subject.whereabouts(vm)));
      }
      return all;
    }
  }
}
