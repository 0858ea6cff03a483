package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import dev.migrator.spi.Notes;
import dev.migrator.spi.PhaseOutcome;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Phase {@code CreateVirtualMachineInstanceMigrations}: the receive half, its address, then the
 * send half.
 *
 * <p>The send half is made only when the target's instance shows that it belongs to the new receive
 * half: a push that comes earlier is ignored, answered with success and never repeated (contract
 * 2.12).
 */
final class Halves {

  private static final Duration RECHECK = Duration.ofSeconds(5);

  private Halves() {}

  static PhaseOutcome create(Move move) {
    if (move.glance().isMoved()) {
      // A half that is made now would wipe the state of a guest that has arrived (contract 3.2).
      return PhaseOutcome.advance(Resume.forgottenSwitch(move).withHandOver());
    }
    Optional<PhaseOutcome> distrust = KeepAlive.check(move);
    if (distrust.isPresent()) {
      return distrust.get();
    }
    Optional<ObjectRef> receive =
        move.ledger(Side.TARGET, Kind.MIGRATION, move.target().namespace(), move.receiveHalf());
    if (receive.isEmpty()) {
      return move.make(
          List.of(() -> move.on(Side.TARGET).own(receiveHalf(move))),
          made -> PhaseOutcome.recorded(Notes.none()));
    }
    if (!isReset(move, receive.get())) {
      return PhaseOutcome.await(
              "reset", RECHECK, "Waiting for the receiver to take up the receive half.")
          .atMost(move.options().deadlines().sync());
    }
    Optional<String> address = address(move);
    if (address.isEmpty()) {
      return PhaseOutcome.await(
              "address",
              RECHECK,
              "Waiting for the target's KubeVirt to publish a synchronization address.")
          .atMost(move.options().deadlines().sync());
    }
    return send(move, address.get());
  }

  /** Whether the send half of this attempt is not known to be made. */
  static boolean isSendHalfOpen(Move move) {
    return move.ledger(Side.SOURCE, Kind.MIGRATION, move.source().namespace(), move.sendHalf())
        .isEmpty();
  }

  private static PhaseOutcome send(Move move, String address) {
    VmView source = source(move);
    unchanged(move, source);
    SourceStrategy strategy = SourceStrategy.of(source);
    if (strategy.isRerunOnFailure()) {
      // A launcher that dies behind a cut line would boot the guest a second time (contract 2.6).
      if (move.fact(Facts.SWITCHED).isEmpty()) {
        return PhaseOutcome.recorded(Notes.none().fact(Facts.SWITCHED, strategy.text()));
      }
      JsonPatch patch = strategy.to(source.uid(), SourceStrategy.MANUAL);
      if (move.sides()
          .source()
          .patch(Kind.VIRTUAL_MACHINE, source.ref().namespace(), source.name(), patch)
          .isEmpty()) {
        return PhaseOutcome.retry(
            "The run strategy of source VM " + move.source() + " changed while it was switched");
      }
    }
    Notes forgotten = Resume.forgottenSwitch(move);
    if (!forgotten.isEmpty()) {
      return PhaseOutcome.recorded(forgotten);
    }
    return move.make(
        List.of(
            () ->
                move.on(Side.SOURCE)
                    .own(sendHalf(move.vm(), move.names(), move.attempt(), address))),
        made -> PhaseOutcome.advance());
  }

  /** The receive half of the current attempt. */
  private static GenericKubernetesResource receiveHalf(Move move) {
    return half(
        move.target().namespace(),
        move.receiveHalf(),
        Map.of(
            "vmiName",
            move.target().name(),
            "receive",
            Map.of("migrationID", move.names().migrationId(move.attempt()))));
  }

  /**
   * The send half of an attempt.
   *
   * @param vm the machine
   * @param names the names of its run
   * @param attempt which attempt, from 1
   * @param address where the source reaches the target
   */
  static GenericKubernetesResource sendHalf(
      PlannedVm vm, Names names, int attempt, String address) {
    return half(
        vm.source().namespace(),
        names.sendHalf(attempt),
        Map.of(
            "vmiName",
            vm.source().name(),
            "sendTo",
            Map.of("migrationID", names.migrationId(attempt), "connectURL", address)));
  }

  private static GenericKubernetesResource half(
      String namespace, String name, Map<String, Object> spec) {
    GenericKubernetesResource half = Kind.MIGRATION.blank(namespace, name);
    half.setAdditionalProperty("spec", spec);
    return half;
  }

  private static boolean isReset(Move move, ObjectRef receive) {
    return move.view()
        .get(Side.TARGET, Kind.INSTANCE, move.target().namespace(), move.target().name())
        .map(VmiView::new)
        .map(VmiView::migrationState)
        .filter(state -> state.target().migrationUid().filter(receive.uid()::equals).isPresent())
        .filter(state -> state.migrationUid().map(receive.uid()::equals).orElse(true))
        .isPresent();
  }

  /** Where the source reaches the target: as the plan says, by export, or as published now. */
  private static Optional<String> address(Move move) {
    String given = move.options().connectUrl();
    if (given != null) {
      return Optional.of(given);
    }
    if (move.options().serviceExports() == KubeVirtOptions.ServiceExports.MCS) {
      return Optional.of(ServiceExports.address(move));
    }
    // KubeVirt copies its addresses of now onto each half (contract 1.3).
    Optional<String> published =
        move.glance()
            .receive()
            .flatMap(half -> half.synchronizationAddresses().stream().findFirst());
    return published.or(() -> fromInstallation(move));
  }

  private static Optional<String> fromInstallation(Move move) {
    KubeVirtView known = move.tools().installations().target();
    return move.sides()
        .get(Side.TARGET, Kind.KUBEVIRT, known.namespace(), known.name())
        .map(KubeVirtView::new)
        .flatMap(now -> now.synchronizationAddresses().stream().findFirst());
  }

  private static VmView source(Move move) {
    return move.sides()
        .get(Side.SOURCE, Kind.VIRTUAL_MACHINE, move.source().namespace(), move.source().name())
        .map(VmView::new)
        .orElseThrow(
            () ->
                MigrationException.permanent(
                    ConcernCode.SOURCE_MISSING.code(),
                    "The source VM " + move.source() + " was deleted after the migration began."));
  }

  /** The last look before the guest may move (R4); later KubeVirt itself refuses most changes. */
  private static void unchanged(Move move, VmView source) {
    Optional<VmiView> instance =
        move.view()
            .get(Side.SOURCE, Kind.INSTANCE, move.source().namespace(), move.source().name())
            .map(VmiView::new);
    String now = Fingerprint.ofMachine(source, instance.orElse(null));
    if (!now.equals(move.known(Facts.SPEC))) {
      throw Sources.changed(move.source(), List.of("the machine's spec, or its running instance"));
    }
  }
}
