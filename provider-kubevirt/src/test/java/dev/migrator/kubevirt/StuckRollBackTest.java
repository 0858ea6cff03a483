package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationEvent;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be undone stays visible, is tried again, and ends with a person who knows what. */
final class StuckRollBackTest {

  @ParameterizedTest
  @ValueSource(strings = {"virtualmachines", "datavolumes", "secrets"})
  void aRefusedDeletionIsAskedForAgainAndEndsInNeedsAttention(String resource) {
    try (MigrationRig rig = copying()) {
      Refusing refusing = new Refusing(resource, Verb.DELETE);
      rig.clusters.faults(Side.TARGET, refusing);
      rig.cancel();
      rig.runUntil("shown", status -> waits(status, "403"));

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(refusing.asked).hasSizeGreaterThan(5);
      assertLeftIsNamed(rig, end);
      assertThat(rig.running()).containsExactly(Side.SOURCE);

      rig.clusters.faults(Side.TARGET, FaultHook.NONE);
      assertUndoneAtLast(rig);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"VIRTUAL_MACHINE", "DATA_VOLUME", "SECRET", "MIGRATION"})
  void aForeignFinalizerIsLeftAloneAndEndsInNeedsAttention(Kind kind) {
    try (MigrationRig rig = copying()) {
      String name =
          switch (kind) {
            case VIRTUAL_MACHINE -> MigrationRig.NAME;
            case DATA_VOLUME -> "web-root";
            case SECRET -> "user-data";
            default -> Names.of(rig.plan, rig.plan.vms().get(0)).receiveHalf(1);
          };
      finalizer(rig, kind, name, true);
      rig.cancel();

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(end.failure().message()).contains(name);
      assertLeftIsNamed(rig, end);
      assertThat(rig.get(Side.TARGET, kind, name)).as("it was not forced").isPresent();
      assertThat(rig.running()).containsExactly(Side.SOURCE);

      finalizer(rig, kind, name, false);
      assertUndoneAtLast(rig);
    }
  }

