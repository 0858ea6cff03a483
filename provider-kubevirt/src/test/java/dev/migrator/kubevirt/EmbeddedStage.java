package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A stage in this process, on a clock that only the scenario moves. */
final class EmbeddedStage extends Stage {

  final MigrationRig rig;

  EmbeddedStage() {
    this(new MigrationRig());
  }

  private EmbeddedStage(MigrationRig rig) {
    super(rig.clusters, MigrationRig.NAMESPACE, "plan");
    this.rig = rig;
  }

  @Override
  void boot() {
    rig.sample = sample;
    rig.booted();
  }

  @Override
  VmStatus until(String what, Predicate<VmStatus> condition) {
    rig.plan = plan;
    return rig.runUntil(what, condition);
  }

  @Override
  void await(String what, BooleanSupplier condition) {
    rig.simulator.runUntil(what, condition);
  }

  @Override
  void pass(Duration time) {
    rig.idle(time);
  }

  @Override
  VmStatus status() {
    rig.plan = plan;
    return rig.status();
  }

  @Override
  String describe() {
    return rig.describe();
  }

  @Override
  void hold(Side side, Switch which) {
    rig.world.side(side).hold(which);
  }

  @Override
  void release(Side side, Switch which) {
    rig.world.side(side).release(which);
  }

  @Override
  void holdIn(Side side, Switch which, String other) {
    rig.world.side(side).hold(which, other);
  }

  @Override
  void cutLink(boolean cut) {
    rig.world.cutLink(cut);
  }

  @Override
  void restartSync(Side side) {
    rig.world.side(side).restartSync();
  }

  @Override
  void syncDown(Side side, boolean down) {
    rig.world.side(side).syncDown(down);
  }

  @Override
  void replaceSyncPod(Side side) {
    rig.world.side(side).replaceSyncPod();
  }

  @Override
  void restart(Side side) {
    rig.simulator.guest(side, namespace, NAME).restart();
  }

  @Override
  void outage(Side side, Duration time) {
    var back = rig.clock.instant().plus(time);
    rig.clusters.faults(
        side,
        new FaultHook() {
          @Override
          public Fault before(ApiRequest request) {
            return rig.clock.instant().isBefore(back) ? Fault.drop() : Fault.NONE;
          }
        });
    rig.clusters.dropWatches(side);
  }

  @Override
  List<String> violations() {
    return rig.simulator.oracles().violations();
  }

  @Override
  public void close() {
    rig.close();
  }
}
