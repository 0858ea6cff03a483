package dev.migrator.kubevirt;

import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What both sides show of one attempt at one moment.
 *
 * @param send the half on the source
 * @param receive the half on the target
 * @param source the instance on the source
 * @param target the instance on the target
 * @param sourcePods the launcher pods of the source's instance; empty when nobody looked
 * @param spent the uids of the halves of earlier attempts
 * @param looked whether pods were looked at; without, Ready counts as a running pod
 */
record Evidence(
    Optional<VmimView> send,
    Optional<VmimView> receive,
    Optional<VmiView> source,
    Optional<VmiView> target,
    List<GenericKubernetesResource> sourcePods,
    Set<String> spent,
    boolean looked) {

  /** What the watched copies say: enough to wait, and to see what can only become true. */
  static Evidence glance(
      Reads reads, PlannedVm vm, String sendHalf, String receiveHalf, Set<String> spent) {
    return new Evidence(
        half(reads, Side.SOURCE, vm.source().namespace(), sendHalf),
        half(reads, Side.TARGET, vm.target().namespace(), receiveHalf),
        instance(reads, Side.SOURCE, vm.source().namespace(), vm.source().name()),
        instance(reads, Side.TARGET, vm.target().namespace(), vm.target().name()),
        List.of(),
        spent,
        false);
  }

  /** What the servers say now, pods included: what a failure or a deletion must rest on. */
  static Evidence inspect(
      Sides sides, PlannedVm vm, String sendHalf, String receiveHalf, Set<String> spent) {
    Evidence seen = glance(sides, vm, sendHalf, receiveHalf, spent);
    List<GenericKubernetesResource> pods =
        seen.source.map(instance -> launchers(sides.source(), instance)).orElse(List.of());
    return new Evidence(seen.send, seen.receive, seen.source, seen.target, pods, spent, true);
  }

  /** The launcher pods of an instance, ended ones included. */
  static List<GenericKubernetesResource> launchers(Cluster cluster, VmiView instance) {
    return cluster.list(
        Kind.POD, instance.ref().namespace(), Map.of("kubevirt.io/created-by", instance.uid()));
  }

  /** The signs that a verdict is made of. */
  Signs signs() {
    return new Signs(
        Half.of(send),
        sourceGuest(),
        speaksOfThis() ? stamp(source) : Stamp.NONE,
        Half.of(receive),
        Guest.of(target, true),
        speaksOfAnEarlier(target) ? Stamp.NONE : stamp(target));
  }

  /** How the source's guest is. */
  Guest sourceGuest() {
    return Guest.of(source, !looked || sourcePods.stream().anyMatch(Evidence::runs));
  }

  /** Whether the guest is known to have moved. */
  boolean isMoved() {
    return signs().isMoved();
  }

  static boolean runs(GenericKubernetesResource pod) {
    return Tree.text(pod.getAdditionalProperties(), "status", "phase")
        .filter("Running"::equals)
        .isPresent();
  }

  /**
   * A migration state is never cleared, only replaced (contract 2.8): the source's may be that of
   * the move which once brought the machine here. The receiver's instance is new, so its state can
   * speak of nothing but this attempt and those before it.
   */
  private boolean speaksOfThis() {
    if (source.isEmpty() || speaksOfAnEarlier(source)) {
      return false;
    }
    MigrationStateView state = source.get().migrationState();
    String half = state.migrationUid().or(() -> state.source().migrationUid()).orElse("");
    boolean sendHalfs = send.filter(view -> view.uid().equals(half)).isPresent();
    boolean receiveHalfs =
        receive
            .filter(view -> state.target().migrationUid().filter(view.uid()::equals).isPresent())
            .isPresent();
    boolean toTarget =
        target
            .filter(view -> state.target().instanceUid().filter(view.uid()::equals).isPresent())
            .isPresent();
    return sendHalfs || receiveHalfs || toTarget;
  }

  private boolean speaksOfAnEarlier(Optional<VmiView> instance) {
    return instance
        .map(VmiView::migrationState)
        .filter(
            state ->
                Stream.of(
                        state.migrationUid(),
                        state.source().migrationUid(),
                        state.target().migrationUid())
                    .flatMap(Optional::stream)
                    .anyMatch(spent::contains))
        .isPresent();
  }

  private static Stamp stamp(Optional<VmiView> instance) {
    return instance.map(VmiView::migrationState).map(Stamp::of).orElse(Stamp.NONE);
  }

  private static Optional<VmimView> half(Reads reads, Side side, String namespace, String name) {
    return reads.get(side, Kind.MIGRATION, namespace, name).map(VmimView::new);
  }

  private static Optional<VmiView> instance(Reads reads, Side side, String namespace, String name) {
    return reads.get(side, Kind.INSTANCE, namespace, name).map(VmiView::new);
  }

  /** For people; never the content. */
  @Override
  public String toString() {
    return "send " + send + ", receive " + receive + ", source " + source + ", target " + target;
  }
}