  @Test
  void aRefusalThatPassesIsRiddenThrough() {
    try (MigrationRig rig = copying()) {
      rig.clusters.faults(Side.TARGET, new Refusing("virtualmachines", Verb.DELETE));
      rig.cancel();
      rig.runUntil("shown", status -> waits(status, "403"));
      rig.clusters.faults(Side.TARGET, FaultHook.NONE);

      RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "Always");
    }
  }

  @Test
  void aRefusedHaltOfTheSourceIsAskedForAgainAndIsNoSuccess() {
    try (MigrationRig rig = copying()) {
      Refusing refusing = new Refusing("virtualmachines", Verb.PATCH);
      rig.clusters.faults(Side.SOURCE, refusing);
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      assertThat(refusing.asked).hasSizeGreaterThan(5);
      assertThat(end.isHandedOver()).isTrue();
      assertThat(rig.running()).containsExactly(Side.TARGET);
      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.NEEDS_ATTENTION);
      assertThat(end.failure().message()).contains("403");
    }
  }

  @Test
  void aRefusedRemovalOfTheHalvesIsASuccessWithAWarning() {
    try (MigrationRig rig = copying()) {
      Refusing refusing = new Refusing("virtualmachineinstancemigrations", Verb.DELETE);
      rig.clusters.faults(Side.TARGET, refusing);
      rig.world.target().release(Switch.HOLD_RUNNING);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.SUCCEEDED);
      assertThat(refusing.asked).hasSizeGreaterThan(5);
      assertThat(end.warnings()).anyMatch(warning -> warning.contains("403"));
      assertThat(rig.running()).containsExactly(Side.TARGET);
      assertThat(rig.strategy(Side.SOURCE)).isEqualTo("Halted");
      assertThat(end.ledger()).anyMatch(Kind.MIGRATION::is);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TARGET_NOT_READY, PreparingTarget, Pod",
    "POD_PENDING, Scheduling, VirtualMachineInstanceMigration/finalizers"
  })
  void aRepairIsOnRecordBeforeItIsMade(Switch held, String phase, String repair) {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      rig.world.target().hold(held);
      rig.runUntil(phase, status -> rig.half(Side.SOURCE).equals(phase));
      List<String> unrecorded = new ArrayList<>();
      List<String> repairs = new ArrayList<>();
      FaultHook watching =
          new FaultHook() {
            @Override
            public Fault before(ApiRequest request) {
              boolean pod = request.verb() == Verb.DELETE && request.resource().equals("pods");
              boolean half =
                  request.verb() == Verb.PATCH
                      && request.resource().equals("virtualmachineinstancemigrations");
              if (pod || half) {
                String wanted = pod ? "Pod" : "VirtualMachineInstanceMigration/finalizers";
                repairs.add(wanted);
                if (rig.status().ledger().stream()
                    .noneMatch(
                        entry ->
                            entry.kind().equals(wanted) && entry.name().equals(request.name()))) {
                  unrecorded.add(request.toString());
                }
              }
              return Fault.NONE;
            }
          };
      rig.clusters.faults(Side.SOURCE, watching);
      rig.clusters.faults(Side.TARGET, watching);
      rig.cancel();

      VmStatus end = rig.run();

      RollBackTest.assertUndone(rig, end, VmState.CANCELLED, "Always");
      assertThat(unrecorded).isEmpty();
      assertThat(repairs).contains(repair);
    }
  }

  private static MigrationRig copying() {
    MigrationRig rig = new MigrationRig();
    rig.sample = MoveTest.full();
    rig.booted();
    rig.world.target().hold(Switch.HOLD_RUNNING);
    rig.runUntil("copying", status -> rig.half(Side.SOURCE).equals("Running"));
    return rig;
  }

  private static boolean waits(VmStatus status, String words) {
    return status.waiting() != null && status.waiting().reason().contains(words);
  }

  /** The failure names every object of the ledger, and the ledger is what is there. */
  private static void assertLeftIsNamed(MigrationRig rig, VmStatus end) {
    assertThat(end.ledger()).isNotEmpty();
    end.ledger()
        .forEach(
            entry -> {
              assertThat(end.failure().message()).contains(entry.toString());
              assertThat(rig.get(entry.side(), Kind.of(entry), entry.name())).isPresent();
            });
  }

  private static void assertUndoneAtLast(MigrationRig rig) {
    assertThat(rig.runner().retry(rig.plan, MigrationRig.VM)).isTrue();
    assertThat(rig.events).hasAtLeastOneElementOfType(MigrationEvent.Resumed.class);
    RollBackTest.assertUndone(rig, rig.run(), VmState.CANCELLED, "Always");
  }

  private static void finalizer(MigrationRig rig, Kind kind, String name, boolean set) {
    rig.get(Side.TARGET, kind, name)
        .ifPresent(
            object -> {
              List<String> all = new ArrayList<>(object.getMetadata().getFinalizers());
              if (set) {
                all.add("someone.example/keeps");
              } else {
                all.remove("someone.example/keeps");
              }
              object.getMetadata().setFinalizers(all);
              rig.clusters
                  .actorClient(Side.TARGET)
                  .genericKubernetesResources(kind.context())
                  .inNamespace(MigrationRig.NAMESPACE)
                  .resource(object)
                  .update();
            });
  }

  /** Refuses one kind of request until it is replaced. */
  private static final class Refusing implements FaultHook {
    private final String resource;
    private final Verb verb;
    private final List<ApiRequest> asked = new ArrayList<>();

    Refusing(String resource, Verb verb) {
      this.resource = resource;
      this.verb = verb;
    }

    @Override
    public Fault before(ApiRequest request) {
      if (request.resource().equals(resource) && request.verb() == verb) {
        asked.add(request);
        return Fault.answer(403);
      }
      return Fault.NONE;
    }
  }
}
