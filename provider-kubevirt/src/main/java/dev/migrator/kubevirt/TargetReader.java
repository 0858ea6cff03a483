package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks up on the target what one machine needs there: a request for each thing that it refers to,
 * and a constant number of lists of its namespace; none of them depends on how many machines there
 * are.
 */
final class TargetReader {

  private final Sides sides;
  private final MigrationPlan plan;
  private final KubeVirtOptions options;

  TargetReader(Sides sides, MigrationPlan plan, KubeVirtOptions options) {
    this.sides = sides;
    this.plan = plan;
    this.options = options;
  }

  /** What a blueprint has to know: the classes that its volumes are mapped to. */
  TargetFacts storage(SourceMachine source) {
    return look(classes(source, Kind.STORAGE_CLASS));
  }

  /** Everything that the rules about the target ask for. */
  TargetFacts read(SourceMachine source, PlannedVm vm, KubeVirtView targetKubeVirt) {
    Set<TargetFacts.Place> places = new LinkedHashSet<>();
    String namespace = vm.target().namespace();
    places.add(TargetFacts.Place.of(Kind.NAMESPACE, "", namespace));
    places.addAll(classes(source, Kind.STORAGE_CLASS));
    places.addAll(classes(source, Kind.STORAGE_PROFILE));
    targetKubeVirt
        .vmStateStorageClass()
        .filter(name -> PersistentState.isNeeded(source))
        .ifPresent(name -> places.add(TargetFacts.Place.of(Kind.STORAGE_PROFILE, "", name)));
    new Networks(plan, vm.source().namespace(), namespace)
        .fates(source.vm().templateSpec()).stream()
            .flatMap(fate -> Optional.ofNullable(fate.target()).stream())
            .filter(target -> target.contains("/"))
            .map(target -> target.split("/", 2))
            .forEach(it -> places.add(TargetFacts.Place.of(Kind.NETWORK_ATTACHMENT, it[0], it[1])));
    named(source, namespace, ReferenceKind.PRIORITY_CLASS, Kind.PRIORITY_CLASS, places);
    named(source, namespace, ReferenceKind.SERVICE_ACCOUNT, Kind.SERVICE_ACCOUNT, places);
    if (options.instancetypes() != KubeVirtOptions.Instancetypes.EXPAND) {
      for (Optional<Matcher> matcher :
          List.of(source.vm().instancetype(), source.vm().preference())) {
        matcher.ifPresent(it -> places.add(TargetFacts.Place.of(it.kind(), namespace, it.name())));
      }
    }
    TargetFacts facts = look(places).from(sourceNode(source)).with(Kind.NODE, list(Kind.NODE, ""));
    for (Kind kind : List.of(Kind.RESOURCE_QUOTA, Kind.LIMIT_RANGE, Kind.VIRTUAL_MACHINE)) {
      facts = facts.with(kind, list(kind, namespace));
    }
    return facts;
  }

  /**
   * Tries every object of a blueprint in a dry run, which writes nothing.
   *
   * @param blueprint what would be made
   * @param facts what is known already
   * @param findings gets what the server refuses, or would lose
   * @return the facts, with what stands at the places that are taken
   */
  TargetFacts dryRun(Blueprint blueprint, TargetFacts facts, Findings findings) {
    TargetFacts known = facts;
    for (GenericKubernetesResource object : blueprint.objects()) {
      TargetFacts.Place place = TargetFacts.Place.of(object);
      Cluster.DryRun tried = sides.target().dryRun(object);
      if (tried.isTaken()) {
        known =
            known.with(
                place.kind(),
                place.namespace(),
                place.name(),
                sides.get(Side.TARGET, place.kind(), place.namespace(), place.name()));
      } else {
        judge(place, object, tried, findings);
        if (place.kind() == Kind.DATA_VOLUME) {
          known =
              known.with(
                  Kind.PVC,
                  place.namespace(),
                  place.name(),
                  sides.get(Side.TARGET, Kind.PVC, place.namespace(), place.name()));
        }
      }
    }
    return known;
  }

  private static void judge(
      TargetFacts.Place place,
      GenericKubernetesResource sent,
      Cluster.DryRun tried,
      Findings findings) {
    findings.addIf(
        !tried.refusal().isEmpty(),
        ConcernCode.DRY_RUN_REFUSED,
        place.describe(),
        "The target refuses it: " + tried.refusal());
    List<String> lost = tried.stored().map(stored -> SpecDiff.lost(sent, stored)).orElse(List.of());
    findings.addIf(
        !lost.isEmpty(),
        ConcernCode.FIELD_LOST,
        place.describe(),
        "The target's schema drops " + String.join(", ", lost) + ".");
  }

  private Set<TargetFacts.Place> classes(SourceMachine source, Kind kind) {
    Set<TargetFacts.Place> places = new LinkedHashSet<>();
    for (SourceVolume volume : SourceVolume.of(source)) {
      volume.targetClass(plan).ifPresent(name -> places.add(TargetFacts.Place.of(kind, "", name)));
    }
    return places;
  }

  private static void named(
      SourceMachine source,
      String namespace,
      ReferenceKind reference,
      Kind kind,
      Set<TargetFacts.Place> places) {
    source
        .references()
        .names(reference)
        .forEach(name -> places.add(TargetFacts.Place.of(kind, namespace, name)));
  }

  private TargetFacts look(Set<TargetFacts.Place> places) {
    Map<TargetFacts.Place, Optional<GenericKubernetesResource>> found = new HashMap<>();
    for (TargetFacts.Place place : places) {
      found.put(place, sides.get(Side.TARGET, place.kind(), place.namespace(), place.name()));
    }
    return new TargetFacts(found, Map.of(), Optional.empty());
  }

  private Optional<GenericKubernetesResource> sourceNode(SourceMachine source) {
    return source
        .instance()
        .flatMap(VmiView::nodeName)
        .flatMap(name -> sides.get(Side.SOURCE, Kind.NODE, "", name));
  }

  private List<GenericKubernetesResource> list(Kind kind, String namespace) {
    return new ArrayList<>(sides.target().list(kind, namespace, Map.of()));
  }
}
