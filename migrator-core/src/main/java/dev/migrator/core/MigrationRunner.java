package dev.migrator.core;

import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.VmRef;
import dev.migrator.spi.HookRunner;
import dev.migrator.spi.StatusStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Advances the machines of plans, one saved status after the other. */
public final class MigrationRunner implements AutoCloseable {

  private static final Limits LIMITS = Limits.defaults();

  private MigrationRunner() {}

  /** Starts a runner. */
  public static Builder builder() {
    return new Builder();
  }

  /** Advances every machine of a plan that is due or woken until it waits. */
  public Optional<Instant> turn(MigrationPlan plan) {
    notYet();
    return Optional.empty();
  }

  /** Checks a plan without a write. */
  public List<Concern> validate(MigrationPlan plan) {
    notYet();
    return List.of();
  }

  /** Takes up a machine again that needs attention. */
  public boolean retry(MigrationPlan plan, VmRef vm) {
    notYet();
    return false;
  }

  /** Asks for a machine to be looked at soon. */
  public void wake(String plan, VmRef vm) {
    notYet();
  }

  /** Forgets a plan. */
  public void forget(String plan) {
    notYet();
  }

  private static void notYet() {
    if (LIMITS.perSource() > 0) {
      throw new IllegalStateException("Not built yet");
    }
  }

  /** Closes all migrators. */
  @Override
  public void close() {}

  /** Collects the parts of a runner. */
  public static final class Builder {
    private Builder() {}

    /** Sets the providers; by default those that are discovered. */
    public Builder registry(MigratorRegistry registry) {
      return this;
    }

    /** Sets where statuses are kept; by default in memory. */
    public Builder store(StatusStore store) {
      return this;
    }

    /** Sets the source of time; by default the system's. */
    public Builder clock(Clock clock) {
      return this;
    }

    /** Sets what runs machines; by default the thread that calls turn. */
    public Builder executor(Executor machines) {
      return this;
    }

    /** Sets what runs independent requests of one machine; by default the machine's thread. */
    public Builder requestExecutor(Executor requests) {
      return this;
    }

    /** Sets the retry policy. */
    public Builder retryPolicy(RetryPolicy policy) {
      return this;
    }

    /** Sets how many machines may be on their way at a time. */
    public Builder limits(Limits limits) {
      return this;
    }

    /** Sets what runs hooks. */
    public Builder hooks(HookRunner hooks) {
      return this;
    }

    /** Sets the shared phases and itineraries. */
    public Builder sharedFlows(SharedFlows flows) {
      return this;
    }

    /** Adds a listener. */
    public Builder listener(MigrationListener listener) {
      return this;
    }

    /** Sets whether machines are validated before their first phase; by default they are. */
    public Builder validate(boolean validate) {
      return this;
    }

    /** Sets who is told that a plan should be turned soon, by its id. */
    public Builder wakeUp(Consumer<String> wakeUp) {
      return this;
    }

    /** Adds a connection: what migrators get for an endpoint of this name and this type. */
    public <T> Builder connection(String endpoint, Class<T> type, T connection) {
      return this;
    }

    /** Sets what finds connections that were not added; it answers null for none. */
    public Builder connections(BiFunction<Endpoint, Class<?>, @Nullable Object> resolver) {
      return this;
    }

    /** Makes the runner. */
    public MigrationRunner build() {
      return new MigrationRunner();
    }
  }
}
