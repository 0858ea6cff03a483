package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Attempts that stall or share an id, and what concerns no move at all. */
final class OddScenarios {
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("fail_then_again", bed -> againTooFast(bed, FailureScenarios::failsAtOnce));
    ALL.put(
        "failed_copy_again_stall",
        bed -> {
          againTooFast(bed, FailureScenarios::fails);
          bed.edit(Side.SOURCE, Kind.VMIM, "web-out", half -> half.annotation("touched", "yes"));
          bed.pass();
        });
    ALL.put(
        "same_id",
        bed -> {
          bed.prepared();
          SampleVm first = bed.sample;
          bed.sample = SampleVm.of(Bed.NAMESPACE, "web2").disk("d0", "1Gi");
          bed.booted("Always");
          bed.sample = first;
          bed.halves("web", "web-in", "web-out");
          bed.halves("web2", "web2-in", "web2-out");
          bed.pass();
        });
    ALL.put(
        "pvc_smaller",
        bed -> {
          bed.world.source().hold(Switch.SIZES_IGNORED); // as the bed's nodes did
          bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "2Gi");
          bed.prepared().go().pass();
        });
    ALL.put("instancetypes", OddScenarios::instancetypes);
    ALL.put("admission", OddScenarios::admission);
    ALL.put(
        "addresses",
        bed -> {
          bed.simulator.install();
          bed.trust();
          bed.world.target().syncDown(true);
          bed.pass(Duration.ofSeconds(45));
          bed.booted("Always").go().pass(Duration.ofSeconds(10));
          bed.world.target().syncDown(false);
          bed.pass(Duration.ofMillis(50));
          bed.world.source().restartSync(); // the whole bed was restarted here
          bed.pass(Duration.ofMinutes(5));
        });
    ALL.put(
        "address_pod_gone",
        bed -> {
          bed.simulator.install();
          bed.world.target().replaceSyncPod();
          bed.pass();
        });
    ALL.put("ca", OddScenarios::certificates);
  }

  private OddScenarios() {}

  /** New halves before the target has forgotten the attempt that failed. */
  private static void againTooFast(Bed bed, Consumer<Bed> fails) {
    fails.accept(bed);
    FailureScenarios.healed(bed);
    Steps.drop(bed, "ab");
    bed.next();
    String address = bed.address();
    bed.unsettled(Side.SOURCE, bed.sendHalf("web-out", address));
    bed.simulator.round();
    bed.simulator.round();
    bed.unsettled(Side.TARGET, bed.receiveHalf("web-in"));
    bed.pass(Duration.ofMinutes(2));
  }

  private static void instancetypes(Bed bed) {
    bed.sample = SampleVm.of(Bed.NAMESPACE, Bed.VM).disk("d0", "1Gi").instancetype("t", "p");
    bed.simulator.install();
    bed.trust();
    bed.sample.boot(bed.simulator);
    bed.claim("web-d0", "1Gi");
    Thing source = bed.get(Side.SOURCE, Kind.VM, Bed.VM);
    Consumer<Thing> copied =
        vm -> {
          for (String field : new String[] {"instancetype", "preference"}) {
            vm.set(
                "spec." + field + ".revisionName",
                source.text("status." + field + "Ref.controllerRevisionRef.name"));
          }
        };
    Consumer<Thing> conflict =
        vm -> vm.set("spec.template.spec.domain.cpu", Json.object("cores", 1));
    looked(bed, vm -> {});
    looked(bed, copied);
    looked(bed, conflict);
    for (Kind kind : new Kind[] {Kind.INSTANCETYPE, Kind.PREFERENCE}) {
      String name = kind == Kind.INSTANCETYPE ? "t" : "p";
      Thing there = bed.get(Side.SOURCE, kind, name);
      bed.create(
          Side.TARGET,
          kind,
          Thing.create(kind, Bed.NAMESPACE, name).set("spec", Thing.copyOf(there.at("spec"))));
    }
    Steps.refused(() -> looked(bed, conflict));
    looked(bed, copied);
    bed.receiver(vm -> {});
    bed.world.target().hold(Switch.RECEIVER_KEPT); // as the bed's nodes did
    bed.go().pass();
  }

  /** A receiver that gets no instance; looked at, then deleted. */
  private static void looked(Bed bed, Consumer<Thing> change) {
    Thing vm = Thing.of(bed.sample.manifest());
    vm.set("spec.runStrategy", "WaitAsReceiver").annotation(Steps.RESTORE, "Always");
    change.accept(vm);
    bed.create(Side.TARGET, Kind.VM, vm);
    bed.pass(Duration.ofSeconds(6));
    bed.delete(Side.TARGET, Kind.VM, Bed.VM);
    bed.pass(Duration.ofSeconds(1));
  }

  private static void admission(Bed bed) {
    bed.simulator.install();
    bed.trust();
    bed.sample.boot(bed.simulator);
    bed.id = "";
    bed.send("x2", "h:1").pass(Duration.ofSeconds(1));
    bed.edit(
        Side.SOURCE,
        Kind.VM,
        Bed.VM,
        vm -> vm.set("spec.template.spec.domain.cpu", Json.object("cores", 2)));
  }

  private static void certificates(Bed bed) {
    bed.simulator.install();
    bed.trust();
    bed.offer(Side.TARGET, "rubbish");
    bed.pass(Duration.ofSeconds(8));
    bed.offer(Side.TARGET, "rubbish\n" + bed.bundle(Side.SOURCE));
    bed.pass(Duration.ofSeconds(8));
    Steps.configure(
        bed,
        Side.TARGET,
        "spec.certificateRotateStrategy.selfSigned.ca",
        Json.object("duration", "168h", "renewBefore", "1m"));
    bed.pass();
    bed.trust().pass();
    Steps.configure(bed, Side.TARGET, "spec.certificateRotateStrategy", Json.object());
    bed.pass();
    bed.trust().pass();
  }
}
