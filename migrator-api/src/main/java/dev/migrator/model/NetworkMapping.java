package dev.migrator.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a network of the source becomes on the target.
 *
 * @param source the network on the source: {@code pod}, or a NetworkAttachmentDefinition as {@code
 *     namespace/name}
 * @param target the network on the target in the same form; null drops the interface, which is
 *     never done without being asked for
 */
public record NetworkMapping(String source, @Nullable String target) {

  /** The name that stands for the pod network on either side. */
  public static final String POD = "pod";

  public NetworkMapping {
    Objects.requireNonNull(source, "source");
  }
}
