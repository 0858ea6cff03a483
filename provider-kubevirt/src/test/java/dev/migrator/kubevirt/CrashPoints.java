package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts the writes to both clusters and the saves of the status, ends the process at some of them,
 * and looks at each write that could lose a machine.
 */
final class CrashPoints implements FaultHook {

  /**
   * One end of the process.
   *
   * @param number the write or save, counted from 1 over the whole run; 0 for none
   * @param after whether it has taken effect
   */
  record Crash(int number, boolean after) {}

  static final Crash NONE = new Crash(0, false);

  private final Set<Crash> crashes;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> created = new TreeMap<>();
  private final Set<String> sins = new TreeSet<>();
  private final MigrationRig rig;
  private int current;

  CrashPoints(MigrationRig rig, Crash... crashes) {
    this.rig = rig;
    this.crashes = Set.of(crashes);
    rig.clusters.faults(Side.SOURCE, this);
    rig.clusters.faults(Side.TARGET, this);
    rig.store.before = () -> stopAt(count("save"), false);
    rig.store.after = () -> stopAt(current, true);
  }

  /** What was written and saved, in order. */
  List<String> names() {
    return names;
  }

  /** How many objects were created, by side and resource. */
  Map<String, Integer> created() {
    return created;
  }

  /** What must never be written, and was. */
  Set<String> sins() {
    return sins;
  }

  @Override
  public Fault before(ApiRequest request) {
    if (!isWrite(request)) {
      return Fault.NONE;
    }
    judge(request);
    return crashes.contains(new Crash(count(request.side() + " " + request), false))
        ? Fault.crash()
        : Fault.NONE;
  }

  @Override
  public Fault after(ApiRequest request, int code) {
    if (!isWrite(request)) {
      return Fault.NONE;
    }
    if (request.verb() == Verb.CREATE && code == 201) {
      created.merge(request.side() + " " + request.resource(), 1, Integer::sum);
    }
    return crashes.contains(new Crash(current, true)) ? Fault.crash() : Fault.NONE;
  }

  /** A review of rights is created and changes nothing. */
  private static boolean isWrite(ApiRequest request) {
    return request.verb().writes()
        && !request.dryRun()
        && !request.group().equals("authorization.k8s.io");
  }

  private int count(String name) {
    current++;
    names.add(name);
    return current;
  }

  private void stopAt(int point, boolean after) {
    if (crashes.contains(new Crash(point, after))) {
      throw new MigrationRig.Stopped();
    }
  }

  /** Whether the guest is safe whatever comes of this write (design, R1 to R3 and R16). */
  private void judge(ApiRequest request) {
    boolean deletes = request.verb() == Verb.DELETE || request.verb() == Verb.DELETECOLLECTION;
    boolean ofTheMachine =
        Set.of(
                "virtualmachines",
                "virtualmachineinstances",
                "datavolumes",
                "persistentvolumeclaims",
                "pods")
            .contains(request.resource());
    if (deletes && ofTheMachine && request.side() == Side.SOURCE) {
      sins.add("Deleted on the source: " + request);
    }
    if (deletes && ofTheMachine && request.side() == Side.TARGET && hasMoved()) {
      sins.add("Deleted on the target although the guest has moved: " + request);
    }
    if (deletes && request.side() == Side.TARGET && !hasMoved() && !runsOnTheSource()) {
      sins.add("Deleted on the target although the source is not proven to run: " + request);
    }
  }

  private boolean hasMoved() {
    return rig.get(Side.TARGET, Kind.INSTANCE, MigrationRig.NAME)
        .map(VmiView::new)
        .map(VmiView::migrationState)
        .map(Stamp::of)
        .filter(Stamp::isMoved)
        .isPresent();
  }

  private boolean runsOnTheSource() {
    return rig.get(Side.SOURCE, Kind.INSTANCE, MigrationRig.NAME)
        .map(VmiView::new)
        .filter(vmi -> vmi.isRunning() && vmi.isReady())
        .isPresent();
  }
}
