package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Faults at counted requests of both clusters, until they are stopped.
 *
 * <p>Counted are the requests of the runner's thread: clients that take up a broken watch do so on
 * threads of their own, at moments that no seed decides. A fault that lasts meets them, too.
 */
final class Faults implements FaultHook {

  private final MigrationRig rig;
  private final Thread runner = Thread.currentThread();
  private final @Nullable Random random;
  List<ApiRequest> seen = new ArrayList<>();
  private int at;
  private @Nullable ApiFault fault;
  private volatile @Nullable Spell spell;

  /** A fault that lasts: all of one side meets it until then. */
  private record Spell(ApiFault fault, Side side, Instant end) {}

  /** One fault at one request, counted from 1; none without a fault. */
  Faults(MigrationRig rig, int at, @Nullable ApiFault fault) {
    this(rig, at, fault, null);
  }

  private Faults(MigrationRig rig, int at, @Nullable ApiFault fault, @Nullable Random random) {
    this.rig = rig;
    this.at = at;
    this.fault = fault;
    this.random = random;
    rig.away = this::isAway;
    rig.clusters.faults(Side.SOURCE, this);
    rig.clusters.faults(Side.TARGET, this);
  }

  /** One fault after the other, by seed. */
  static Faults drawn(MigrationRig rig, long seed) {
    Faults faults = new Faults(rig, 0, null, new Random(seed));
    faults.draw();
    return faults;
  }

  void stop() {
    rig.clusters.faults(Side.SOURCE, FaultHook.NONE);
    rig.clusters.faults(Side.TARGET, FaultHook.NONE);
  }

  @Override
  public Fault before(ApiRequest request) {
    Spell lasting = spell;
    boolean counts = Thread.currentThread().equals(runner);
    if (counts) {
      seen.add(request);
    }
    if (lasting != null && isAway(request.side())) {
      return lasting.fault.during();
    }
    ApiFault now = fault;
    if (!counts || now == null || seen.size() != at) {
      return Fault.NONE;
    }
    if (!now.lasts().isZero()) {
      spell = new Spell(now, request.side(), rig.clock.instant().plus(now.lasts()));
    }
    return now.before(rig, request);
  }

  @Override
  public Fault after(ApiRequest request, int code) {
    ApiFault now = fault;
    if (!Thread.currentThread().equals(runner) || now == null || seen.size() != at) {
      return Fault.NONE;
    }
    Fault later = now.after(rig, request);
    draw();
    return later;
  }

  private boolean isAway(Side side) {
    Spell lasting = spell;
    return lasting != null && side == lasting.side && rig.clock.instant().isBefore(lasting.end);
  }

  private void draw() {
    if (random != null) {
      ApiFault[] faults = ApiFault.values();
      at = seen.size() + 1 + random.nextInt(14);
      fault = faults[random.nextInt(faults.length)];
    }
  }
}
