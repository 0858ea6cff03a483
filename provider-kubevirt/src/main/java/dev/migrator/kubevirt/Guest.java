package dev.migrator.kubevirt;

import java.util.Optional;

/** What an instance is good for as evidence of a running guest. */
enum Guest {
  /** There is no instance, or it is none of this move. */
  ABSENT,
  /** It was never started here: it waits for its source, or is being prepared. */
  WAITING,
  /** It is Running, Ready, and its launcher pod runs. */
  RUNNING,
  /** It says Running, but is not Ready or has no running pod: nothing is proven (contract 2.10). */
  UNPROVEN,
  /** It is Succeeded or Failed. */
  ENDED;

  /**
   * Reads an instance.
   *
   * @param instance the instance
   * @param launcherRuns whether its launcher pod runs, as far as somebody looked
   */
  static Guest of(Optional<VmiView> instance, boolean launcherRuns) {
    if (instance.isEmpty()) {
      return ABSENT;
    }
    VmiView view = instance.get();
    if (view.isFinal()) {
      return ENDED;
    }
    if (!view.isRunning()) {
      return WAITING;
    }
    return view.isReady() && launcherRuns ? RUNNING : UNPROVEN;
  }
}
