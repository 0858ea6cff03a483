package dev.migrator.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something to run before or after one virtual machine is moved.
 *
 * @param name a name for people and for the derived object names
 * @param image the container image that runs
 * @param command the command line; empty means the image's own
 * @param playbook the text handed to the container as a file, or null; never put a secret in it
 * @param serviceAccount the service account that the container runs as, or null for the default
 * @param deadline how long it may take, from its start; positive
 * @param onFailure what a failure means for the migration
 */
public record Hook(
    String name,
    String image,
    List<String> command,
    @Nullable String playbook,
    @Nullable String serviceAccount,
    Duration deadline,
    OnFailure onFailure) {

  /** What the failure of a hook means. After the hand-over a failure is always a warning. */
  public enum OnFailure {
    /** The migration fails and is rolled back; possible only before the guest has moved. */
    ABORT,
    /** The migration goes on and reports the failure as a warning. */
    WARN
  }

  public Hook {
    Identifiers.require(name, "The name of a hook");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(onFailure, "onFailure");
    command = List.copyOf(command);
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "Hook '" + name + "' needs a positive deadline, got " + deadline);
    }
  }
}
