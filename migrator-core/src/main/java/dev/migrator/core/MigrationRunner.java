package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.StatusStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances the machines of plans, one saved status after the other, and never loses one.
 *
 * <p>A host makes one runner, gives it what it has ({@link #builder}) and calls {@link #turn} from
 * its own loop; {@link MigrationDriver} is a loop for hosts without one. The runner owns no threads
 * and keeps nothing in memory that it needs tomorrow: a new one on the same {@link StatusStore}
 * goes on where the old one was. Safe for use by several threads, for several plans.
 *
 * <p>It defers to the plan's migrator where the itinerary is selected, where the pipeline is
 * generated and where a phase is executed; what a migrator delegates, and plans that no provider
 * takes, run on the {@link SharedFlows}.
 */
public final class MigrationRunner implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(MigrationRunner.class);

  private final Host host;
  private final Map<String, PlanTurns> plans = new ConcurrentHashMap<>();
  private final List<Consumer<String>> wakers = new CopyOnWriteArrayList<>();

  private MigrationRunner(Builder builder) {
    HookPhases hookPhases = new HookPhases(builder.hooks, builder.policy);
    MigratorRegistry registry = builder.registry;
    this.host =
        new Host(
            registry == null ? MigratorRegistry.discover() : registry,
            builder.flows.withHooks(hookPhases),
            builder.store,
            builder.clock,
            builder.machines,
            builder.requests,
            builder.policy,
            new Transitions(builder.policy, builder.endingDeadline),
            new VmScheduler(builder.limits),
            new Listeners(builder.listeners),
            new Connections(builder.connections, builder.resolver),
            hookPhases,
            builder.validate,
            this::wakeByMigrator,
            this::wakeHost,
            this::ask);
    this.wakers.add(builder.wakeUp);
  }

  /** Starts a runner. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Advances every machine of a plan that is due or woken until it waits.
   *
   * <p>Called by the host's loop, at the latest at the instant that the last call returned, and
   * sooner when the host changed the plan or was woken. With an executor of its own a machine at
   * work is not waited for: when it has finished, the host is woken. Two calls for one plan run one
   * after the other; a machine is never at work twice. Once a machine was started only {@code
   * cancelled} and further machines of a changed plan are heeded, until its {@code run} changes; an
   * earlier run that is on its way is finished first.
   *
   * <p>What goes wrong with a machine, or with the plan before the first phase, is in the status
   * and never thrown. When the thread is interrupted the turn is given up early and the thread
   * stays interrupted.
   *
   * @param plan the plan
   * @return when to come back, which may be now, or empty when all machines are final
   * @throws dev.migrator.spi.MigrationException when the store says that it will never answer
   */
  public Optional<Instant> turn(MigrationPlan plan) {
    return inTurns(plan, turns -> turns.turn(plan));
  }

  /**
   * Checks a plan and all its machines without a write, whatever their status.
   *
   * <p>Called by hosts before they begin, on the calling thread; turns of the plan go on meanwhile.
   * Listeners get {@link MigrationEvent.Validated} after each machine.
   *
   * @param plan the plan
   * @return what was found, each concern once; a critical one would keep its machine from starting
   * @throws dev.migrator.spi.MigrationException when no provider takes the plan, or a check failed
   */
  public List<Concern> validate(MigrationPlan plan) {
    PlanRun run = inTurns(plan, turns -> turns.run(plan));
    return run.validate();
  }

  /**
   * Takes up a machine again that needs attention, where it stood: in its phase, or in its ending.
   *
   * <p>Called when a person has looked at it. Tries and deadlines count anew. The host is woken.
   *
   * @param plan the plan
   * @param vm the machine, by its identity on the source
   * @return whether it was taken up; false when it does not need attention, or was just moved by
   *     somebody else
   * @throws dev.migrator.spi.MigrationException when the store cannot be reached
   */
  public boolean retry(MigrationPlan plan, VmRef vm) {
    return inTurns(plan, turns -> turns.retry(plan, vm));
  }

  /**
   * Asks for a machine to be looked at soon; returns at once.
   *
   * <p>Called by hosts that know better, or that changed the plan; from any thread. The next turn
   * follows at once, but a machine that backs off after a fault is not hurried. Without effect for
   * a plan that no turn has seen. Migrators have {@link dev.migrator.spi.MigratorContext#wake}.
   *
   * @param plan the plan's id
   * @param vm the machine, by its identity on the source
   */
  public void wake(String plan, VmRef vm) {
    PlanTurns turns = plans.get(plan);
    if (turns != null) {
      turns.recall(vm);
    }
  }

  /**
   * Closes the migrator of a plan and forgets what is cached of it, as soon as none of its machines
   * is at work; nothing is stopped or undone.
   *
   * <p>Called by hosts when a plan is done with or deleted. A later turn begins anew.
   *
   * @param plan the plan's id
   */
  public void forget(String plan) {
    PlanTurns turns = plans.get(plan);
    if (turns != null && turns.enter()) {
      try {
        turns.leave();
      } finally {
        turns.exit();
      }
    }
  }

  /** Forgets every plan; the host stops calling turn first. */
  @Override
  public void close() {
    plans.keySet().forEach(this::forget);
  }

  /** The statuses of the plan's machines as they are stored, in the plan's order. */
  List<VmStatus> statuses(MigrationPlan plan) {
    Map<VmRef, VmStatus> stored = new HashMap<>();
    host.store().load(plan.id()).forEach(status -> stored.put(status.vm(), status));
    return plan.vms().stream().map(vm -> stored.get(vm.source())).filter(Objects::nonNull).toList();
  }

  Clock clock() {
    return host.clock();
  }

  /** Has somebody else told of the plans that should be turned soon, until it is closed. */
  Runnable listenForWakes(Consumer<String> waker) {
    wakers.add(waker);
    return () -> wakers.remove(waker);
  }

  private <T> T inTurns(MigrationPlan plan, Function<PlanTurns, T> work) {
    while (true) {
      PlanTurns turns =
          plans.compute(
              plan.id(), (id, held) -> held == null ? new PlanTurns(id, host, this::remove) : held);
      if (turns.enter()) {
        try {
          return work.apply(turns);
        } finally {
          turns.exit();
        }
      }
    }
  }

  private void wakeByMigrator(String plan, VmRef vm) {
    PlanTurns turns = plans.get(plan);
    if (turns != null) {
      turns.wake(vm);
    }
  }

  private void remove(PlanTurns turns) {
    plans.remove(turns.id(), turns);
  }

  private void ask(String plan) {
    PlanTurns turns = plans.get(plan);
    if (turns != null) {
      turns.ask();
    }
  }

  private void wakeHost(String plan) {
    for (Consumer<String> waker : wakers) {
      try {
        waker.accept(plan);
      } catch (RuntimeException e) {
        LOGGER.atError().addKeyValue("plan", plan).setCause(e).log("The host could not be woken");
      }
    }
  }

  /** Collects what a host gives to a runner; not safe for use by several threads. */
  public static final class Builder {
    private @Nullable MigratorRegistry registry;
    private StatusStore store = new InMemoryStatusStore();
    private Clock clock = Clock.systemUTC();
    private Executor machines = Runnable::run;
    private Executor requests = Runnable::run;
    private RetryPolicy policy = RetryPolicy.defaults();
    private Duration endingDeadline = Duration.ofHours(1);
    private Limits limits = Limits.defaults();
    private @Nullable HookRunner hooks;
    private SharedFlows flows = SharedFlows.standard();
    private final List<MigrationListener> listeners = new ArrayList<>();
    private boolean validate = true;
    private Consumer<String> wakeUp = plan -> {};
    private final Map<Connections.Key, Object> connections = new HashMap<>();
    private BiFunction<Endpoint, Class<?>, @Nullable Object> resolver = (endpoint, type) -> null;

    private Builder() {}

    /** Sets the providers; by default those that {@link MigratorRegistry#discover()} finds. */
    public Builder registry(MigratorRegistry registry) {
      this.registry = registry;
      return this;
    }

    /** Sets where statuses are kept; by default in memory, which no restart survives. */
    public Builder store(StatusStore store) {
      this.store = Objects.requireNonNull(store, "store");
      return this;
    }

    /** Sets the source of time; by default the system's. */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets what runs machines; by default the thread that calls turn, one machine after the other.
     */
    public Builder executor(Executor machines) {
      this.machines = Objects.requireNonNull(machines, "machines");
      return this;
    }

    /**
     * Sets what runs independent requests of one machine; by default the machine's own thread. It
     * must not be the executor of the machines when that one has a bound: they wait for it.
     */
    public Builder requestExecutor(Executor requests) {
      this.requests = Objects.requireNonNull(requests, "requests");
      return this;
    }

    /** Sets how tries are spaced; by default {@link RetryPolicy#defaults}. */
    public Builder retryPolicy(RetryPolicy policy) {
      this.policy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets how long a clean-up or roll-back may wait in all, by default an hour; then a success
     * gets a warning and anything else needs attention.
     */
    public Builder endingDeadline(Duration endingDeadline) {
      this.endingDeadline = Objects.requireNonNull(endingDeadline, "endingDeadline");
      return this;
    }

    /** Sets how many machines may be on their way; by default {@link Limits#defaults}. */
    public Builder limits(Limits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /** Sets what runs hooks; without one a plan that has hooks does not pass validation. */
    public Builder hooks(HookRunner hooks) {
      this.hooks = hooks;
      return this;
    }

    /** Sets the shared phases and itineraries; by default {@link SharedFlows#standard}. */
    public Builder sharedFlows(SharedFlows flows) {
      this.flows = Objects.requireNonNull(flows, "flows");
      return this;
    }

    /** Adds a listener. */
    public Builder listener(MigrationListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * Sets whether machines are validated before their first phase; by default they are. A host
     * that turns it off has called {@link MigrationRunner#validate} itself.
     */
    public Builder validate(boolean validate) {
      this.validate = validate;
      return this;
    }

    /**
     * Sets who is told, by the plan's id, that a plan should be turned soon. Called from any
     * thread; must return at once, and must not call turn itself.
     */
    public Builder wakeUp(Consumer<String> wakeUp) {
      this.wakeUp = Objects.requireNonNull(wakeUp, "wakeUp");
      return this;
    }

    /**
     * Adds a connection, which stays the host's to close.
     *
     * @param endpoint the name that plans call the endpoint
     * @param type what migrators ask for, such as a Kubernetes client's interface
     * @param connection the connection
     * @param <T> the kind of connection
     * @return this builder
     */
    public <T> Builder connection(String endpoint, Class<T> type, T connection) {
      connections.put(new Connections.Key(endpoint, type), connection);
      return this;
    }

    /**
     * Sets what finds the connections that were not added; it answers null when there is none.
     * Called from any thread, once for each migrator that asks.
     */
    public Builder connections(BiFunction<Endpoint, Class<?>, @Nullable Object> resolver) {
      this.resolver = Objects.requireNonNull(resolver, "resolver");
      return this;
    }

    /**
     * Makes the runner.
     *
     * @return the runner
     * @throws dev.migrator.spi.MigrationException when discovery finds unusable providers
     */
    public MigrationRunner build() {
      return new MigrationRunner(this);
    }
  }
}
