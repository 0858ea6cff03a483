package dev.migrator.core;

import dev.migrator.model.Endpoint;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.StatusStore;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Everything that the host gave to a runner.
 *
 * @param registry the providers
 * @param flows the shared flows, with the hook phases
 * @param store where statuses are kept
 * @param clock the source of time
 * @param machines what runs machines
 * @param executor what runs independent requests of one machine
 * @param policy how tries are spaced
 * @param transitions the reducer, under that policy
 * @param scheduler who may start
 * @param listeners who is told
 * @param connections the host's connections
 * @param hooks what runs hooks, and ends them
 * @param validate whether machines are validated before their first phase
 * @param waker what a migrator's wake does
 * @param wakeUp asks the host to turn a plan soon
 * @param askPlan asks the host to turn another plan soon, unless it was asked already
 */
record Host(
    MigratorRegistry registry,
    SharedFlows flows,
    StatusStore store,
    Clock clock,
    Executor machines,
    Executor executor,
    RetryPolicy policy,
    Transitions transitions,
    VmScheduler scheduler,
    Listeners listeners,
    Connections connections,
    HookPhases hooks,
    boolean validate,
    BiConsumer<String, VmRef> waker,
    Consumer<String> wakeUp,
    Consumer<String> askPlan)
    implements MigratorContext {

  @Override
  public <T> T connection(Endpoint endpoint, Class<T> type) {
    return connections.find(endpoint, type);
  }

  @Override
  public void wake(String plan, VmRef vm) {
    waker.accept(plan, vm);
  }
}
