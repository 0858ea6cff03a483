package dev.migrator.testkit.kubevirt.machine;

import java.util.List;
import java.util.Map;

/**
 * KubeVirt's predicates over a VirtualMachineInstance (contract 1.2.2), and the names that it
 * writes on one.
 */
public final class Vmis {
  public static final String TARGET_ANNOTATION = "kubevirt.io/create-migration-target";
  public static final String NODE_LABEL = "kubevirt.io/nodeName";
  public static final String TARGET_NODE_LABEL = "kubevirt.io/migrationTargetNodeName";
  public static final String CREATED_BY_LABEL = "kubevirt.io/created-by";
  public static final String MIGRATION_LABEL = "kubevirt.io/migrationJobUID";
  public static final String VM_FINALIZER = "kubevirt.io/virtualMachineControllerFinalize";
  public static final String STATE = "status.migrationState";
  public static final String SYNC_CONDITION = "DecentralizedLiveMigrationFailure";

  private Vmis() {}

  /** status.phase. */
  public static String phase(Thing vmi) {
    return vmi.text("status.phase");
  }

  /** Succeeded or Failed. */
  public static boolean isFinal(Thing vmi) {
    String phase = phase(vmi);
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  /** A field of the migration state, empty where it is not set. */
  public static String state(Thing vmi, String field) {
    return vmi.text(STATE + "." + field);
  }

  /** A flag of the migration state. */
  public static boolean flag(Thing vmi, String field) {
    return vmi.truth(STATE + "." + field);
  }

  /** The VMI was made to receive a guest. */
  public static boolean isReceiver(Thing vmi) {
    return "true".equals(vmi.annotation(TARGET_ANNOTATION));
  }

  /** Both states stand there and exactly one of the two addresses is set. */
  public static boolean isDecentralized(Thing vmi) {
    return vmi.has(STATE + ".sourceState")
        && vmi.has(STATE + ".targetState")
        && state(vmi, "sourceState.syncAddress").isEmpty()
            != state(vmi, "targetState.syncAddress").isEmpty();
  }

  /** The VMI is the sending end and knows where to send. */
  public static boolean isSource(Thing vmi) {
    return !state(vmi, "targetState.syncAddress").isEmpty()
        && !state(vmi, "targetState.nodeAddress").isEmpty();
  }

  /** Both halves know of each other. */
  public static boolean isSynchronized(Thing vmi) {
    return !state(vmi, "sourceState.migrationUID").isEmpty()
        && !state(vmi, "targetState.migrationUID").isEmpty();
  }

  /** The receiver knows where the guest runs now. */
  public static boolean isSourceSynchronized(Thing vmi) {
    return isSynchronized(vmi)
        && !state(vmi, "sourceState.pod").isEmpty()
        && !state(vmi, "sourceState.node").isEmpty()
        && vmi.has(STATE + ".sourceState.nodeSelectors");
  }

  /** Both halves know the target's pod and node. */
  public static boolean isTargetPreparing(Thing vmi) {
    return isSynchronized(vmi)
        && !state(vmi, "targetState.pod").isEmpty()
        && !state(vmi, "targetState.node").isEmpty();
  }

  /** The migration is over, well or not. */
  public static boolean isCompleted(Thing vmi) {
    return flag(vmi, "completed");
  }

  /** Moves to a phase, with its entry in the list of transitions. */
  public static void enter(Thing vmi, String phase, String now) {
    vmi.set("status.phase", phase);
    Phases.note(vmi, phase, now);
  }

  /** The volumes that are attached by a pod of their own while the guest runs. */
  public static List<Map<String, Object>> hotplugged(Thing vmi) {
    return vmi.maps("spec.volumes").stream()
        .filter(
            volume ->
                Boolean.TRUE.equals(Json.at(volume, "persistentVolumeClaim.hotpluggable"))
                    || Boolean.TRUE.equals(Json.at(volume, "dataVolume.hotpluggable")))
        .toList();
  }

  /** The claim that a volume of the spec stands for, or empty. */
  public static String claimOf(Map<String, Object> volume) {
    String claim = Json.text(volume, "persistentVolumeClaim.claimName");
    return claim.isEmpty() ? Json.text(volume, "dataVolume.name") : claim;
  }
}
