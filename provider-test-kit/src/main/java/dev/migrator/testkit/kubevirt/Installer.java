package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.NodeSpec;
import dev.migrator.testkit.kubevirt.world.StorageKind;
import java.util.List;
import java.util.Map;

/** Creates what a cluster with KubeVirt has before anybody uses it. */
final class Installer {
  private final Clusters clusters;
  private final Cast cast;

  Installer(Clusters clusters, Cast cast) {
    this.clusters = clusters;
    this.cast = cast;
  }

  void install() {
    for (Map.Entry<Side, Site> entry : cast.sites().entrySet()) {
      Site site = entry.getValue();
      if (cast.plays(Role.OPERATOR)) {
        namespace(site, site.kubevirtNamespace());
        kubevirt(site);
      }
      if (cast.plays(Role.SCHEDULER)) {
        site.world().nodes().forEach(node -> node(site, node));
      }
      if (cast.plays(Role.CDI)) {
        cdi(site);
        site.world().storage().values().forEach(kind -> storage(site, kind));
      }
    }
    if (cast.plays(Role.ADMISSION) && clusters instanceof EmbeddedClusters embedded) {
      new Webhooks(cast.sites()).register(embedded);
      new VmSubresources(cast.sites()).register(embedded);
    }
  }

  private static void namespace(Site site, String name) {
    site.store().createIfAbsent(Kind.NAMESPACE, Thing.create(Kind.NAMESPACE, null, name));
  }

  private static void kubevirt(Site site) {
    Thing kubevirt = Thing.create(Kind.KUBEVIRT, site.kubevirtNamespace(), "kubevirt");
    kubevirt
        .set(
            "spec.configuration",
            Json.object(
                "developerConfiguration",
                Json.object("featureGates", List.of("DecentralizedLiveMigration")),
                "vmRolloutStrategy",
                "LiveUpdate"))
        .set("spec.certificateRotateStrategy", Json.object())
        .set("spec.workloadUpdateStrategy", Json.object());
    site.store().createIfAbsent(Kind.KUBEVIRT, kubevirt);
  }

  /**
   * What CDI's operator leaves behind. Both kinds have no status subresource. Real virt-controller
   * starts no machine with a claim on a file system where there is a CDI without its config.
   */
  private static void cdi(Site site) {
    Thing cdi = Thing.create(Kind.CDI, null, "cdi");
    cdi.set("spec", Json.object())
        .set("status", Json.object("phase", "Deployed", "observedVersion", "v1.63.1"));
    site.store().createIfAbsent(Kind.CDI, cdi);
    Thing config = Thing.create(Kind.CDI_CONFIG, null, "config");
    config
        .set("spec", Json.object())
        .set("status", Json.object("filesystemOverhead", Json.object("global", "0.06")));
    site.store().createIfAbsent(Kind.CDI_CONFIG, config);
  }

  private static void node(Site site, NodeSpec spec) {
    Thing node = Thing.create(Kind.NODE, null, spec.name());
    spec.labels().forEach(node::label);
    if (!site.store().createIfAbsent(Kind.NODE, node)) {
      return;
    }
    Thing created = site.store().fetch(Kind.NODE, "", spec.name());
    if (created == null) {
      return;
    }
    Map<String, Object> capacity =
        Json.object(
            "cpu", "32",
            "memory", spec.memory(),
            "pods", "500",
            "devices.kubevirt.io/kvm", "1k");
    created
        .set("status.capacity", capacity)
        .set("status.allocatable", Thing.copyOf(capacity))
        .set(
            "status.conditions",
            List.of(
                Json.object(
                    "type", "Ready",
                    "status", "True",
                    "reason", "KubeletReady",
                    "lastHeartbeatTime", site.now(),
                    "lastTransitionTime", site.now())));
    site.store().replaceStatus(Kind.NODE, created);
  }

  private static void storage(Site site, StorageKind kind) {
    Thing storageClass = Thing.create(Kind.STORAGE_CLASS, null, kind.name());
    storageClass
        .set("provisioner", kind.populator() ? "simulated.csi.migrator.dev" : "migrator.dev/local")
        .set("volumeBindingMode", kind.firstConsumer() ? "WaitForFirstConsumer" : "Immediate")
        .set("reclaimPolicy", "Delete");
    if (kind.isDefault()) {
      storageClass.annotation("storageclass.kubernetes.io/is-default-class", "true");
    }
    site.store().createIfAbsent(Kind.STORAGE_CLASS, storageClass);
    Thing profile = Thing.create(Kind.STORAGE_PROFILE, null, kind.name());
    if (!site.store().createIfAbsent(Kind.STORAGE_PROFILE, profile.set("spec", Json.object()))) {
      return;
    }
    Thing created = site.store().fetch(Kind.STORAGE_PROFILE, "", kind.name());
    if (created != null) {
      created
          .set("status.storageClass", kind.name())
          .set(
              "status.claimPropertySets",
              List.of(
                  Json.object("accessModes", kind.accessModes(), "volumeMode", kind.volumeMode())));
      site.store().replaceStatus(Kind.STORAGE_PROFILE, created);
    }
  }
}
