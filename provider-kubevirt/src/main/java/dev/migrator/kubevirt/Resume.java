package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Takes a run up again whose status was lost: what its first phase recorded stands on the receiver
 * too, and everything else has derived names.
 *
 * <p>Without it the source would be judged as it is in the middle of its move, the run would be
 * refused, and nobody would halt the source once the guest has moved.
 */
final class Resume {

  private static final int FIRST_ATTEMPT = 1;
  private static final String MADE_ANEW =
      "The status of this run was lost and was made anew from what stands in the clusters.";

  private Resume() {}

  /** What is written on the receiver: digests, names and traits, never a secret. */
  static String text(Map<String, String> facts) {
    Map<String, String> first = new TreeMap<>();
    facts.forEach(
        (key, value) -> {
          if (key.startsWith(Facts.IDENTITY) || Facts.FIRST.contains(key)) {
            first.put(key, value);
          }
        });
    return Serialization.asJson(first);
  }

  /** The receiver of this very run, if it is there. */
  static Optional<GenericKubernetesResource> receiver(
      Sides sides, MigrationPlan plan, PlannedVm vm) {
    return sides
        .get(Side.TARGET, Kind.VIRTUAL_MACHINE, vm.target().namespace(), vm.target().name())
        .filter(found -> Labels.isOfRun(found, plan, vm))
        .filter(found -> Labels.annotations(found).containsKey(Labels.FACTS));
  }

  /** Whether the target shows that this run is under way; not, where we may not look. */
  static boolean isUnderWay(Sides sides, MigrationPlan plan, PlannedVm vm) {
    return isFound(() -> receiver(sides, plan, vm));
  }

  /**
   * Whether the source, too, shows that this run is under way: whoever may make a receiver on the
   * target cannot feign that.
   */
  static boolean isSending(Sides sides, MigrationPlan plan, PlannedVm vm) {
    String half = Names.of(plan, vm).sendHalf(FIRST_ATTEMPT);
    return isFound(
        () ->
            sides
                .get(Side.SOURCE, Kind.MIGRATION, vm.source().namespace(), half)
                .filter(found -> Labels.isOfRun(found, plan, vm)));
  }

  private static boolean isFound(Supplier<Optional<GenericKubernetesResource>> look) {
    try {
      return look.get().isPresent();
    } catch (MigrationException e) {
      if (e.isRetryable()) {
        throw e;
      }
      return false;
    }
  }

  /**
   * What the lost status knew.
   *
   * @return facts and ledger, or empty when the run has no receiver yet
   */
  static Optional<Notes> notes(Move move) {
    return receiver(move.sides(), move.plan(), move.vm()).map(found -> notes(move, found));
  }

  /**
   * What an ending has to know first when the status lacks what the first phase records: it was
   * lost, or the machine was never started. Only what this very run made is looked for.
   *
   * @return what to put on record, or that there is nothing to undo; empty when all is known
   */
  static Optional<PhaseOutcome> beforeUndoing(Move move) {
    VmStatus status = move.context().status();
    if (status.fact(Facts.RESERVED).isPresent()) {
      Notes forgotten = forgottenSwitch(move).and(forgottenAttempt(move));
      return forgotten.isEmpty() ? Optional.empty() : Optional.of(PhaseOutcome.recorded(forgotten));
    }
    Optional<Notes> known = notes(move);
    if (known.isPresent()) {
      return known.map(PhaseOutcome::recorded);
    }
    Notes none = Notes.none();
    List<ObjectRef> found = new ArrayList<>(halves(move, FIRST_ATTEMPT));
    try {
      for (GenericKubernetesResource object : Preparation.planned(move).objects()) {
        Remains.ofRun(move, object).ifPresent(found::add);
      }
    } catch (MigrationException unknown) {
      if (unknown.isRetryable()) {
        throw unknown;
      }
      none =
          status.phase() == null
              ? none.warning(
                  "It could not be looked for what an earlier start may have left: "
                      + unknown.getMessage())
              : none;
    }
    if (!found.isEmpty()) {
      return Optional.of(
          PhaseOutcome.recorded(none.created(found).fact(Facts.RESERVED, "").warning(MADE_ANEW)));
    }
    return status.ledger().isEmpty() ? Optional.of(PhaseOutcome.advance(none)) : Optional.empty();
  }

