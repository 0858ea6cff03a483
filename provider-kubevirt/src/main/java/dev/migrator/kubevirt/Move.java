package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseContext;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The move of one machine as one execution of an action sees it.
 *
 * @param context the plan, the machine, its status and the time
 * @param tools what all machines share
 * @param options the plan's settings
 */
record Move(PhaseContext context, Toolbox tools, KubeVirtOptions options) {

  MigrationPlan plan() {
    return context.plan();
  }

  PlannedVm vm() {
    return context.vm();
  }

  VmRef source() {
    return vm().source();
  }

  VmRef target() {
    return vm().target();
  }

  Instant now() {
    return context.now();
  }

  Sides sides() {
    return tools.sides();
  }

  ClusterView view() {
    return tools.view();
  }

  Names names() {
    return Names.of(plan(), vm());
  }

  Optional<String> fact(String key) {
    return context.fact(key).filter(value -> !value.isEmpty());
  }

  /** A fact without which the phase cannot go on; empty where that is what was recorded. */
  String known(String key) {
    return context
        .fact(key)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    "StatusIncomplete",
                    "The status of VM "
                        + source()
                        + " lacks '"
                        + key
                        + "', which the first phase records. Was the status edited?"));
  }

  /** Which attempt this is, from 1. */
  int attempt() {
    return fact(Facts.ATTEMPT).map(Integer::parseInt).orElse(1);
  }

  String sendHalf() {
    return names().sendHalf(attempt());
  }

  String receiveHalf() {
    return names().receiveHalf(attempt());
  }

  /** The uids of the halves of earlier attempts: what speaks of them says nothing of this one. */
  Set<String> spent() {
    return fact(Facts.SPENT).map(text -> Set.copyOf(List.of(text.split(" ")))).orElse(Set.of());
  }

  /** Who creates and deletes on a side. */
  Ensure on(Side side) {
    return new Ensure(sides().of(side), plan(), vm());
  }

  /** What the watched copies show. */
  Evidence glance() {
    return Evidence.glance(view(), vm(), sendHalf(), receiveHalf(), spent());
  }

  /** What the servers say now. */
  Evidence inspect() {
    return Evidence.inspect(sides(), vm(), sendHalf(), receiveHalf(), spent());
  }

  /** The ledger's line of an object, if the run is known to have made it. */
  Optional<ObjectRef> ledger(Side side, Kind kind, String namespace, String name) {
    ObjectRef place = kind.ref(side, namespace, name, "");
    return context.status().ledger().stream().filter(place::isSamePlace).findFirst();
  }

  /** Puts on record what is to be there before the next write; empty when all of it is. */
  Optional<PhaseOutcome> onRecord(List<ObjectRef> lines) {
    List<ObjectRef> missing =
        lines.stream().filter(line -> !context.status().ledger().contains(line)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(PhaseOutcome.recorded(Notes.none().created(missing)));
  }

  /** As {@link #ledger}, for an object that is to be made. */
  boolean isMade(Side side, GenericKubernetesResource object) {
    return ledger(
            side,
            Kind.of(object.getApiVersion(), object.getKind()),
            object.getMetadata().getNamespace(),
            object.getMetadata().getName())
        .isPresent();
  }

  /**
   * Makes objects side by side; what was made is entered in the ledger even when one of them could
   * not be.
   *
   * @param requests what makes them
   * @param then what happens with all of them
   */
  PhaseOutcome make(
      List<Supplier<Ensure.Made>> requests,
      java.util.function.Function<List<Ensure.Made>, PhaseOutcome> then) {
    try {
      List<Ensure.Made> made = Parallel.all(tools.context().executor(), requests);
      return then.apply(made).with(entered(made));
    } catch (Parallel.Partial partial) {
      List<Ensure.Made> made =
          partial.done().stream()
              .filter(Ensure.Made.class::isInstance)
              .map(Ensure.Made.class::cast)
              .toList();
      return failed(partial.failure()).with(entered(made));
    }
  }

  /** The machine of the blueprint: as it was when the run began, or the phase fails. */
  SourceMachine sourceMachine() {
    return tools.sources().unchanged(source(), options, known(Facts.FINGERPRINT));
  }

  private static PhaseOutcome failed(RuntimeException failure) {
    if (failure instanceof MigrationException known && !known.isRetryable()) {
      return PhaseOutcome.fail(known.code(), String.valueOf(known.getMessage()));
    }
    PhaseOutcome.Retry retry = PhaseOutcome.retry(String.valueOf(failure.getMessage()));
    return failure instanceof MigrationException known && known.retryAfter().isPresent()
        ? new PhaseOutcome.Retry(retry.message(), known.retryAfter().get(), retry.notes())
        : retry;
  }

  private static Notes entered(List<Ensure.Made> made) {
    return Notes.none().created(made.stream().flatMap(each -> each.ledger().stream()).toList());
  }
}
