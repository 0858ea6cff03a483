package dev.migrator.examples.operator;

import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.StatusStore;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the runner once for every reconciliation and asks to be called again when the runner says
 * so.
 *
 * <p>The resource's status is what people see. What the runner needs tomorrow is in the {@link
 * StatusStore}, which must be a durable one.
 */
@ControllerConfiguration
public final class MigrationReconciler implements Reconciler<Migration>, Cleaner<Migration> {

  private final StatusStore store;
  private final Clock clock;
  private final MigrationRunner runner;
  private final SimpleInboundEventSource<Migration> wakeUps = new SimpleInboundEventSource<>();

  /**
   * Makes a reconciler.
   *
   * @param builder a runner with connections, hooks and listeners, but without store, clock and
   *     wake-up
   * @param store where statuses are kept
   * @param clock the source of time
   */
  public MigrationReconciler(MigrationRunner.Builder builder, StatusStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.runner = builder.store(store).clock(clock).wakeUp(this::wake).build();
  }

  @Override
  public List<EventSource<?, Migration>> prepareEventSources(
      EventSourceContext<Migration> context) {
    return List.of(wakeUps);
  }

  @Override
  public UpdateControl<Migration> reconcile(Migration wish, Context<Migration> context) {
    MigrationPlan plan = plan(wish);
    Optional<Instant> next = runner.turn(plan);
    Migration.Status status = status(plan);
    UpdateControl<Migration> answer;
    if (status.equals(wish.getStatus())) {
      answer = UpdateControl.noUpdate();
    } else {
      wish.setStatus(status);
      answer = UpdateControl.patchStatus(wish);
    }
    next.ifPresentOrElse(at -> answer.rescheduleAfter(until(at)), () -> runner.forget(plan.id()));
    return answer;
  }

  @Override
  public DeleteControl cleanup(Migration wish, Context<Migration> context) {
    MigrationPlan plan = plan(wish);
    List<VmRef> all = plan.vms().stream().map(PlannedVm::source).toList();
    Optional<Instant> next = runner.turn(plan.cancel(all));
    if (next.isPresent()) {
      return DeleteControl.noFinalizerRemoval().rescheduleAfter(until(next.get()).toMillis());
    }
    runner.forget(plan.id());
    return DeleteControl.defaultDelete();
  }

  static MigrationPlan plan(Migration wish) {
    Migration.Spec spec = wish.getSpec();
    return MigrationPlan.builder(
            wish.getMetadata().getNamespace() + "/" + wish.getMetadata().getName(),
            Endpoint.of("kubevirt", spec.source()),
            Endpoint.of("kubevirt", spec.target()))
        .type(MigrationType.LIVE)
        .vm(spec.namespace(), spec.vm())
        .build();
  }

  private Migration.Status status(MigrationPlan plan) {
    return store.load(plan.id()).stream()
        .findFirst()
        .map(MigrationReconciler::forPeople)
        .orElseGet(() -> new Migration.Status("PENDING", null, null, null));
  }

  private static Migration.Status forPeople(VmStatus status) {
    String step =
        status.steps().stream()
            .filter(one -> one.state() == StepState.RUNNING)
            .map(StepStatus::name)
            .findFirst()
            .orElse(null);
    return new Migration.Status(status.state().name(), status.phase(), step, message(status));
  }

  private static @Nullable String message(VmStatus status) {
    if (status.failure() != null) {
      return status.failure().message();
    }
    return status.waiting() == null ? null : status.waiting().reason();
  }

  private Duration until(Instant at) {
    Duration left = Duration.between(clock.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void wake(String plan) {
    wakeUps.propagateEvent(resource(plan));
  }

  /** The resource of a plan: the inverse of what {@link #plan} uses as the plan's id. */
  static ResourceID resource(String plan) {
    int slash = plan.indexOf('/');
    return new ResourceID(plan.substring(slash + 1), plan.substring(0, slash));
  }
}
