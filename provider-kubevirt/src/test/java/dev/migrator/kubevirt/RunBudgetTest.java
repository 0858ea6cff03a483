package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.model.Side;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmState;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Verb;
import dev.migrator.testkit.kubevirt.SampleVm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a move costs (R19) after a quick validation: 2 DataVolumes, 1 Secret, 1 ConfigMap. What a
 * full one adds: {@link BudgetTest}.
 *
 * <p>What is counted: a <em>watch</em> is what an informer opens, one LIST and then one WATCH of
 * the same objects; a <em>read</em> is every other GET or LIST; a <em>write</em> is every other
 * request. {@link #costs} sees to it that no LIST hides behind a watch that it does not belong to.
 */
final class RunBudgetTest {

  private static final Map<String, String> QUICK = Map.of("preflight", "quick");

  private static final List<String> WATCHES =
      List.of(
          "SOURCE virtualmachineinstances ns",
          "SOURCE virtualmachineinstancemigrations ns",
          "TARGET virtualmachineinstances ns",
          "TARGET virtualmachineinstancemigrations ns",
          "TARGET datavolumes ns",
          // The certificates of both clusters are kept alive while halves have to meet (R17).
          "SOURCE configmaps kubevirt",
          "TARGET configmaps kubevirt");

  /** Once for each plan: where KubeVirt is, and the exchange of certificates. */
  private static final List<String> READS_OF_A_PLAN =
      List.of("SOURCE LIST kubevirts", "TARGET LIST kubevirts");

  private static final List<String> WRITES_OF_A_PLAN =
      List.of("SOURCE PATCH configmaps", "TARGET PATCH configmaps");

  /** One for each object, and a look at a machine before or after something that depends on it. */
  private static final List<String> READS_OF_A_MACHINE =
      List.of(
          "SOURCE GET virtualmachines",
          "SOURCE GET virtualmachineinstances",
          "SOURCE GET datavolumes",
          "SOURCE GET datavolumes",
          "SOURCE GET persistentvolumeclaims",
          "SOURCE GET persistentvolumeclaims",
          "SOURCE GET secrets",
          "SOURCE GET configmaps",
          // Is the source still what it was, before the halves are made (R4)?
          "SOURCE GET virtualmachines",
          // KubeVirt was first to halt it, so our patch did not apply (R16).
          "SOURCE GET virtualmachines",
          // Has KubeVirt restored the run strategy (R16)?
          "TARGET GET virtualmachines");

  /** One for each object that is made or removed, and the halting of the source (R16). */
  private static final List<String> WRITES_OF_A_MACHINE =
      List.of(
          "TARGET CREATE secrets",
          "TARGET CREATE configmaps",
          "TARGET CREATE datavolumes",
          "TARGET CREATE datavolumes",
          "TARGET CREATE virtualmachines",
          "TARGET CREATE virtualmachineinstancemigrations",
          "SOURCE CREATE virtualmachineinstancemigrations",
          "SOURCE PATCH virtualmachines",
          // KubeVirt removes the send half by itself.
          "TARGET DELETE virtualmachineinstancemigrations");

  @Test
  void aMoveOfTwoDisksASecretAndAConfigMapIsCheap() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.plan = rig.plan.toBuilder().settings(QUICK).build();
      rig.sample = MoveTest.full();
      rig.booted();

      MoveTest.assertMoved(rig, rig.run(), "Always");

      assertThat(READS_OF_A_PLAN.size() + READS_OF_A_MACHINE.size()).isLessThanOrEqualTo(14);
      costs(rig, 1);
    }
  }

  @Test
  void moreMachinesCostNoMoreForThePlanAndNoFurtherWatch() {
    int machines = 4;
    try (MigrationRig rig = new MigrationRig()) {
      MigrationPlan.Builder plan =
          MigrationPlan.builder("plan", Endpoint.of("kubevirt", "a"), Endpoint.of("kubevirt", "b"))
              .type(MigrationType.LIVE)
              .storage(StorageMapping.of("*", "local"))
              .settings(QUICK);
      for (int i = 0; i < machines; i++) {
        String name = "web" + i;
        rig.sample =
            SampleVm.of(MigrationRig.NAMESPACE, name)
                .dataVolume("root", "1Gi")
                .dataVolume("data", "2Gi")
                .cloudInit("user-data-" + i, "#cloud-config")
                .configMap("settings-" + i, "text");
        rig.booted();
        plan.vm(MigrationRig.NAMESPACE, name);
      }
      rig.plan = plan.build();

      rig.runUntil(
          "all have moved",
          unused ->
              rig.store.load("plan").stream()
                      .filter(status -> status.state() == VmState.SUCCEEDED)
                      .count()
                  == machines);

      costs(rig, machines);
    }
  }

  private static void costs(MigrationRig rig, int machines) {
    List<ApiRequest> all = new ArrayList<>();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      all.addAll(rig.clusters.requests(side).all());
      all.removeAll(rig.clusters.requests(side).accessReviews());
    }
    List<String> watches = of(all, Verb.WATCH);
    List<String> lists = of(all, Verb.LIST);
    assertThat(watches)
        .as("one for each kind, cluster and namespace")
        .containsExactlyInAnyOrderElementsOf(WATCHES);
    assertThat(lists.stream().filter(list -> !list.contains("kubevirts")))
        .as("a list for each watch, and no other")
        .containsExactlyInAnyOrderElementsOf(watches);
    assertThat(
            all.stream()
                .filter(request -> request.verb() != Verb.WATCH)
                .filter(request -> !opensAWatch(request))
                .map(RunBudgetTest::line))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    READS_OF_A_PLAN.stream(),
                    WRITES_OF_A_PLAN.stream(),
                    times(machines, READS_OF_A_MACHINE),
                    times(machines, WRITES_OF_A_MACHINE))
                .flatMap(lines -> lines)
                .toList());
  }

  private static Stream<String> times(int machines, List<String> lines) {
    return IntStream.range(0, machines).boxed().flatMap(unused -> lines.stream());
  }

  private static List<String> of(List<ApiRequest> all, Verb verb) {
    return all.stream()
        .filter(request -> request.verb() == verb)
        .map(it -> (it.side() + " " + it.resource() + " " + it.namespace()).strip())
        .toList();
  }

  private static boolean opensAWatch(ApiRequest request) {
    return request.verb() == Verb.LIST && !request.resource().equals("kubevirts");
  }

  private static String line(ApiRequest request) {
    return request.side() + " " + request.verb() + " " + request.resource();
  }
}
