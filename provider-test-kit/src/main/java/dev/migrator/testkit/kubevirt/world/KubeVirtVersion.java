package dev.migrator.testkit.kubevirt.world;

/** A KubeVirt release with what an orchestrator can see of its differences. */
public enum KubeVirtVersion {
  V1_6("v1.6.6"),
  V1_7("v1.7.4"),
  V1_8("v1.8.4"),
  V1_9("v1.9.0"),
  /** The main branch after 1.9: the feature gate is on by default. */
  MAIN("v1.10.0-alpha.0");

  private final String tag;

  KubeVirtVersion(String tag) {
    this.tag = tag;
  }

  /** As it stands in the KubeVirt object's status. */
  public String tag() {
    return tag;
  }

  private boolean from(KubeVirtVersion first) {
    return compareTo(first) >= 0;
  }

  /** Decentralized live migration works without naming its feature gate. */
  public boolean gateDefault() {
    return from(MAIN);
  }

  /** Problems of the synchronization are shown as conditions of VMI, VM and migration. */
  public boolean showsConditions() {
    return from(V1_8);
  }

  /** The VM mutator draws a firmware UUID and serial where a new VM has none. */
  public boolean drawsFirmwareIdentity() {
    return from(V1_7);
  }

  /** New VMs are stamped with a PCI topology version. */
  public boolean stampsPciTopology() {
    return from(V1_8);
  }

  /**
   * A receiver whose pod is lost before the hand-off waits again; in 1.6 to 1.8 its VMI ends
   * Failed. After the hand-off it waits again in all of them.
   */
  public boolean receiverSurvivesEarlyLoss() {
    return from(V1_9);
  }

  /**
   * A handed-off receiver whose attempt failed waits again at once; in 1.6 and 1.7 only when its
   * launcher pod is gone, which nobody but a human may delete.
   */
  public boolean receiverWaitsAgainAtOnce() {
    return from(V1_8);
  }

  /** The finalizer of a VMI whose pods are not gone. */
  public String podsFinalizer() {
    return (from(V1_7) ? "kubevirt.io/" : "") + "foregroundDeleteVirtualMachine";
  }

  /** The synchronization controller keeps its finalizer on a deleted half until it is final. */
  public boolean keepsDeletedHalves() {
    return this == V1_6;
  }

  /** A source tells the namespace of its domain. */
  public boolean tellsSourceNamespace() {
    return from(V1_9);
  }

  /** A half waits in Pending for a backup, and for utility volumes to be detached. */
  public boolean waitsForBackups() {
    return from(V1_8);
  }

  /** The target notes why it failed. */
  public boolean namesLostPod() {
    return from(V1_9);
  }

  /** Source and target claim may differ in name and volume mode. */
  public boolean mergesClaims() {
    return true; // in the patch releases modelled here; not in 1.6.0 and 1.7.0
  }

  /**
   * Whether a source of this version can send to a target of the other: between nodes, 1.6 shows
   * and accepts another certificate than later versions; 1.7 to 1.9 show both.
   */
  public boolean sendsTo(KubeVirtVersion target) {
    return this == V1_6 ? target == V1_6 : this != MAIN || target != V1_6;
  }

  /** Migrations have a priority field (1.7) and a downtime limit (1.9). */
  public boolean limitsDowntime() {
    return from(V1_9);
  }
}
