package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.Switch;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.function.Consumer;

/** What several scenarios do. */
final class Steps {
  static final String RESTORE = "kubevirt.io/restore-run-strategy";
  static final String ELSEWHERE = "elsewhere";

  private Steps() {}

  static void held(Bed bed, Switch hold, String phase) {
    held(bed, "Always", hold, phase);
  }

  static void held(Bed bed, String strategy, Switch hold, String phase) {
    bed.prepared(strategy);
    bed.world.side(sideOf(hold)).hold(hold);
    bed.go().until(phase);
  }

  /** A move that copies for ever. */
  static void copying(Bed bed) {
    held(bed, Switch.HOLD_RUNNING, "Running");
  }

  static void copying(Bed bed, String strategy) {
    held(bed, strategy, Switch.HOLD_RUNNING, "Running");
  }

  /** Lets a move that copies for ever come to its end. */
  static void goOn(Bed bed) {
    bed.world.target().release(Switch.HOLD_RUNNING);
    bed.pass();
  }

  private static Side sideOf(Switch hold) {
    return hold == Switch.HOLD_START ? Side.SOURCE : Side.TARGET;
  }

  /** Cancels while a switch holds the move in some phase; then lets it go on. */
  static void cancel(Bed bed, Switch hold, String order, String phase) {
    bed.prepared();
    bed.world.side(sideOf(hold)).hold(hold);
    bed.go()
        .simulator
        .runUntil(
            "held",
            () ->
                bed.half(Side.SOURCE).equals(phase)
                    && (bed.half(Side.TARGET).equals(phase)
                        || bed.half(Side.TARGET).equals("Succeeded")));
    bed.pass(Duration.ofSeconds(2));
    drop(bed, order);
    bed.world.side(sideOf(hold)).release(hold);
    bed.pass();
  }

  /** Deletes the halves in an order such as {@code ab}, where they are. */
  static void drop(Bed bed, String order) {
    for (char cluster : order.toCharArray()) {
      Side side = cluster == 'a' ? Side.SOURCE : Side.TARGET;
      if (bed.halfOf(side) != null) {
        bed.drop(side);
      }
    }
  }

  /** New halves of the same names with a new id. */
  static void again(Bed bed) {
    bed.next();
    bed.go().pass();
  }

  static void annotate(Bed bed, String value) {
    bed.edit(Side.TARGET, Kind.VM, Bed.VM, vm -> vm.annotation(RESTORE, value));
  }

  /** The same KubeVirt on both sides. */
  static Consumer<KubeVirtSimulator.Builder> both(KubeVirtVersion version) {
    return builder -> builder.version(Side.SOURCE, version).version(Side.TARGET, version);
  }

  /** Changes a setting of a side's KubeVirt. */
  static void configure(Bed bed, Side side, String path, Object value) {
    bed.edit(side, Kind.KUBEVIRT, "kubevirt", kubevirt -> kubevirt.set(path, value));
  }

  static void strategy(Bed bed, Side side, String strategy) {
    bed.edit(side, Kind.VM, Bed.VM, vm -> vm.set("spec.runStrategy", strategy));
  }

  /** A request that admission is meant to refuse. */
  static void refused(Runnable request) {
    try {
      request.run();
    } catch (KubernetesClientException meant) {
      return;
    }
    throw new AssertionError("Admission let it pass");
  }

  /** A receiver of the same name in another namespace of a cluster. */
  static void receiverElsewhere(Bed bed, Side side) {
    SampleVm twin = SampleVm.of(ELSEWHERE, Bed.VM).disk("d0", "1Gi");
    twin.createReferences(bed.clusters, side);
    Thing receiver = Thing.of(twin.manifest());
    receiver.set("spec.runStrategy", "WaitAsReceiver");
    receiver.annotation(RESTORE, "Always");
    create(bed, side, Kind.VM, receiver);
    bed.simulator.runUntil(
        "receiver waits",
        () -> bed.simulator.guest(side, ELSEWHERE, Bed.VM).phase().equals("WaitingForSync"));
    create(
        bed,
        side,
        Kind.VMIM,
        Thing.create(Kind.VMIM, ELSEWHERE, Bed.VM + "-in")
            .set("spec.vmiName", Bed.VM)
            .set("spec.receive", Json.object("migrationID", bed.id)));
    bed.send(bed.address(side));
  }

  private static void create(Bed bed, Side side, Kind kind, Thing thing) {
    bed.clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace(thing.namespace())
        .resource(thing.raw())
        .create();
    bed.simulator.settle();
  }

  /** The receiver is not like the source. */
  static void differs(Bed bed, Consumer<Thing> change) {
    bed.simulator.install();
    bed.trust();
    bed.sample.boot(bed.simulator);
    bed.claim("web-d0", "1Gi");
    bed.receiver(change);
    bed.world.target().hold(Switch.HOLD_RUNNING);
    bed.go().until("Running");
    goOn(bed);
  }
}
