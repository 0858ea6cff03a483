package dev.migrator.kubevirt;

import dev.migrator.core.InMemoryStatusStore;
import dev.migrator.model.Side;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A stage in a namespace of clusters that are not of this process, in real time. */
final class LiveStage extends Stage {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final LiveRig rig;
  private final Together together;
  private final InMemoryStatusStore store = new InMemoryStatusStore();
  private LiveRig.@Nullable Run run;

  LiveStage(LiveRig rig, String scenario, Together together) {
    this(rig, together, rig.clusters.newNamespace(scenario.replace('_', '-')));
  }

  private LiveStage(LiveRig rig, Together together, String namespace) {
    super(rig.clusters, namespace, "plan-" + namespace);
    this.rig = rig;
    this.together = together;
  }

  @Override
  void boot() {
    String strategy =
        Tree.text(sample.manifest().getAdditionalProperties(), "spec", "runStrategy").orElse("");
    rig.boot(sample, strategy);
  }

  @Override
  String patience() {
    return rig.isRealKubeVirt() ? "90s" : super.patience();
  }

  @Override
  VmStatus until(String what, Predicate<VmStatus> condition) {
    LiveRig.Run now = run();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.test(status())) {
      if (now.isOver() && !condition.test(status())) {
        throw new AssertionError("Ended, but never: " + what + "\n" + describe());
      }
      pauseUntil(end, what);
    }
    return status();
  }

  private LiveRig.Run run() {
    if (run != null && run.isOver() && !status().state().isFinal()) {
      run.close();
      run = null;
    }
    if (run == null) {
      run = rig.start(plan, store);
    }
    run.change(plan);
    return run;
  }

  @Override
  void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      pauseUntil(end, what);
    }
  }

  private void pauseUntil(long end, String what) {
    if (System.nanoTime() - end > 0) {
      throw new AssertionError("Never: " + what + "\n" + describe());
    }
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  @Override
  void pass(Duration time) {
    Duration most = Duration.ofSeconds(rig.isRealKubeVirt() ? 12 : 3);
    long end = System.nanoTime() + (time.compareTo(most) < 0 ? time : most).toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  @Override
  VmStatus status() {
    Optional<VmStatus> found =
        store.load(plan.id()).stream()
            .filter(status -> status.run().equals(plan.run()))
            .findFirst();
    return found.orElseGet(() -> VmStatus.pending(plan, plan.vms().get(0)));
  }

  @Override
  String describe() {
    StringBuilder text = new StringBuilder(namespace + ": " + status());
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      text.append('\n').append(side).append(' ').append(strategy(side));
      text.append(" instance ").append(instance(side)).append(" half ").append(half(side));
      text.append(' ').append(objects(side));
    }
    return text.toString();
  }

  @Override
  void hold(Side side, Switch which) {
    rig.disturbances.hold(side, which, namespace, true);
  }

  @Override
  void release(Side side, Switch which) {
    rig.disturbances.hold(side, which, namespace, false);
  }

  @Override
  void holdIn(Side side, Switch which, String other) {
    rig.disturbances.hold(side, which, other, true);
  }

  @Override
  void cutLink(boolean cut) {
    together.act(cut ? "cut" : "heal", () -> rig.disturbances.cutLink(cut, namespace));
  }

  @Override
  void restartSync(Side side) {
    together.act("restart " + side, () -> rig.disturbances.restartSync(side, namespace));
  }

  @Override
  void syncDown(Side side, boolean down) {
    together.act("down " + side + down, () -> rig.disturbances.syncDown(side, down, namespace));
  }

  @Override
  void replaceSyncPod(Side side) {
    together.act("replace " + side, () -> rig.disturbances.replaceSyncPod(side));
  }

  @Override
  void outage(Side side, Duration time) {
    // A server that is not of this process is not stopped by it.
  }

  @Override
  void restart(Side side) {
    rig.restart(side, namespace, NAME);
  }

  @Override
  List<String> violations() {
    return rig.violations().stream().filter(each -> each.contains(namespace + "/")).toList();
  }

  @Override
  public void close() {
    together.leave();
    if (run != null) {
      run.close();
    }
  }
}
