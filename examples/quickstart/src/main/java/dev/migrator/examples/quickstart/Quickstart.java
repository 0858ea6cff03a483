package dev.migrator.examples.quickstart;

import static dev.migrator.model.MigrationType.LIVE;
import static dev.migrator.model.Side.SOURCE;
import static dev.migrator.model.Side.TARGET;

import dev.migrator.core.MigrationDriver;
import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Endpoint;
import dev.migrator.model.MigrationPlan;
import dev.migrator.testkit.kubevirt.EmbeddedClusters;
import dev.migrator.testkit.kubevirt.KubeVirtSimulator;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;

/** The README's program. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Moves a virtual machine between two embedded clusters and prints what happens.
   *
   * @param args none
   * @throws Exception when anything goes wrong
   */
  public static void main(String[] args) throws Exception {
    // README: begin
    try (var clusters = EmbeddedClusters.start(Clock.systemUTC());
        var kubevirt = KubeVirtSimulator.builder(clusters).build().install().start()) {
      SampleVm.of("demo", "web").dataVolume("root", "1Gi").boot(kubevirt);
      var from = Endpoint.of("kubevirt", "east");
      var to = Endpoint.of("kubevirt", "west");
      var plan = MigrationPlan.builder("move", from, to).type(LIVE).vm("demo", "web").build();
      var runner = MigrationRunner.builder().listener(System.out::println);
      runner.connection("east", KubernetesClient.class, clusters.client(SOURCE));
      runner.connection("west", KubernetesClient.class, clusters.client(TARGET));
      new MigrationDriver(runner.build()).run(plan);
      System.out.println("On the target: " + kubevirt.guest(TARGET, "demo", "web").phase());
    }
    // README: end
  }
}
