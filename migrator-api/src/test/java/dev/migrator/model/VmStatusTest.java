package dev.migrator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class VmStatusTest {

  private static final Instant NOON = Instant.parse("2031-05-04T12:00:00Z");
  private static final ObjectRef DISK = disk("disk-0", "uid-1");

  private static ObjectRef disk(String name, String uid) {
    return new ObjectRef(Side.TARGET, "cdi.kubevirt.io/v1beta1", "DataVolume", "demo", name, uid);
  }

  private static VmStatus.Builder status() {
    return VmStatus.builder("p", "1", new VmRef("demo", "web"));
  }

  @Test
  void aBuilderOfAStatusHoldsEverythingOfIt() {
    VmStatus status =
        status()
            .version(3)
            .state(VmState.RUNNING)
            .phases(List.of("A", "B"))
            .phase("B")
            .entered(NOON)
            .attempts(2)
            .due(NOON)
            .waiting(new Waiting("w", "r", NOON, null, NOON))
            .steps(List.of(StepStatus.pending("S")))
            .facts(Map.of("k", "v"))
            .ledger(List.of(DISK))
            .handedOver(NOON)
            .completion(Completion.SUCCEEDED)
            .failure(Failure.once("B", "Code", "message", NOON))
            .warnings(List.of("careful"))
            .build();

    assertThat(status.toBuilder().build()).isEqualTo(status);
  }

  @Test
  void theHandOverIsNeverTakenBackNorMoved() {
    VmStatus moved = status().handedOver(NOON).build();

    assertThat(moved.toBuilder().handedOver(null).build().handedOver()).isEqualTo(NOON);
    assertThat(moved.toBuilder().handedOver(NOON.plusSeconds(9)).build().handedOver())
        .isEqualTo(NOON);
  }

  @Test
  void anObjectMadeAnewReplacesItsEntry() {
    VmStatus status =
        status()
            .enter(List.of(DISK), List.of())
            .enter(List.of(disk("disk-0", "uid-2")), List.of())
            .build();

    assertThat(status.ledger()).containsExactly(disk("disk-0", "uid-2"));
  }

  @Test
  void anObjectThatIsGoneIsStruckWhateverItsUid() {
    VmStatus status =
        status()
            .enter(List.of(DISK, disk("disk-1", "x")), List.of())
            .enter(List.of(), List.of(disk("disk-0", "another")))
            .build();

    assertThat(status.ledger()).containsExactly(disk("disk-1", "x"));
  }

  @Property
  void theLedgerHoldsAPlaceAtMostOnce(@ForAll @Size(max = 30) List<@IntRange(max = 5) Integer> n) {
    VmStatus.Builder builder = status();
    for (int i = 0; i < n.size(); i++) {
      builder.enter(List.of(disk("disk-" + n.get(i), "uid-" + i)), List.of());
    }

    assertThat(builder.build().ledger())
        .extracting(ObjectRef::name)
        .doesNotHaveDuplicates()
        .hasSize((int) n.stream().distinct().count());
  }

  @Test
  void aWarningIsKeptOnce() {
    VmStatus status = status().warn(List.of("a", "b")).warn(List.of("b", "c", "c")).build();

    assertThat(status.warnings()).containsExactly("a", "b", "c");
  }

  @Test
  void factsAreAddedAndReplaced() {
    VmStatus status =
        status().remember(Map.of("a", "1", "b", "1")).remember(Map.of("b", "2")).build();

    assertThat(status.facts()).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(status.fact("b")).contains("2");
    assertThat(status.fact("c")).isEmpty();
  }

  @Test
  void onlyRunningAndEndingAreInFlightAndPendingIsNeither() {
    assertThat(VmState.values())
        .filteredOn(VmState::isInFlight)
        .containsExactly(VmState.RUNNING, VmState.ENDING);
    assertThat(VmState.values())
        .filteredOn(VmState::isFinal)
        .containsExactly(
            VmState.SUCCEEDED, VmState.FAILED, VmState.CANCELLED, VmState.NEEDS_ATTENTION);
  }

  @Test
  void aFailureHappenedAtLeastOnce() {
    assertThatThrownBy(() -> new Failure(null, "C", "m", 0, NOON, NOON, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Failure.once(null, "C", "m", NOON).count()).isEqualTo(1);
  }

  @Test
  void impossibleProgressIsAnError() {
    assertThatThrownBy(() -> new Progress(3, 2, "bytes")).hasMessageContaining("impossible");
    assertThatThrownBy(() -> new Progress(-1, 2, "bytes")).hasMessageContaining("impossible");
  }

  @Test
  void anObjectIsNamedForPeople() {
    assertThat(DISK).hasToString("target DataVolume demo/disk-0");
  }

  @Test
  void aConcernIsOneLine() {
    Concern concern =
        new Concern(
            "SharedDisk",
            Severity.CRITICAL,
            new VmRef("demo", "web"),
            "disk",
            "Shared.",
            "Unshare.");

    assertThat(concern.describe())
        .isEqualTo("CRITICAL SharedDisk (demo/web: disk): Shared. Unshare.");
    assertThat(concern.isCritical()).isTrue();
  }
}
