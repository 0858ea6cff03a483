package dev.migrator.model;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One virtual machine of a plan: where it is, where it goes, and what runs around the move.
 *
 * @param source the virtual machine on the source
 * @param target what it is called on the target; often equal to {@code source}
 * @param pre the hook to run before it is moved, or null
 * @param post the hook to run after it was moved, or null
 */
public record PlannedVm(VmRef source, VmRef target, @Nullable Hook pre, @Nullable Hook post) {

  public PlannedVm {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
  }

  /**
   * A virtual machine that keeps its namespace and name and has no hooks.
   *
   * @param source the virtual machine on the source
   * @return the planned move
   */
  public static PlannedVm of(VmRef source) {
    return new PlannedVm(source, source, null, null);
  }

  /** The hook to run before the move, if there is one. */
  public Optional<Hook> preHook() {
    return Optional.ofNullable(pre);
  }

  /** The hook to run after the move, if there is one. */
  public Optional<Hook> postHook() {
    return Optional.ofNullable(post);
  }

  /**
   * Returns the same machine under another identity on the target.
   *
   * @param target the identity on the target
   * @return the changed copy
   */
  public PlannedVm to(VmRef target) {
    return new PlannedVm(source, target, pre, post);
  }

  /**
   * Returns the same machine with these hooks.
   *
   * @param pre the hook before the move, or null
   * @param post the hook after the move, or null
   * @return the changed copy
   */
  public PlannedVm withHooks(@Nullable Hook pre, @Nullable Hook post) {
    return new PlannedVm(source, target, pre, post);
  }
}
