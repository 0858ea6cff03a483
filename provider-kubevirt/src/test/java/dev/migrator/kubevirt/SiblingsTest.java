package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.VmRef;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The second machine of a plan that wants what the first one wants is told, and nobody else. */
final class SiblingsTest {

  private static final PlannedVm FIRST = PlannedVm.of(new VmRef("demo", "web"));
  private static final PlannedVm SECOND =
      PlannedVm.of(new VmRef("other", "web")).to(new VmRef("demo", "twin"));

  private final Siblings siblings = new Siblings();
  private final MigrationPlan both = Machines.plain().plan().vm(SECOND).build();

  @Test
  void whoComesSecondIsToldAndWhoAsksAgainIsNot() {
    assertThat(claim(both, FIRST)).isEmpty();
    assertThat(claim(both, SECOND))
        .containsExactly(
            "DuplicateObject DataVolume demo/web-root",
            "DuplicateObject PersistentVolumeClaim demo/web-root",
            "MacAddressTaken VM demo/web of this plan");
    assertThat(claim(both, FIRST)).isEmpty();
    assertThat(claim(both, SECOND)).hasSize(3);
  }

  @Test
  void whoIsNoLongerInThePlanIsInNobodysWay() {
    claim(both, FIRST);
    MigrationPlan without =
        MigrationPlan.builder(both.id(), both.source(), both.target())
            .type(both.type())
            .vm(SECOND)
            .build();
    assertThat(claim(without, SECOND)).isEmpty();
    assertThat(claim(both, FIRST)).as("now it comes second").hasSize(3);
  }

  private List<String> claim(MigrationPlan plan, PlannedVm vm) {
    Findings findings = Findings.about(vm.source());
    Blueprint blueprint =
        Blueprints.build(
            Machines.plain().build(), plan, vm, KubeVirtOptions.of(plan), TargetFacts.unknown());
    siblings.claim(blueprint, plan, vm, findings);
    return findings.all().stream().map(SiblingsTest::text).toList();
  }

  private static String text(Concern concern) {
    return concern.code() + " " + concern.subject();
  }
}
