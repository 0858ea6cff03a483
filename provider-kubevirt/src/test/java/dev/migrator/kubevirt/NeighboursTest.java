package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the machines of a plan take of one namespace adds up, each thing and each machine once. */
final class NeighboursTest {

  private static final PlannedVm WEB = PlannedVm.of(new VmRef("demo", "web"));
  private static final PlannedVm DB = PlannedVm.of(new VmRef("demo", "db"));
  private static final PlannedVm OUT =
      PlannedVm.of(new VmRef("demo", "out")).to(new VmRef("elsewhere", "out"));

  private final MigrationPlan plan = Machines.plain().plan().vm(DB).vm(OUT).build();
  private final Neighbours neighbours = new Neighbours();

  @Test
  void whatSeveralShareCountsOnceAndWhatGoesElsewhereNotAtAll() {
    assertThat(take(WEB, 1).machines()).isEmpty();
    assertThat(take(OUT, 2).machines()).isEmpty();
    Neighbours.Room beside = take(DB, 4);
    assertThat(beside.machines()).containsExactly(WEB.source());
    assertThat(beside.amounts()).isEqualTo(Map.of("pods", BigDecimal.valueOf(1)));
    assertThat(beside.text()).isEqualTo("demo/web");
    assertThat(take(WEB, 1).amounts()).isEqualTo(Map.of("pods", BigDecimal.valueOf(4)));
  }

  @Test
  void whoLeavesOrIsNoLongerInThePlanTakesNothing() {
    take(WEB, 1);
    neighbours.leave(WEB.source());
    assertThat(take(DB, 4)).isEqualTo(Neighbours.Room.NONE);
    MigrationPlan alone =
        MigrationPlan.builder(plan.id(), plan.source(), plan.target())
            .type(plan.type())
            .vm(WEB)
            .build();
    assertThat(neighbours.take(parts(WEB, 1), alone, WEB)).isEqualTo(Neighbours.Room.NONE);
  }

  @Test
  void aNewLookAtTheQuotasCountsWhatWasMadeMeanwhile() {
    take(WEB, 1);
    neighbours.forget();
    assertThat(take(DB, 4)).isEqualTo(Neighbours.Room.NONE);
  }

  private Neighbours.Room take(PlannedVm vm, int pods) {
    return neighbours.take(parts(vm, pods), plan, vm);
  }

  private static Map<TargetFacts.Place, Map<String, BigDecimal>> parts(PlannedVm vm, int pods) {
    Map<TargetFacts.Place, Map<String, BigDecimal>> parts = new LinkedHashMap<>();
    parts.put(
        TargetFacts.Place.of(Kind.VIRTUAL_MACHINE, vm.target().namespace(), vm.target().name()),
        Map.of("pods", BigDecimal.valueOf(pods)));
    parts.put(
        TargetFacts.Place.of(Kind.SECRET, vm.target().namespace(), "shared"),
        Map.of("secrets", BigDecimal.ONE));
    return parts;
  }
}
