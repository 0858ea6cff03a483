package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Looks up on the target what one machine needs there: one request for each thing that machines of
 * the plan refer to, and a few lists of the namespace, all shared by the plan's machines.
 */
final class TargetReader {

  private final Lookups lookups;
  private final MigrationPlan plan;
  private final KubeVirtOptions options;

  TargetReader(Lookups lookups, MigrationPlan plan, KubeVirtOptions options) {
    this.lookups = lookups;
    this.plan = plan;
    this.options = options;
  }

  /** What a blueprint has to know: the classes that its volumes are mapped to. */
  TargetFacts storage(SourceMachine source) {
    return look(classes(source, Kind.STORAGE_CLASS), Map.of(), Optional.empty());
  }

  /** Everything that the rules about the target ask for. */
  TargetFacts read(SourceMachine source, PlannedVm vm, KubeVirtView targetKubeVirt) {
    String namespace = vm.target().namespace();
    Set<TargetFacts.Place> places = new LinkedHashSet<>();
    places.add(TargetFacts.Place.of(Kind.NAMESPACE, "", namespace));
    for (Kind kind : List.of(Kind.STORAGE_CLASS, Kind.STORAGE_PROFILE)) {
      places.addAll(classes(source, kind));
      targetKubeVirt
          .vmStateStorageClass()
          .filter(name -> PersistentState.isNeeded(source))
          .ifPresent(name -> places.add(TargetFacts.Place.of(kind, "", name)));
    }
    new Networks(plan, vm.source().namespace(), namespace)
        .definitions(source.vm().templateSpec())
        .forEach(it -> places.add(TargetFacts.Place.of(Kind.NETWORK_ATTACHMENT, it)));
    named(source, namespace, ReferenceKind.PRIORITY_CLASS, Kind.PRIORITY_CLASS, places);
    named(source, namespace, ReferenceKind.SERVICE_ACCOUNT, Kind.SERVICE_ACCOUNT, places);
    if (options.instancetypes() != KubeVirtOptions.Instancetypes.EXPAND) {
      Stream.of(source.vm().instancetype(), source.vm().preference())
          .flatMap(Optional::stream)
          .forEach(it -> places.add(TargetFacts.Place.of(it.kind(), namespace, it.name())));
    }
    Map<Kind, String> lists = new EnumMap<>(Kind.class);
    lists.put(Kind.NODE, "");
    lists.put(Kind.MIGRATION_POLICY, "");
    for (Kind kind : List.of(Kind.RESOURCE_QUOTA, Kind.LIMIT_RANGE, Kind.VIRTUAL_MACHINE)) {
      lists.put(kind, namespace);
    }
    List<SourceVolume> volumes = SourceVolume.of(source);
    if (volumes.stream().anyMatch(SourceVolume::isDataVolume)) {
      lists.put(Kind.CDI, "");
    }
    if (volumes.stream().anyMatch(volume -> volume.targetClass(plan).isEmpty())
        || (PersistentState.isNeeded(source) && targetKubeVirt.vmStateStorageClass().isEmpty())) {
      lists.put(Kind.STORAGE_CLASS, "");
    }
    String left = vm.source().namespace();
    CompletableFuture<Lookups.Answer> policies =
        lookups.list(Side.SOURCE, Kind.MIGRATION_POLICY, "");
    CompletableFuture<Lookups.Answer> namespaceLeft =
        lookups.get(Side.SOURCE, Kind.NAMESPACE, "", left);
    TargetFacts facts = look(places, lists, source.instance().flatMap(VmiView::nodeName));
    // Who may not see them is told that the right is missing.
    return facts.ruledBy(
        MigrationPolicies.of(
            Parallel.join(policies).found(),
            source.instance().map(VmiView::labels).orElse(Map.of()),
            Parallel.join(namespaceLeft).one()));
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

  /** All requests are under way before the first answer is waited for. */
  private TargetFacts look(
      Set<TargetFacts.Place> places, Map<Kind, String> lists, Optional<String> sourceNode) {
    Map<TargetFacts.Place, CompletableFuture<Lookups.Answer>> objects = new LinkedHashMap<>();
    for (TargetFacts.Place it : places) {
      objects.put(it, lookups.get(Side.TARGET, it.kind(), it.namespace(), it.name()));
    }
    Map<Kind, CompletableFuture<Lookups.Answer>> listed = new EnumMap<>(Kind.class);
    lists.forEach((kind, where) -> listed.put(kind, lookups.list(Side.TARGET, kind, where)));
    Optional<CompletableFuture<Lookups.Answer>> node =
        sourceNode.map(name -> lookups.get(Side.SOURCE, Kind.NODE, "", name));

    Set<String> unseen = new TreeSet<>();
    Map<TargetFacts.Place, Optional<GenericKubernetesResource>> found = new LinkedHashMap<>();
    objects.forEach(
        (place, answer) -> {
          if (seen(answer, Side.TARGET, place.describe(), unseen)) {
            found.put(place, Parallel.join(answer).one());
          }
        });
    Map<Kind, List<GenericKubernetesResource>> all = new EnumMap<>(Kind.class);
    listed.forEach(
        (kind, answer) -> {
          if (seen(answer, Side.TARGET, "the list of " + kind.plural(), unseen)) {
            all.put(kind, Parallel.join(answer).found());
          }
        });
    Optional<GenericKubernetesResource> left =
        node.filter(answer -> seen(answer, Side.SOURCE, "Node " + sourceNode.orElse(""), unseen))
            .flatMap(answer -> Parallel.join(answer).one());
    return new TargetFacts(found, all, left, Optional.empty(), unseen);
  }

  private static boolean seen(
      CompletableFuture<Lookups.Answer> answer, Side side, String what, Set<String> unseen) {
    boolean forbidden = Parallel.join(answer).forbidden();
    if (forbidden) {
      unseen.add(what + " of the " + side.name().toLowerCase(Locale.ROOT));
    }
    return !forbidden;
  }
}
