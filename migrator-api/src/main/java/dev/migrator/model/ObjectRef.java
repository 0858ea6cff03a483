package dev.migrator.model;

import java.util.Objects;

/**
 * One line of the ledger: an object that this migration made, or one that it must repair.
 *
 * @param side the cluster that holds it
 * @param apiVersion its group and version, such as {@code kubevirt.io/v1}
 * @param kind its kind
 * @param namespace its namespace
 * @param name its name
 * @param uid the uid that the server gave it; deletion is bound to it
 */
public record ObjectRef(
    Side side, String apiVersion, String kind, String namespace, String name, String uid) {

  public ObjectRef {
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(uid, "uid");
  }

  /** Whether both refer to the same place, whatever the uid. */
  public boolean isSamePlace(ObjectRef other) {
    return side == other.side
        && apiVersion.equals(other.apiVersion)
        && kind.equals(other.kind)
        && namespace.equals(other.namespace)
        && name.equals(other.name);
  }

  /** For people: {@code target DataVolume demo/disk-0}. */
  @Override
  public String toString() {
    return side.name().toLowerCase(java.util.Locale.ROOT)
        + " "
        + kind
        + " "
        + namespace
        + "/"
        + name;
  }
}
