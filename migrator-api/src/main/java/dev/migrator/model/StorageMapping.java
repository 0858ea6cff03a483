package dev.migrator.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How volumes of one storage class of the source are made on the target.
 *
 * @param sourceClass the storage class on the source; {@code *} stands for every class that has no
 *     mapping of its own
 * @param targetClass the storage class on the target
 * @param accessMode the access mode on the target, such as {@code ReadWriteOnce}, or null to keep
 *     the source's
 * @param volumeMode {@code Block} or {@code Filesystem}, or null to keep the source's
 */
public record StorageMapping(
    String sourceClass,
    String targetClass,
    @Nullable String accessMode,
    @Nullable String volumeMode) {

  public StorageMapping {
    Objects.requireNonNull(sourceClass, "sourceClass");
    Objects.requireNonNull(targetClass, "targetClass");
  }

  /**
   * A mapping that keeps access and volume mode.
   *
   * @param sourceClass the storage class on the source, or {@code *}
   * @param targetClass the storage class on the target
   * @return the mapping
   */
  public static StorageMapping of(String sourceClass, String targetClass) {
    return new StorageMapping(sourceClass, targetClass, null, null);
  }
}
