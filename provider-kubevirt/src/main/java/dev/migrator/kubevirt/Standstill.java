package dev.migrator.kubevirt;

import dev.migrator.model.Side;
import java.util.Optional;

/**
 * What people can do when two halves do not meet because a synchronization controller does not
 * work: one that lost its lease stays alive without listening until somebody restarts its pod
 * (contract 14), and KubeVirt says so nowhere.
 */
final class Standstill {

  private static final String REFUSED = "connection refused";

  private Standstill() {}

  /** A sentence that names the pod to restart, or nothing. */
  static String remedy(Move move, Evidence seen) {
    if (isUnseen(seen.send())) {
      return remedy(move, Side.SOURCE, "looks at the send half", "");
    }
    boolean refused =
        seen.source()
            .filter(
                vmi ->
                    vmi.conditions().stream()
                        .anyMatch(condition -> condition.message().contains(REFUSED)))
            .isPresent();
    if (refused || isUnseen(seen.receive())) {
      return remedy(
          move,
          Side.TARGET,
          refused ? "listens there" : "looks at the receive half",
          address(seen).map(each -> ", the one with the address " + each).orElse(""));
    }
    return "";
  }

  private static String remedy(Move move, Side side, String undone, String which) {
    KubeVirtView kubevirt = move.tools().installations().of(side);
    return " No synchronization controller "
        + undone
        + ": restart the pod of virt-synchronization-controller that holds its lease in namespace "
        + kubevirt.namespace()
        + " of the "
        + (side == Side.SOURCE ? "source" : "target")
        + which
        + ".";
  }

  /** A working controller puts its finalizer on a half as soon as it sees it (contract 2.3). */
  private static boolean isUnseen(Optional<VmimView> half) {
    return half.filter(each -> !each.isDeleting())
        .filter(each -> !each.finalizers().contains(VmimView.SYNC_FINALIZER))
        .isPresent();
  }

  private static Optional<String> address(Evidence seen) {
    return seen.send().flatMap(VmimView::connectUrl);
  }
}
