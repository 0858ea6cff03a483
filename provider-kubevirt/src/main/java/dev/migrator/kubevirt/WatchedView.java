package dev.migrator.kubevirt;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigratorContext;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Watched copies: one informer for each kind, cluster and namespace, whatever the number of
 * machines.
 *
 * <p>What this library makes is selected by its label. The source's instances bear none: they are
 * followed by name where the plan has one machine in a namespace, else all of that namespace. An
 * informer begins when it is first asked for something; until it has its first list, while its
 * watch is broken off, and for all that is not watched, the server is asked.
 */
final class WatchedView implements ClusterView {

  /**
   * What one informer follows.
   *
   * @param side the cluster
   * @param kind the kind
   * @param namespace the namespace
   * @param name the one object that is followed, or empty for all that have the labels
   * @param labels what selects the objects
   */
  private record Scope(
      Side side, Kind kind, String namespace, String name, Map<String, String> labels) {}

  private final Sides sides;
  private final MigrationPlan plan;
  private final MigratorContext context;
  private final Map<String, VmRef> byToken;
  private final Map<VmRef, VmRef> bySource;
  private final Map<Scope, SharedIndexInformer<GenericKubernetesResource>> informers =
      new ConcurrentHashMap<>();
  private final Map<Side, String> bundles = new ConcurrentHashMap<>();

  private WatchedView(MigrationPlan plan, Sides sides, MigratorContext context) {
    this.plan = plan;
    this.sides = sides;
    this.context = context;
    this.byToken =
        plan.vms().stream()
            .map(PlannedVm::source)
            .collect(Collectors.toMap(vm -> Labels.vmToken(plan.id(), vm), vm -> vm));
    this.bySource =
        plan.vms().stream().map(PlannedVm::source).collect(Collectors.toMap(vm -> vm, vm -> vm));
  }

  static ClusterView open(MigrationPlan plan, Sides sides, MigratorContext context) {
    return new WatchedView(plan, sides, context);
  }

  @Override
  public void follow(Installations installations) {
    bundles.put(Side.SOURCE, installations.source().namespace());
    bundles.put(Side.TARGET, installations.target().namespace());
  }

  @Override
  public Optional<GenericKubernetesResource> get(
      Side side, Kind kind, String namespace, String name) {
    Optional<Scope> scope = scope(side, kind, namespace, name);
    if (scope.isEmpty()) {
      return sides.get(side, kind, namespace, name);
    }
    SharedIndexInformer<GenericKubernetesResource> informer =
        informers.computeIfAbsent(scope.get(), this::start);
    // A copy whose watch has broken off would go on telling the past.
    return informer.hasSynced() && informer.isWatching()
        ? Optional.ofNullable(informer.getStore().getByKey(namespace + "/" + name))
        : sides.get(side, kind, namespace, name);
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::stop);
    informers.clear();
  }

  private Optional<Scope> scope(Side side, Kind kind, String namespace, String name) {
    return switch (kind) {
      case MIGRATION, DATA_VOLUME, PVC ->
          Optional.of(new Scope(side, kind, namespace, "", Labels.selector(plan)));
      case INSTANCE ->
          Optional.of(
              side == Side.TARGET
                  ? new Scope(side, kind, namespace, "", Labels.selector(plan))
                  : new Scope(side, kind, namespace, isAlone(namespace) ? name : "", Map.of()));
      case CONFIG_MAP ->
          name.equals(Trust.BUNDLE) && namespace.equals(bundles.get(side))
              ? Optional.of(new Scope(side, kind, namespace, name, Map.of()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private boolean isAlone(String namespace) {
    return bySource.keySet().stream().filter(vm -> vm.namespace().equals(namespace)).count() == 1;
  }

  private SharedIndexInformer<GenericKubernetesResource> start(Scope scope) {
    var all = sides.of(scope.side()).all(scope.kind()).inNamespace(scope.namespace());
    SharedIndexInformer<GenericKubernetesResource> informer =
        scope.name().isEmpty()
            ? all.withLabels(scope.labels()).runnableInformer(0)
            : all.withName(scope.name()).runnableInformer(0);
    informer.addEventHandler(new Waker(scope));
    // A cluster that cannot be reached now is tried again for as long as the view is open.
    informer.exceptionHandler((isStarted, failure) -> true);
    informer.start();
    return informer;
  }

  /** Wakes the machine that an object belongs to; decides nothing. */
  private final class Waker implements ResourceEventHandler<GenericKubernetesResource> {
    private final Scope scope;

    Waker(Scope scope) {
      this.scope = scope;
    }

    @Override
    public void onAdd(GenericKubernetesResource added) {
      wake(added);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
      wake(after);
    }

    @Override
    public void onDelete(GenericKubernetesResource deleted, boolean isGuess) {
      wake(deleted);
    }

    private void wake(GenericKubernetesResource object) {
      machines(object).forEach(vm -> context.wake(plan.id(), vm));
    }

    private Set<VmRef> machines(GenericKubernetesResource object) {
      String token = Labels.label(object, Labels.VM);
      if (token != null) {
        return Optional.ofNullable(byToken.get(token)).map(Set::of).orElse(Set.of());
      }
      if (scope.kind() == Kind.CONFIG_MAP) {
        return new LinkedHashSet<>(bySource.keySet());
      }
      VmRef ref = new VmRef(object.getMetadata().getNamespace(), object.getMetadata().getName());
      return bySource.containsKey(ref) ? Set.copyOf(List.of(ref)) : Set.of();
    }
  }
}
