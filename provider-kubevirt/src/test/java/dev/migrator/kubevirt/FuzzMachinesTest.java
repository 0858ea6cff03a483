package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever stands in a machine and in what it refers to: success or a concern. */
class FuzzMachinesTest {

  private static final List<Manifests.Case> SHAPES = shapes();

  @Property(tries = Fuzz.TRIES)
  void aMutatedMachineIsJudgedAndDrawnOrRefused(@ForAll long seed) {
    for (int round = 0; round < Fuzz.MACHINES.rounds(); round++) {
      Random random = new Random(seed + round);
      Machines machine = Machines.running(SHAPES.get(random.nextInt(SHAPES.size())));
      int places = 1 + random.nextInt(5);
      long same = random.nextLong();
      machine.both(spec -> Fuzz.mutate(spec, new Random(same), places));
      judge(machine.build(), machine);
    }
  }

  @Property(tries = Fuzz.TRIES)
  void aMachineWhoseObjectsDoNotFitTogetherIsJudged(@ForAll long seed) {
    for (int round = 0; round < Fuzz.SECOND_HAND.rounds(); round++) {
      Random random = new Random(seed + round);
      Machines machine = Machines.running(SHAPES.get(random.nextInt(SHAPES.size())));
      SourceMachine source = machine.build();
      List<GenericKubernetesResource> all = new ArrayList<>();
      all.add(source.vm().raw());
      source.instance().map(VmiView::raw).ifPresent(all::add);
      all.addAll(source.claims().values());
      all.addAll(source.dataVolumes().values());
      all.addAll(source.secrets().values());
      all.addAll(source.configMaps().values());
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        GenericKubernetesResource one = all.get(random.nextInt(all.size()));
        Fuzz.mutate(one.getAdditionalProperties(), random, 1 + random.nextInt(3));
      }
      judge(source, machine);
    }
  }

  /** All that is done with a machine before anything is written. */
  private static void judge(SourceMachine source, Machines machine) {
    MigrationPlan plan = machine.plan().build();
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    KubeVirtView kubeVirt = KubeVirts.of("v1.9.0");
    Fuzz.survive(() -> Fingerprint.of(source).text());
    List<Concern> concerns =
        Fuzz.survive(
            () ->
                Migratability.ofMachine(
                    source,
                    plan,
                    machine.planned(),
                    options,
                    kubeVirt,
                    kubeVirt,
                    TargetFacts.unknown()));
    boolean refused = concerns == null || concerns.stream().anyMatch(Concern::isCritical);
    if (concerns != null) {
      assertThat(concerns).allSatisfy(it -> assertThat(it.describe()).hasSizeLessThan(20_000));
    }
    if (!refused) {
      Blueprint blueprint =
          Fuzz.survive(
              () ->
                  Blueprints.build(
                      source, plan, machine.planned(), options, TargetFacts.unknown()));
      assertThat(blueprint).as("what is not refused can be drawn").isNotNull();
      Findings findings = Findings.about(machine.planned().source());
      Fuzz.survive(
          () -> {
            Migratability.ofBlueprint(
                blueprint,
                plan,
                machine.planned(),
                kubeVirt,
                TargetFacts.unknown(),
                Neighbours.Room.NONE,
                findings);
            return findings.all();
          });
    }
  }

  private static List<Manifests.Case> shapes() {
    List<Manifests.Case> shapes = new ArrayList<>(Manifests.own());
    if (Manifests.folder().isPresent()) {
      shapes.addAll(Manifests.published());
    }
    return shapes;
  }
}
