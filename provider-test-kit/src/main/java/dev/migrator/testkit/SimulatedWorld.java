package dev.migrator.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.model.VmRef;
import dev.migrator.spi.MigratorProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Two toy clusters in memory with running toy machines, and a {@link SimulatedProvider} that moves
 * them live: for tests of hosts, and to try the kit out.
 *
 * <p>A machine has a disk and a secret. Once a transfer was started, the guest moves by itself when
 * its time is over, as with a real hypervisor.
 */
public final class SimulatedWorld implements Subject {

  private static final Duration BOOT = Duration.ofSeconds(5);

  private final ManualClock clock = new ManualClock();
  private final SimulatedCluster source = new SimulatedCluster(Side.SOURCE);
  private final SimulatedCluster target = new SimulatedCluster(Side.TARGET);
  private final MigrationPlan plan;
  private final Set<String> secrets = new LinkedHashSet<>();
  private final Set<VmRef> broken = new LinkedHashSet<>();
  private Duration transfer = Duration.ofMinutes(2);

  /** A world with two machines. */
  public SimulatedWorld() {
    this(2);
  }

  /**
   * A world with running machines {@code demo/vm-0} and so on.
   *
   * @param machines how many
   */
  public SimulatedWorld(int machines) {
    plan = Plans.of(SimulatedProvider.ID, MigrationType.LIVE, machines);
    for (PlannedVm vm : plan.vms()) {
      String namespace = vm.source().namespace();
      String name = vm.source().name();
      String password = "pw-" + UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
      secrets.add(password);
      source.put("Machine", namespace, name, "", Map.of("state", "Running", "policy", "Always"));
      source.put("Disk", namespace, name, "", Map.of("size", "10"));
      source.put("Secret", namespace, name, "", Map.of("password", password));
    }
  }

  /** Sets how long the guest takes to move; two minutes by default. */
  public SimulatedWorld transferTakes(Duration duration) {
    transfer = duration;
    return this;
  }

  /** Has the transfer of a machine fail when half of its time is over. */
  public SimulatedWorld breakTransfer(VmRef vm) {
    broken.add(vm);
    return this;
  }

  @Override
  public ManualClock clock() {
    return clock;
  }

  @Override
  public MigratorProvider provider() {
    return new SimulatedProvider();
  }

  @Override
  public MigrationPlan plan() {
    return plan;
  }

  @Override
  public @Nullable Object connection(Endpoint endpoint, Class<?> type) {
    if (type != SimulatedCluster.class) {
      return null;
    }
    return endpoint.name().equals(plan.source().name()) ? source : target;
  }

  @Override
  public void settle() {
    for (PlannedVm vm : plan.vms()) {
      boot(vm);
      transfer(vm);
    }
  }

  @Override
  public Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>(source.snapshot());
    all.putAll(target.snapshot());
    return all;
  }

  @Override
  public Set<Side> whereabouts(PlannedVm vm) {
    Set<Side> sides = EnumSet.noneOf(Side.class);
    if (isRunning(source, vm.source())) {
      sides.add(Side.SOURCE);
    }
    if (isRunning(target, vm.target())) {
      sides.add(Side.TARGET);
    }
    return sides;
  }

  @Override
  public Set<String> secrets() {
    return Set.copyOf(secrets);
  }

  @Override
  public void outage(boolean unreachable) {
    source.outage(unreachable);
    target.outage(unreachable);
  }

  /** A new receiver gets an address when it has booted. */
  private void boot(PlannedVm vm) {
    VmRef ref = vm.target();
    target
        .peek("Machine", ref.namespace(), ref.name())
        .filter(machine -> machine.get("state").equals("Created"))
        .ifPresent(
            machine -> {
              if (since(machine).compareTo(BOOT) >= 0) {
                target.change(
                    machine, Map.of("state", "Receiving", "address", "west/" + ref.name()));
              }
            });
  }

  /** The guest moves by itself when the transfer's time is over and its receiver is there. */
  private void transfer(PlannedVm vm) {
    VmRef from = vm.source();
    source
        .peek("Transfer", from.namespace(), from.name())
        .filter(transfer -> transfer.get("state").equals("Copying"))
        .ifPresent(running -> transfer(vm, running));
  }

  private void transfer(PlannedVm vm, SimulatedCluster.Thing running) {
    Duration since = since(running);
    if (broken.contains(vm.source()) && since.multipliedBy(2).compareTo(transfer) >= 0) {
      source.change(running, Map.of("state", "Failed"));
    } else if (since.compareTo(transfer) < 0) {
      long percent = since.toMillis() * 100 / transfer.toMillis();
      source.change(running, Map.of("percent", String.valueOf(percent)));
    } else {
      SimulatedCluster.Thing receiver =
          target
              .peek("Machine", vm.target().namespace(), vm.target().name())
              .filter(machine -> machine.get("address").equals(running.get("address")))
              .orElse(null);
      if (receiver == null) {
        source.change(running, Map.of("state", "Failed"));
        return;
      }
      target.change(receiver, Map.of("state", "Running"));
      source
          .peek("Machine", vm.source().namespace(), vm.source().name())
          .ifPresent(machine -> source.change(machine, Map.of("state", "Stopped")));
      source.change(running, Map.of("state", "Done", "percent", "100"));
    }
  }

  private Duration since(SimulatedCluster.Thing thing) {
    return Duration.between(Instant.parse(thing.get("since")), clock.instant());
  }

  private static boolean isRunning(SimulatedCluster cluster, VmRef vm) {
    return cluster
        .peek("Machine", vm.namespace(), vm.name())
        .filter(machine -> machine.get("state").equals("Running"))
        .isPresent();
  }
}
