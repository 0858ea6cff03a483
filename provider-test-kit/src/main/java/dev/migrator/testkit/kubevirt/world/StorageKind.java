package dev.migrator.testkit.kubevirt.world;

import java.util.List;

/**
 * A storage class of a simulated cluster, with what CDI's storage profile says of it.
 *
 * @param name the class's name
 * @param firstConsumer claims are bound only when a pod uses them (WaitForFirstConsumer)
 * @param populator a CSI class, so CDI fills through volume populators
 * @param accessModes the profile's default access modes
 * @param volumeMode the profile's default volume mode
 * @param overhead share of a Filesystem volume that is lost to the file system
 * @param isDefault the cluster's default class
 */
public record StorageKind(
    String name,
    boolean firstConsumer,
    boolean populator,
    List<String> accessModes,
    String volumeMode,
    double overhead,
    boolean isDefault) {

  public StorageKind {
    accessModes = List.copyOf(accessModes);
  }

  /** A class that binds at once, ReadWriteOnce on a file system, not the default. */
  public static StorageKind immediate(String name) {
    return new StorageKind(name, false, true, List.of("ReadWriteOnce"), "Filesystem", 0.055, false);
  }

  /** The same class, binding for the first consumer; {@code populators} says how CDI fills it. */
  public StorageKind waitingForFirstConsumer(boolean populators) {
    return new StorageKind(name, true, populators, accessModes, volumeMode, overhead, isDefault);
  }

  /** The same class with other modes in its profile. */
  public StorageKind modes(String mode, String... access) {
    return new StorageKind(
        name, firstConsumer, populator, List.of(access), mode, overhead, isDefault);
  }

  /** The same class as the cluster's default. */
  public StorageKind asDefault() {
    return new StorageKind(name, firstConsumer, populator, accessModes, volumeMode, overhead, true);
  }
}
