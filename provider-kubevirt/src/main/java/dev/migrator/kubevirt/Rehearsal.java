package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Severity;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Tries, without a write, everything that a move would create, made and labelled by the same code
 * as then: the servers' schemas and admission speak, and names that are taken are found.
 *
 * <p>The receive half cannot be tried: admission asks for its instance first, which is not there
 * yet.
 */
final class Rehearsal {

  private final Toolbox tools;
  private final MigrationPlan plan;
  private final PlannedVm vm;
  private final Findings findings;

  Rehearsal(Toolbox tools, MigrationPlan plan, PlannedVm vm, Findings findings) {
    this.tools = tools;
    this.plan = plan;
    this.vm = vm;
    this.findings = findings;
  }

  /**
   * One object that was tried.
   *
   * @param side where
   * @param sent as it was sent
   * @param answer what the server said
   * @param there what stands at its place, where that is taken; where it is free, what stands at
   *     the place of what its controllers would make of it
   */
  private record Tried(
      Side side,
      GenericKubernetesResource sent,
      Cluster.DryRun answer,
      Optional<GenericKubernetesResource> there) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return Blueprint.describe(sent) + " " + answer;
    }
  }

  /**
   * Tries the objects of a blueprint and the send half, side by side.
   *
   * @param blueprint what would be made
   * @param exports what all machines share to make the target reachable; empty where nothing
   * @param facts what is known already
   * @param address where the source would reach the target
   * @return the facts, with what stands at the places that are taken
   */
  TargetFacts of(
      Blueprint blueprint,
      List<GenericKubernetesResource> exports,
      TargetFacts facts,
      String address) {
    List<CompletableFuture<Tried>> started = new ArrayList<>();
    Ensure target = new Ensure(tools.sides().target(), plan, vm);
    Ensure source = new Ensure(tools.sides().source(), plan, vm);
    if (facts.isMissing(Kind.NAMESPACE, "", vm.target().namespace())) {
      GenericKubernetesResource namespace = Preparation.namespace(plan, vm.target().namespace());
      start(started, Side.TARGET, namespace, () -> tools.sides().target().dryRun(namespace));
    } else {
      for (GenericKubernetesResource shared : blueprint.shared()) {
        start(started, Side.TARGET, shared, () -> target.tryShared(shared));
      }
      for (Blueprint.Volume volume : blueprint.volumes()) {
        start(started, Side.TARGET, volume.object(), () -> target.tryOwn(volume.object()));
      }
      GenericKubernetesResource receiver = Tree.copy(blueprint.receiver());
      Standby.label(receiver, plan, vm);
      start(started, Side.TARGET, receiver, () -> target.tryOwn(receiver));
    }
    for (GenericKubernetesResource export : exports) {
      start(started, Side.TARGET, export, () -> target.tryShared(export));
    }
    GenericKubernetesResource half = Halves.sendHalf(vm, Names.of(plan, vm), 1, address);
    start(started, Side.SOURCE, half, () -> source.tryOwn(half));

    TargetFacts known = facts;
    for (CompletableFuture<Tried> each : started) {
      Tried tried = Parallel.join(each);
      judge(tried);
      known = tried.side() == Side.TARGET ? noted(tried, known) : known;
    }
    return known;
  }

  private void start(
      List<CompletableFuture<Tried>> started,
      Side side,
      GenericKubernetesResource object,
      Supplier<Cluster.DryRun> request) {
    Executor executor = tools.context().executor();
    TargetFacts.Place place = TargetFacts.Place.of(object);
    CompletableFuture<Optional<GenericKubernetesResource>> made =
        made(place.kind()) == place.kind()
            ? CompletableFuture.completedFuture(Optional.empty())
            : CompletableFuture.supplyAsync(() -> at(side, made(place.kind()), place), executor);
    started.add(
        CompletableFuture.supplyAsync(request, executor)
            .thenCombineAsync(
                made,
                (answer, there) ->
                    new Tried(
                        side,
                        object,
                        answer,
                        answer.isTaken() ? at(side, place.kind(), place) : there),
                executor));
  }

  private Optional<GenericKubernetesResource> at(Side side, Kind kind, TargetFacts.Place place) {
    return tools.sides().get(side, kind, place.namespace(), place.name());
  }

  /** The kind of what controllers make of an object, under its name; else its own. */
  private static Kind made(Kind kind) {
    return switch (kind) {
      case DATA_VOLUME -> Kind.PVC;
      case VIRTUAL_MACHINE -> Kind.INSTANCE;
      default -> kind;
    };
  }

  private static TargetFacts noted(Tried tried, TargetFacts facts) {
    TargetFacts.Place place = TargetFacts.Place.of(tried.sent());
    Kind kind = tried.answer().isTaken() ? place.kind() : made(place.kind());
    return facts.with(kind, place.namespace(), place.name(), tried.there());
  }

  private void judge(Tried tried) {
    String subject = TargetFacts.Place.of(tried.sent()).describe();
    Cluster.DryRun answer = tried.answer();
    if (!answer.isTold()) {
      findings.add(
          ConcernCode.NOT_CHECKED, subject, "It could not be tried: " + answer.refusal() + ".");
      return;
    }
    findings.addIf(
        !answer.refusal().isEmpty(),
        ConcernCode.DRY_RUN_REFUSED,
        Severity.CRITICAL,
        subject,
        "The "
            + (tried.side() == Side.TARGET ? "target" : "source")
            + " refuses it: "
            + answer.refusal());
    answer.stored().ifPresent(stored -> compare(subject, tried.sent(), stored));
  }

  /** Admission may answer with another object than it was asked for. */
  private void compare(
      String subject, GenericKubernetesResource sent, GenericKubernetesResource stored) {
    List<String> lost = SpecDiff.lost(sent, stored);
    findings.addIf(
        !lost.isEmpty(),
        ConcernCode.FIELD_LOST,
        subject,
        "The target's schema drops " + String.join(", ", lost) + ".");
    List<String> changed = Likeness.differences(sent, stored);
    findings.addIf(
        !changed.isEmpty(),
        ConcernCode.RECEIVER_DIFFERS,
        subject,
        "The target's admission changes it: " + String.join(" ", changed));
  }
}
