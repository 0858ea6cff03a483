package dev.migrator.testkit.kubevirt.controller;

import dev.migrator.testkit.kubevirt.machine.Json;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.machine.Thing;
import org.jspecify.annotations.Nullable;

/** The cluster's KubeVirt object: its gate, its synchronization port. */
public final class KubeVirts {
  /** The feature gate of decentralized live migration. */
  public static final String GATE = "DecentralizedLiveMigration";

  private static final String DEVELOPER = "spec.configuration.developerConfiguration.";
  private static final String DEFAULT_PORT = "9185";
  private static final String SYNC_POD = ".14";

  private KubeVirts() {}

  /** The KubeVirt object, or null. */
  static @Nullable Thing of(Site site) {
    for (Thing kubevirt : site.store().all(Kind.KUBEVIRT)) {
      return kubevirt;
    }
    return null;
  }

  /** Whether decentralized live migration is enabled. */
  public static boolean gate(Site site) {
    Thing kubevirt = of(site);
    if (kubevirt == null) {
      return false;
    }
    if (Json.texts(kubevirt.at(DEVELOPER + "featureGates")).contains(GATE)) {
      return true;
    }
    return site.version().gateDefault()
        && !Json.texts(kubevirt.at(DEVELOPER + "disabledFeatureGates")).contains(GATE);
  }

  /** Whether a gate that is off by default is on. */
  static boolean gate(Site site, String name) {
    Thing kubevirt = of(site);
    return kubevirt != null && Json.texts(kubevirt.at(DEVELOPER + "featureGates")).contains(name);
  }

  /** Where the cluster's synchronization controller listens when it does. */
  public static String syncAddress(Site site) {
    Thing kubevirt = of(site);
    String port = kubevirt == null ? "" : kubevirt.text("spec.synchronizationPort");
    return site.world().network() + SYNC_POD + ":" + (port.isEmpty() ? DEFAULT_PORT : port);
  }
}
