package dev.migrator.kubevirt;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.Subject;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The rig with one running VM, as the provider's contract tests see it. */
final class KubeVirtWorld implements Subject {

  private static final List<Side> SIDES = List.of(Side.SOURCE, Side.TARGET);
  private static final List<Kind> MADE =
      List.of(
          Kind.VIRTUAL_MACHINE,
          Kind.MIGRATION,
          Kind.DATA_VOLUME,
          Kind.PVC,
          Kind.SECRET,
          Kind.CONFIG_MAP);

  private final MigrationRig rig = new MigrationRig().booted();

  @Override
  public ManualClock clock() {
    return rig.clock;
  }

  @Override
  public MigratorProvider provider() {
    return new KubeVirtProvider();
  }

  @Override
  public MigrationPlan plan() {
    return rig.plan;
  }

  @Override
  public Object connection(Endpoint endpoint, Class<?> type) {
    boolean source = endpoint.name().equals(rig.plan.source().name());
    return rig.clusters.client(source ? Side.SOURCE : Side.TARGET);
  }

  @Override
  public void settle() {
    rig.simulator.settle();
  }

  @Override
  public Optional<Instant> nextEvent() {
    return rig.simulator.nextDue();
  }

  @Override
  public Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>();
    for (Side side : SIDES) {
      Cluster cluster = new Cluster(side, rig.clusters.actorClient(side));
      for (Kind kind : MADE) {
        for (GenericKubernetesResource object :
            cluster.list(kind, MigrationRig.NAMESPACE, Map.of())) {
          if (Labels.isOurs(object) || kind == Kind.VIRTUAL_MACHINE) {
            all.put(
                cluster.ref(object).toString(),
                kind == Kind.VIRTUAL_MACHINE
                    ? SourceStrategy.of(new VmView(object)).text()
                    : "there");
          }
        }
      }
    }
    return all;
  }

  @Override
  public Set<Side> whereabouts(PlannedVm vm) {
    Set<Side> sides = EnumSet.noneOf(Side.class);
    sides.addAll(rig.running());
    if (sides.isEmpty() && SIDES.stream().anyMatch(this::sawTheGuestArrive)) {
      // It is there before its instance says Running.
      sides.add(Side.TARGET);
    }
    return sides;
  }

  private boolean sawTheGuestArrive(Side side) {
    return rig.get(side, Kind.INSTANCE, MigrationRig.NAME)
        .map(VmiView::new)
        .flatMap(instance -> instance.migrationState().domainReady())
        .isPresent();
  }

  @Override
  public void outage(boolean unreachable) {
    FaultHook hook =
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            return unreachable ? Fault.drop() : Fault.NONE;
          }
        };
    SIDES.forEach(side -> rig.clusters.faults(side, hook));
  }

  @Override
  public void close() {
    rig.close();
  }
}