  /**
   * A status that is older than what was done may not know that the source was switched to Manual
   * for the copy, which happens once the receive half is there.
   */
  static Notes forgottenSwitch(Move move) {
    String strategy = move.fact(Facts.STRATEGY).orElse("");
    boolean receives =
        move.ledger(Side.TARGET, Kind.MIGRATION, move.target().namespace(), move.receiveHalf())
            .isPresent();
    boolean open = move.fact(Facts.SWITCHED).isEmpty() && receives;
    return open
            && SourceStrategy.parse(strategy).isRerunOnFailure()
            && Epilogue.sourceVm(move)
                .filter(vm -> SourceStrategy.of(vm).equals(SourceStrategy.MANUAL))
                .isPresent()
        ? Notes.none().fact(Facts.SWITCHED, strategy)
        : Notes.none();
  }

  /**
   * Nor that a further attempt was begun; the receiver knows, and then the halves before are gone.
   */
  private static Notes forgottenAttempt(Move move) {
    return Optional.of(move)
        .filter(each -> each.options().attempts() > FIRST_ATTEMPT)
        .flatMap(each -> receiver(each.sides(), each.plan(), each.vm()))
        .map(found -> Labels.annotations(found).get(Labels.ATTEMPT))
        .map(NextAttempt::read)
        .filter(facts -> Integer.parseInt(facts.get(Facts.ATTEMPT)) > move.attempt())
        .map(
            facts ->
                Notes.none()
                    .facts(facts)
                    .facts(Map.of(Facts.ENDED, "", Facts.FENCED, "", Facts.FORCED, ""))
                    .removed(RollBack.lines(move)))
        .orElse(Notes.none());
  }

  private static Notes notes(Move move, GenericKubernetesResource receiver) {
    Map<String, String> facts = new TreeMap<>();
    Tree.map(Serialization.unmarshal(Labels.annotations(receiver).get(Labels.FACTS), Map.class))
        .forEach((key, value) -> facts.put(key, String.valueOf(value)));
    facts.put(Facts.RESUMED, "true");
    facts.put(Facts.OWNED, "true");
    if (SourceStrategy.parse(facts.getOrDefault(Facts.STRATEGY, "")).isRerunOnFailure()) {
      facts.put(Facts.SWITCHED, facts.get(Facts.STRATEGY));
    }
    List<ObjectRef> ledger =
        new ArrayList<>(Remains.at(move, facts.getOrDefault(Facts.RESERVED, "")));
    Optional.ofNullable(Labels.annotations(receiver).get(Labels.ATTEMPT))
        .map(NextAttempt::read)
        .ifPresent(facts::putAll);
    int attempt = Integer.parseInt(facts.getOrDefault(Facts.ATTEMPT, "1"));
    ledger.addAll(halves(move, attempt));
    return Notes.none().facts(facts).created(ledger).warning(MADE_ANEW);
  }

  private static List<ObjectRef> halves(Move move, int attempt) {
    Names names = move.names();
    return Stream.of(
            half(move, Side.SOURCE, move.source().namespace(), names.sendHalf(attempt)),
            half(move, Side.TARGET, move.target().namespace(), names.receiveHalf(attempt)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<ObjectRef> half(Move move, Side side, String namespace, String name) {
    return move.sides()
        .get(side, Kind.MIGRATION, namespace, name)
        .filter(found -> Labels.isOfRun(found, move.plan(), move.vm()))
        .map(found -> move.sides().of(side).ref(found));
  }
}
