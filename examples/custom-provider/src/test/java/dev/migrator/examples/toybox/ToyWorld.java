package dev.migrator.examples.toybox;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigratorProvider;
import dev.migrator.testkit.ManualClock;
import dev.migrator.testkit.Plans;
import dev.migrator.testkit.Subject;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Two embedded clusters with two running toy machines, and the controller that runs them. */
final class ToyWorld implements Subject {

  private static final List<Side> SIDES = List.of(Side.SOURCE, Side.TARGET);

  private final ManualClock clock = new ManualClock();
  private final EmbeddedClusters clusters = EmbeddedClusters.start(clock);
  private final MigrationPlan plan = Plans.of("toybox", MigrationType.COLD, 2);

  ToyWorld() {
    clusters.createNamespace("demo");
    for (PlannedVm vm : plan.vms()) {
      ConfigMap machine =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withNamespace(vm.source().namespace())
              .withName(vm.source().name())
              .endMetadata()
              .addToData(Map.of("running", "true", "state", "Running", "disk", disk(vm.source())))
              .build();
      clusters.actorClient(Side.SOURCE).resource(machine).create();
    }
  }

  @Override
  public ManualClock clock() {
    return clock;
  }

  @Override
  public MigratorProvider provider() {
    return new ToyProvider();
  }

  @Override
  public MigrationPlan plan() {
    return plan;
  }

  @Override
  public Object connection(Endpoint endpoint, Class<?> type) {
    boolean source = endpoint.name().equals(plan.source().name());
    return clusters.client(source ? Side.SOURCE : Side.TARGET);
  }

  /** The machines' controller: it starts and stops what is wanted, unless it was moved away. */
  @Override
  public void settle() {
    for (Side side : SIDES) {
      for (ConfigMap machine : machines(side)) {
        boolean wanted = "true".equals(machine.getData().get("running"));
        String state = wanted && !ToyMachines.isMoved(machine) ? "Running" : "Stopped";
        if (!state.equals(machine.getData().get("state"))) {
          clusters
              .actorClient(side)
              .resource(new ConfigMapBuilder(machine).addToData("state", state).build())
              .update();
        }
      }
    }
  }

  @Override
  public Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>();
    for (Side side : SIDES) {
      ToyMachines reader = new ToyMachines(side, () -> clusters.actorClient(side));
      for (ConfigMap machine : machines(side)) {
        all.put(
            reader.ref(machine).toString(),
            new TreeMap<>(machine.getData())
                + " "
                + machine.getMetadata().getLabels()
                + " "
                + machine.getMetadata().getAnnotations());
      }
    }
    return all;
  }

  @Override
  public Set<Side> whereabouts(PlannedVm vm) {
    Set<Side> sides = EnumSet.noneOf(Side.class);
    ConfigMap source = find(Side.SOURCE, vm.source());
    if (source != null && !ToyMachines.isMoved(source)) {
      sides.add(Side.SOURCE);
    } else if (find(Side.TARGET, vm.target()) != null) {
      sides.add(Side.TARGET);
    }
    return sides;
  }

  @Override
  public Set<String> secrets() {
    return Set.of(disk(plan.vms().get(0).source()), disk(plan.vms().get(1).source()));
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
    SIDES.forEach(side -> clusters.faults(side, hook));
  }

  @Override
  public void close() {
    clusters.close();
  }

  private List<ConfigMap> machines(Side side) {
    return client(side).configMaps().inNamespace("demo").list().getItems().stream()
        .filter(machine -> machine.getData() != null && machine.getData().containsKey("disk"))
        .toList();
  }

  private ConfigMap find(Side side, VmRef vm) {
    return client(side).configMaps().inNamespace(vm.namespace()).withName(vm.name()).get();
  }

  private KubernetesClient client(Side side) {
    return clusters.actorClient(side);
  }

  private static String disk(VmRef vm) {
    return "disk-of-" + vm.name() + "-4711";
  }
}
