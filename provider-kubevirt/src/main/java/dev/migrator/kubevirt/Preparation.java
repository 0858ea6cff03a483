package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The phases from the first look at the source to the shared objects that the receiver needs. */
final class Preparation {

  private Preparation() {}

  /** Phase {@code Started}: freezes the source (R4) and reserves what will be made. */
  static PhaseOutcome start(Move move) {
    Optional<SourceMachine> found = move.tools().sources().known(move.source(), move.options());
    Optional<String> refusal = refusal(move, found);
    if (refusal.isPresent()) {
      return PhaseOutcome.fail(ConcernCode.REQUESTER_REFUSED.code(), refusal.get());
    }
    if (found.isEmpty() || looksTouched(found.get())) {
      Optional<Notes> resumed = Resume.notes(move);
      if (resumed.isPresent()) {
        return PhaseOutcome.advance(resumed.get());
      }
    }
    SourceMachine machine = move.tools().sources().remembered(move.source(), move.options());
    Blueprint blueprint = blueprint(move, machine);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(Facts.FINGERPRINT, Fingerprint.of(machine).text());
    facts.put(Facts.SPEC, Fingerprint.ofMachine(machine.vm(), machine.vmi()));
    facts.put(Facts.SOURCE_UID, machine.vm().uid());
    facts.put(Facts.SOURCE_INSTANCE, machine.instance().map(VmiView::uid).orElse(""));
    facts.put(Facts.STRATEGY, SourceStrategy.of(machine.vm()).text());
    facts.put(Facts.RESTORE, restore(blueprint));
    facts.put(Facts.SETTINGS, Serialization.asJson(KubeVirtOptions.given(move.plan())));
    facts.putAll(HaltedTarget.facts(move, blueprint));
    facts.put(
        Facts.RESERVED,
        Reserved.text(
            blueprint.objects().stream()
                .filter(object -> !HaltedTarget.isThere(facts, blueprint, object))
                .toList()));
    facts.put(
        Facts.VOLUMES,
        String.join("\n", blueprint.volumes().stream().map(Blueprint.Volume::name).toList()));
    blueprint
        .identity()
        .values()
        .forEach((trait, value) -> facts.put(Facts.IDENTITY + trait, value));
    return PhaseOutcome.advance(Notes.none().facts(facts));
  }

  /** What was validated is not asked for again; a host may have skipped the validation. */
  private static Optional<String> refusal(Move move, Optional<SourceMachine> found) {
    Demand demand = Demand.of(move.plan(), move.vm(), move.options());
    Optional<String> refusal =
        Requesters.refusal(move.tools(), found.map(demand::with).orElse(demand));
    return refusal.filter(why -> !Resume.isSending(move.sides(), move.plan(), move.vm()));
  }

  /** Whether this run may have been here before: then it pays to look for its receiver. */
  private static boolean looksTouched(SourceMachine machine) {
    String strategy = machine.vm().runStrategy();
    boolean still =
        machine
            .instance()
            .filter(vmi -> vmi.isRunning() && vmi.isReady() && !vmi.migrationState().exists())
            .isPresent();
    return !still || strategy.equals("Manual") || strategy.equals("Halted");
  }

  /** Phase {@code EnsureResources}: the namespace and what the machine refers to. */
  static PhaseOutcome ensureResources(Move move) {
    if (move.fact(Facts.RESUMED).isPresent()) {
      return PhaseOutcome.advance();
    }
    if (move.options().createNamespace()) {
      namespace(move);
    }
    List<Supplier<Ensure.Made>> requests = new ArrayList<>();
    for (GenericKubernetesResource object : blueprint(move).shared()) {
      requests.add(() -> move.on(Side.TARGET).shared(object));
    }
    return move.make(requests, made -> PhaseOutcome.advance());
  }

  /** The blueprint of a machine that is what it was when the run began. */
  static Blueprint blueprint(Move move) {
    return blueprint(move, move.sourceMachine());
  }

  /** The blueprint of the machine as it is, whatever it was when a run began. */
  static Blueprint planned(Move move) {
    Sources sources = move.tools().sources();
    try {
      return blueprint(move, sources.remembered(move.source(), move.options()));
    } finally {
      sources.forget(move.source());
    }
  }

  private static Blueprint blueprint(Move move, SourceMachine machine) {
    return Blueprints.build(
        machine,
        move.plan(),
        move.vm(),
        move.options(),
        move.tools().facts(machine, move.vm(), move.options()));
  }

  private static String restore(Blueprint blueprint) {
    return Optional.ofNullable(blueprint.receiver().getMetadata().getAnnotations())
        .map(annotations -> annotations.get(VmView.RESTORE_RUN_STRATEGY))
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    ConcernCode.RUN_STRATEGY_UNSUPPORTED.code(),
                    "The receiver has no run strategy to take on arrival."));
  }

  /** A namespace that we make is never deleted: by then others may live in it. */
  private static void namespace(Move move) {
    String name = move.target().namespace();
    if (move.sides().get(Side.TARGET, Kind.NAMESPACE, "", name).isEmpty()) {
      move.sides().target().create(namespace(move.plan(), name));
    }
  }

  /** A namespace of ours, to be created. */
  static GenericKubernetesResource namespace(MigrationPlan plan, String name) {
    GenericKubernetesResource created = Kind.NAMESPACE.blank("", name);
    created.getMetadata().setLabels(Labels.selector(plan));
    return created;
  }

  /** The places that a run may create objects at, as text for the status. */
  static final class Reserved {

    private Reserved() {}

    static String text(List<GenericKubernetesResource> objects) {
      return String.join(
          "\n",
          objects.stream()
              .map(
                  object ->
                      String.join(
                          " ",
                          Kind.of(object.getApiVersion(), object.getKind()).name(),
                          object.getMetadata().getNamespace(),
                          object.getMetadata().getName()))
              .toList());
    }

    static List<ObjectRef> parse(String text) {
      return text.lines()
          .map(line -> line.split(" ", 3))
          .filter(parts -> parts.length == 3)
          .map(parts -> Kind.valueOf(parts[0]).ref(Side.TARGET, parts[1], parts[2], ""))
          .toList();
    }
  }
}
