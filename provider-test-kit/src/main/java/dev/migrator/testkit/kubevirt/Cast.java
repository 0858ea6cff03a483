package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.controller.GarbageCollector;
import dev.migrator.testkit.kubevirt.controller.MigrationController;
import dev.migrator.testkit.kubevirt.controller.Operator;
import dev.migrator.testkit.kubevirt.controller.SyncController;
import dev.migrator.testkit.kubevirt.controller.SyncNetwork;
import dev.migrator.testkit.kubevirt.controller.VmController;
import dev.migrator.testkit.kubevirt.controller.VmiController;
import dev.migrator.testkit.kubevirt.machine.Actor;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Store;
import dev.migrator.testkit.kubevirt.machine.Timers;
import dev.migrator.testkit.kubevirt.node.DataVolumes;
import dev.migrator.testkit.kubevirt.node.Handler;
import dev.migrator.testkit.kubevirt.node.HandlerWriter;
import dev.migrator.testkit.kubevirt.node.Kubelet;
import dev.migrator.testkit.kubevirt.node.Scheduler;
import dev.migrator.testkit.kubevirt.node.Volumes;
import dev.migrator.testkit.kubevirt.node.Wires;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.World;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** All sites and actors of one simulation, in the order in which they take their turns. */
final class Cast {
  private final Clusters clusters;
  private final Timers timers;
  private final Random random;
  private final World world;
  private final Map<Side, Site> sites = new EnumMap<>(Side.class);
  private final List<Member> members = new ArrayList<>();
  private final List<HandlerWriter> writers = new ArrayList<>();
  private Set<Role> roles = Set.of();

  /** An actor under its role's and cluster's name. */
  record Member(String name, Actor actor) {}

  Cast(Clusters clusters, Clock clock, long seed, World world) {
    this.clusters = clusters;
    this.timers = new Timers(clock);
    this.random = new Random(seed);
    this.world = world;
  }

  void assemble(Set<Role> chosen, Map<Side, KubeVirtVersion> versions, Set<Side> sides) {
    this.roles = Set.copyOf(chosen);
    for (Side side : sides) {
      KubeVirtVersion version = versions.getOrDefault(side, KubeVirtVersion.V1_9);
      sites.put(
          side,
          new Site(
              side == Side.SOURCE ? "a" : "b",
              new Store(clusters.actorClient(side), world.side(side).kubevirtNamespace()),
              world.side(side),
              timers,
              version,
              random));
    }
    List<Site> all = List.copyOf(sites.values());
    all.forEach(site -> site.joined(all));
    SyncNetwork network = new SyncNetwork();
    Wires wires = new Wires(all);
    for (Site site : all) {
      controllers(site, network);
      nodes(site, wires);
    }
  }

  private void controllers(Site site, SyncNetwork network) {
    add(Role.OPERATOR, site, new Operator(site));
    add(Role.VM_CONTROLLER, site, new VmController(site));
    add(Role.VMI_CONTROLLER, site, new VmiController(site));
    add(Role.SYNCHRONIZATION_CONTROLLER, site, new SyncController(site, network));
    add(Role.MIGRATION_CONTROLLER, site, new MigrationController(site));
    add(Role.GARBAGE_COLLECTOR, site, new GarbageCollector(site));
  }

  private void nodes(Site site, Wires wires) {
    boolean realKubeVirt = !roles.contains(Role.VMI_CONTROLLER);
    HandlerWriter writer = new HandlerWriter(site, realKubeVirt);
    writers.add(writer);
    add(Role.SCHEDULER, site, new Scheduler(site));
    add(Role.CDI, site, new DataVolumes(site));
    add(Role.PROVISIONER, site, new Volumes(site, roles.contains(Role.CLAIM_BINDER)));
    add(Role.KUBELET, site, new Kubelet(site));
    add(Role.HANDLER, site, new Handler(site, wires, writer));
  }

  private void add(Role role, Site site, Actor actor) {
    if (roles.contains(role)) {
      members.add(new Member(role + "@" + site.name(), actor));
    }
  }

  boolean plays(Role role) {
    return roles.contains(role);
  }

  Map<Side, Site> sites() {
    return sites;
  }

  List<Member> members() {
    return members;
  }

  Timers timers() {
    return timers;
  }

  Random random() {
    return random;
  }

  void close() {
    writers.forEach(HandlerWriter::close);
    sites.values().forEach(site -> site.store().close());
  }
}
