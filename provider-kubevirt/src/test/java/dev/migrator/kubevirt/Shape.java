package dev.migrator.kubevirt;

import dev.migrator.model.Hook;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.SampleVm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The machines of the matrices: each needs writes that the others do not. */
enum Shape {
  ONE_DISK {
    @Override
    SampleVm sample() {
      return vm().dataVolume("root", "1Gi").strategy("RerunOnFailure");
    }
  },
  FULL {
    @Override
    SampleVm sample() {
      return MoveTest.full().instancetype("small", "linux").strategy("RerunOnFailure");
    }

    @Override
    void prepare(MigrationRig rig) {
      rig.setting("instancetypes", "copy");
    }
  },
  BARE_PVC {
    @Override
    SampleVm sample() {
      return vm().disk("d0", "1Gi");
    }
  },
  HOOKS {
    @Override
    SampleVm sample() {
      return vm().dataVolume("root", "1Gi");
    }

    @Override
    void prepare(MigrationRig rig) {
      rig.replaceVm(PlannedVm.of(MigrationRig.VM).withHooks(hook("pre"), hook("post")));
    }
  },
  EXPORTS {
    @Override
    SampleVm sample() {
      return vm().disk("d0", "1Gi");
    }

    @Override
    void prepare(MigrationRig rig) {
      rig.setting("serviceExports", "mcs");
      // The simulated network has no such names, so the published address is told.
      rig.setting("connectUrl", address(rig));
    }
  };

  abstract SampleVm sample();

  /** What the plan says beyond the machine. */
  void prepare(MigrationRig rig) {}

  /** A rig on which the machine runs, with everybody there whom it needs. */
  final MigrationRig boot() {
    MigrationRig rig = new MigrationRig();
    rig.sample = sample();
    rig.booted();
    prepare(rig);
    rig.bystander = () -> bystand(rig, "");
    rig.settings =
        builder ->
            builder.hooks(
                new JobHookRunner(rig.clusters.client(Side.SOURCE), MigrationRig.NAMESPACE));
    return rig;
  }

  static Hook hook(String name) {
    return new Hook(
        name,
        "registry.example/hook:1",
        List.of(),
        null,
        null,
        Duration.ofMinutes(10),
        Hook.OnFailure.ABORT);
  }

  /** Runs Jobs, and carries exports out. */
  static void bystand(MigrationRig rig, String failing) {
    Cluster source = new Cluster(Side.SOURCE, rig.clusters.actorClient(Side.SOURCE));
    for (GenericKubernetesResource job : source.list(Kind.JOB, MigrationRig.NAMESPACE, Map.of())) {
      boolean suspended = Tree.isTrue(Tree.map(job.getAdditionalProperties(), "spec"), "suspend");
      if (!suspended && !Tree.has(job.getAdditionalProperties(), "status", "conditions")) {
        boolean fails = !failing.isEmpty() && job.getMetadata().getName().contains(failing);
        condition(rig, Side.SOURCE, Kind.JOB, job, fails ? "Failed" : "Complete");
      }
    }
    Cluster target = new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET));
    for (GenericKubernetesResource export : target.list(Kind.SERVICE_EXPORT, "", Map.of())) {
      if (!Tree.has(export.getAdditionalProperties(), "status", "conditions")) {
        condition(rig, Side.TARGET, Kind.SERVICE_EXPORT, export, "Valid", "Ready");
      }
    }
  }

  private static void condition(
      MigrationRig rig, Side side, Kind kind, GenericKubernetesResource object, String... types) {
    Tree.put(
        object.getAdditionalProperties(),
        List.of(types).stream()
            .map(type -> Map.of("type", type, "status", "True", "reason", type))
            .toList(),
        "status",
        "conditions");
    rig.clusters
        .actorClient(side)
        .genericKubernetesResources(kind.context())
        .inNamespace(object.getMetadata().getNamespace())
        .resource(object)
        .updateStatus();
  }

  private static String address(MigrationRig rig) {
    return new Cluster(Side.TARGET, rig.clusters.actorClient(Side.TARGET))
        .list(Kind.KUBEVIRT, "", Map.of()).stream()
            .map(KubeVirtView::new)
            .flatMap(found -> found.synchronizationAddresses().stream())
            .findFirst()
            .orElseThrow();
  }

  private static SampleVm vm() {
    return SampleVm.of(MigrationRig.NAMESPACE, MigrationRig.NAME);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
