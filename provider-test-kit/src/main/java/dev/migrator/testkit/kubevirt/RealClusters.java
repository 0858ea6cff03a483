package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * Two real etcd + kube-apiserver pairs on loopback, with RBAC in force and the real definitions of
 * KubeVirt, CDI, multi-cluster services and Multus, and with nobody who acts on them.
 *
 * <p>Programs come from {@code KUBEBUILDER_ASSETS} or {@code KUBE_API_TEST_DIR}, definitions from
 * {@code -Dmigrator.crds} or {@code MIGRATOR_CRDS}. {@code -Dmigrator.kubevirt.source=1.8} and
 * {@code -Dmigrator.kubevirt.target=1.9} choose the KubeVirt versions; the newest otherwise. Owner
 * references are collected and namespaces end only where {@code kube-controller-manager} is among
 * the programs.
 *
 * <p>Each takes 0.7 GB of memory, so there is one pair for each JVM, shared by all tests, which
 * keep to namespaces of their own; it ends with the JVM. Requests cannot be intercepted: there is
 * no admission hook, no fault and no access rule here; rights are RBAC objects.
 */
public final class RealClusters extends RemoteClusters {

  private final boolean collectsGarbage;

  private RealClusters(Map<Side, String> kubeconfigs, boolean collectsGarbage) {
    super(kubeconfigs);
    this.collectsGarbage = collectsGarbage;
  }

  /** Returns why there are none here, in one line; empty where there are some. */
  public static String whyNot() {
    if (Binaries.find().isEmpty()) {
      return "No real API servers: set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver";
    }
    if (Definitions.find().isEmpty()) {
      return "No real API servers: KubeVirt's definitions are in none of " + Definitions.places();
    }
    return "";
  }

  /**
   * Returns the clusters of this JVM, or nothing where their programs or definitions are missing.
   * The first call starts them and takes some seconds.
   *
   * @throws IllegalStateException when they do not start
   */
  public static Optional<RealClusters> find() {
    if (!whyNot().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Shared.CLUSTERS.join());
    } catch (CompletionException failure) {
      throw new IllegalStateException("The real API servers did not start", failure.getCause());
    }
  }

  @Override
  public String level() {
    return "real API";
  }

  @Override
  public boolean collectsGarbage() {
    return collectsGarbage;
  }

  /**
   * Returns the definition of a kind as a version of KubeVirt installs it.
   *
   * @param version such as {@code 1.6}
   * @param name such as {@code virtualmachines.kubevirt.io}
   * @return empty where the definitions of that version are not at hand
   */
  public Optional<GenericKubernetesResource> definition(String version, String name) {
    return Definitions.find()
        .flatMap(definitions -> definitions.of(actorClient(Side.SOURCE), version, name));
  }

  /**
   * Replaces an installed definition, as an update of KubeVirt does. The test puts the old one back
   * before it ends: the clusters belong to the whole JVM.
   *
   * @param side the cluster
   * @param definition the new definition, under the same name
   * @param isInForce whether writes follow it, which only a write can show; asked again and again
   * @throws IllegalStateException when they do not after a minute and a half
   */
  public void define(Side side, GenericKubernetesResource definition, BooleanSupplier isInForce) {
    Definitions.replace(actorClient(side), definition);
    Poll.until("the new " + definition.getMetadata().getName() + " is in force", isInForce);
  }

  /** Does nothing: others in this JVM may still use them. */
  @Override
  public void close() {}

  private static RealClusters start() {
    Binaries binaries = Binaries.find().orElseThrow();
    Definitions definitions = Definitions.find().orElseThrow();
    Map<Side, ControlPlane> planes = new EnumMap<>(Side.class);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> planes.values().forEach(ControlPlane::stop)));
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      planes.put(side, newPlane(side, binaries));
    }
    Map<Side, String> kubeconfigs = new EnumMap<>(Side.class);
    planes.forEach(
        (side, plane) -> {
          plane.awaitReady();
          kubeconfigs.put(side, plane.kubeconfig());
        });
    RealClusters clusters = new RealClusters(kubeconfigs, binaries.controllerManager().isPresent());
    planes
        .keySet()
        .forEach(
            side ->
                definitions.install(
                    clusters.actorClient(side),
                    System.getProperty(
                        "migrator.kubevirt." + (side == Side.SOURCE ? "source" : "target"), "")));
    return clusters;
  }

  private static ControlPlane newPlane(Side side, Binaries binaries) {
    try {
      return new ControlPlane(Files.createTempDirectory("migrator-" + side + "-"), binaries);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts the pair when it is first asked for. */
  private static final class Shared {
    static final CompletableFuture<RealClusters> CLUSTERS = attempt();

    /** Every caller learns why it failed, not only the first. */
    private static CompletableFuture<RealClusters> attempt() {
      try {
        return CompletableFuture.completedFuture(start());
      } catch (RuntimeException failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }
  }
}
