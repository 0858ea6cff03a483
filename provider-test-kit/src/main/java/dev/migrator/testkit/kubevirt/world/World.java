package dev.migrator.testkit.kubevirt.world;

import dev.migrator.model.Side;

/**
 * The simulated world around a migration: one {@link ClusterWorld} per side. Where source and
 * target are one cluster, only the source's counts.
 */
public final class World {
  private final ClusterWorld source = new ClusterWorld("a", "10.77.1");
  private final ClusterWorld target = new ClusterWorld("b", "10.77.2");

  /** The cluster that guests leave. */
  public ClusterWorld source() {
    return source;
  }

  /** The cluster that receives them. */
  public ClusterWorld target() {
    return target;
  }

  /** The cluster of a side; there is none for the host. */
  public ClusterWorld side(Side side) {
    return switch (side) {
      case SOURCE -> source;
      case TARGET -> target;
      case HOST -> throw new IllegalArgumentException("no simulated KubeVirt runs on the host");
    };
  }

  /** The same timing on both sides. */
  public World timing(Timing timing) {
    source.timing(timing);
    target.timing(timing);
    return this;
  }

  /** Cuts or heals the line between the two synchronization controllers, both ways. */
  public World cutLink(boolean cut) {
    return cutLink(cut, "");
  }

  /** Cuts or heals that line for the VMs of a scope. */
  public World cutLink(boolean cut, String scope) {
    source.cutOff(scope, cut);
    target.cutOff(scope, cut);
    return this;
  }
}
